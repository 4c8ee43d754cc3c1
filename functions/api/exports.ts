import { askForExport, getExport, linkToFile, listExports } from '../../lib/exports/commands.ts'
import { contract } from '../../lib/exports/contract.ts'
import { exportStore } from '../../lib/exports/store.ts'
import { openBlobs } from '../../lib/runtime/blobs.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'

const table = openTable(env('RECORDS_TABLE'))
const { link } = openBlobs(env('EXPORTS_BUCKET'))
const dependencies = { store: exportStore(table), link }

export const handler = api(
  contract,
  {
    requestExport: ({ actor, body, context }) => askForExport(dependencies)(actor, body, context),
    getExport: ({ actor, path }) => getExport(dependencies)(actor, path.exportId),
    getFile: ({ actor, path, context }) => linkToFile(dependencies)(actor, path.exportId, path.fileName, context),
    listExports: ({ actor, query }) => listExports(dependencies)(actor, query),
  },
  table,
)
