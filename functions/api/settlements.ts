import { openBlobs } from '../../lib/runtime/blobs.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { askForSettlement, getSettlement, linkToFile, listSettlements, repeatSettlement } from '../../lib/settlements/commands.ts'
import { contract } from '../../lib/settlements/contract.ts'
import { openSettlements } from '../bind/settlements.ts'

const table = openTable(env('RECORDS_TABLE'))
const { link, uploadLink } = openBlobs(env('SETTLEMENTS_BUCKET'))
const dependencies = { store: openSettlements(table).store, link, uploadLink }

export const handler = api(
  contract,
  {
    requestSettlement: ({ actor, body, context }) => askForSettlement(dependencies)(actor, body, context),
    getSettlement: ({ actor, path }) => getSettlement(dependencies)(actor, path.settlementId),
    repeatSettlement: ({ actor, path, context }) => repeatSettlement(dependencies)(actor, path.settlementId, context),
    getSettlementFile: ({ actor, path, context }) => linkToFile(dependencies)(actor, path.settlementId, path.fileName, context),
    listSettlements: ({ actor, query }) => listSettlements(dependencies)(actor, query),
  },
  table,
)
