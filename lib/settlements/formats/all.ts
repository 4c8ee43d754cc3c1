import type { Format } from '../entry.ts'
import { awsAccounts } from './aws-accounts.ts'
import { awsAgreements } from './aws-agreements.ts'
import { awsBillingEvents } from './aws-billing-events.ts'
import { awsNoted } from './aws-noted.ts'
import { awsTaxItems } from './aws-tax-items.ts'
import { azureEarnings } from './azure-earnings.ts'
import { azureOrders } from './azure-orders.ts'
import { azurePayments } from './azure-payments.ts'
import { azureRevenue } from './azure-revenue.ts'

/** Every kind of file that is understood. */
export const FORMATS: readonly Format[] = [
  ...[awsBillingEvents, awsAccounts, awsAgreements, awsTaxItems, ...awsNoted],
  ...[azureOrders, azureRevenue, azureEarnings, azurePayments],
]
