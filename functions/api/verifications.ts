import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { askForRepair, askForVerification, getVerification, listVerifications } from '../../lib/verification/commands.ts'
import { contract } from '../../lib/verification/contract.ts'
import { verificationStore } from '../../lib/verification/store.ts'

const table = openTable(env('RECORDS_TABLE'))
const dependencies = { store: verificationStore(table) }

export const handler = api(
  contract,
  {
    requestVerification: ({ actor, body, context }) => askForVerification(dependencies)(actor, body, context),
    getVerification: ({ actor, path }) => getVerification(dependencies)(actor, path.verificationId),
    listVerifications: ({ actor, query }) => listVerifications(dependencies)(actor, query),
    repairVerification: ({ actor, path, body, context }) => askForRepair(dependencies)(actor, path.verificationId, body, context),
  },
  table,
)
