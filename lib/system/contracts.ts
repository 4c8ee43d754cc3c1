import { contract as accounts } from '../accounts/contract.ts'
import { contract as azureLanding, webhookContract as azureWebhook } from '../agreements/contract.ts'
import { contract as approvals } from '../approvals/contract.ts'
import { contract as commitments } from '../commitments/contract.ts'
import { contract as costs } from '../costs/contract.ts'
import { contract as exports } from '../exports/contract.ts'
import { contract as events } from '../feed/contract.ts'
import { cutContract as metricCuts, contract as metrics } from '../metrics/contract.ts'
import { contract as offerSets } from '../offer-sets/contract.ts'
import { contract as offers } from '../offers/contract.ts'
import { contract as messages } from '../outbox/contract.ts'
import { contract as partners } from '../partners/contract.ts'
import { contract as periods } from '../periods/contract.ts'
import { contract as pipeline } from '../pipeline/contract.ts'
import { contract as findings } from '../quality/contract.ts'
import { contract as rates } from '../rates/contract.ts'
import { contract as reconciliation } from '../reconciliation/contract.ts'
import { contract as report } from '../report/contract.ts'
import { contract as scorecards } from '../scorecards/contract.ts'
import { contract as settlements } from '../settlements/contract.ts'
import { contract as surveys } from '../surveys/contract.ts'
import { contract as terms } from '../terms/contract.ts'
import { contract as transactions } from '../transactions/contract.ts'
import { contract as verifications } from '../verification/contract.ts'
import { contract as webhooks } from '../webhooks/contract.ts'
import { contract as system } from './contract.ts'

/** All that the API has, by the functions that serve it, in the order in which its description tells them. */
export const contracts = {
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
  report,
  periods,
  metricCuts,
  surveys,
  scorecards,
  pipeline,
  findings,
  verifications,
  exports,
  settlements,
  reconciliation,
  events,
  webhooks,
  terms,
  messages,
  azureWebhook,
  azureLanding,
  system,
}
