import { contract as accounts } from '../../lib/accounts/contract.ts'
import { contract as landing, webhookContract as webhook } from '../../lib/agreements/contract.ts'
import { contract as approvals } from '../../lib/approvals/contract.ts'
import { contract as commitments } from '../../lib/commitments/contract.ts'
import { openApi } from '../../lib/core/openapi.ts'
import { contract as costs } from '../../lib/costs/contract.ts'
import { contract as exports } from '../../lib/exports/contract.ts'
import { contract as feed } from '../../lib/feed/contract.ts'
import { contract as metrics } from '../../lib/metrics/contract.ts'
import { contract as offerSets } from '../../lib/offer-sets/contract.ts'
import { contract as offers } from '../../lib/offers/contract.ts'
import { contract as messages } from '../../lib/outbox/contract.ts'
import { contract as partners } from '../../lib/partners/contract.ts'
import { contract as rates } from '../../lib/rates/contract.ts'
import { contract as reconciliation } from '../../lib/reconciliation/contract.ts'
import { env } from '../../lib/runtime/env.ts'
import { api } from '../../lib/runtime/http.ts'
import { contract as settlements } from '../../lib/settlements/contract.ts'
import { contract } from '../../lib/system/contract.ts'
import { contract as terms } from '../../lib/terms/contract.ts'
import { contract as transactions } from '../../lib/transactions/contract.ts'

const contracts = [
  partners,
  accounts,
  offers,
  offerSets,
  approvals,
  transactions,
  commitments,
  costs,
  rates,
  metrics,
  exports,
  settlements,
  reconciliation,
  feed,
  terms,
  messages,
  webhook,
  landing,
  contract,
]

export const handler = api(contract, {
  getHealth: async () => ({ status: 'ok' as const, region: env('AWS_REGION') }),
  getOpenApi: async () => openApi(contracts, '0.1.0'),
})
