import type { Context } from '../core/context.ts'
import { conflict } from '../core/errors.ts'
import type { AgreementSnapshot } from './agreement.ts'

export type Desk = {
  fulfilment: {
    resolve: (token: string) => Promise<{ subscriptionId: string; planId: string }>
    read: (subscriptionId: string) => Promise<AgreementSnapshot>
    activate: (subscriptionId: string, planId: string) => Promise<void>
  }
  sync: (subscriptionId: string, context: Context) => Promise<AgreementSnapshot>
  onError: (error: unknown, subscriptionId: string) => void
}

/**
 * A buyer comes from the marketplace: resolves the purchase, activates it (from then on it is billed) and takes it into the books.
 * That the books cannot follow at once is not the buyer's trouble: the agreement is tried again by itself.
 */
export const landPurchase =
  ({ fulfilment, sync, onError }: Desk) =>
  async (token: string, context: Context) => {
    const { subscriptionId, planId } = await fulfilment.resolve(token)
    const { status } = await fulfilment.read(subscriptionId)
    if (status === 'ended') throw conflict('this subscription has ended: buy it again on the marketplace')
    if (status === 'pending') await fulfilment.activate(subscriptionId, planId)
    await sync(subscriptionId, context).catch((error: unknown) => onError(error, subscriptionId))
    return { subscriptionId, status: 'active' }
  }
