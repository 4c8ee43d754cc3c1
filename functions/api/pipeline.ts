import { offerStore } from '../../lib/offers/store.ts'
import { partnerStore } from '../../lib/partners/store.ts'
import { contract } from '../../lib/pipeline/contract.ts'
import { readPipeline } from '../../lib/pipeline/read.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openRows } from '../bind/metrics.ts'

const table = openTable(env('RECORDS_TABLE'))
const read = readPipeline({ offers: offerStore(table), partners: partnerStore(table), metrics: openRows() })

export const handler = api(contract, {
  getPipeline: ({ actor, query, context }) => read(actor, query, context),
})
