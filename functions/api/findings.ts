import { rateTables } from '../../lib/metrics/rates.ts'
import { contract } from '../../lib/quality/contract.ts'
import { listFindings } from '../../lib/quality/read.ts'
import { api } from '../../lib/runtime/http.ts'
import { openRows } from '../bind/metrics.ts'

const { store, currency } = openRows()
const dependencies = { ...store, ratesAt: rateTables(store.ratesAt, currency) }

export const handler = api(contract, {
  listFindings: ({ actor, query, context }) => listFindings(dependencies)(actor, query, context),
})
