import type { Format } from '../entry.ts'
import { awsBillingEvents } from './aws-billing-events.ts'
import { azureEarnings } from './azure-earnings.ts'
import { azureOrders } from './azure-orders.ts'
import { azurePayments } from './azure-payments.ts'
import { azureRevenue } from './azure-revenue.ts'

/** Every kind of file that is understood. */
export const FORMATS: readonly Format[] = [awsBillingEvents, azureOrders, azureRevenue, azureEarnings, azurePayments]
