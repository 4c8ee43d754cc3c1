import type { Answer } from '../stand-in.ts'
import { type Call, ok } from './api.ts'
import { API_VERSION, bad, missing, withPurchase } from './fulfilment-call.ts'
import { readToken } from './marketplace-token.ts'
import { plansFor } from './offered-plans.ts'
import { purchaseOf } from './operation.ts'
import { pageAfter } from './page.ts'
import { activated, type Purchase } from './subscription.ts'

const PER_PAGE = 100

export const resolve = async ({ world, headers }: Call): Promise<Answer> => {
  const id = await readToken(world, headers['x-ms-marketplace-token'] ?? '')
  if (!id) return bad('The marketplace token is missing, unknown, still URL-encoded or expired.')
  const purchase = await purchaseOf(world, id)
  if (!purchase) return missing
  const { subscription } = purchase
  const { name: subscriptionName, offerId, planId, quantity } = subscription
  return ok({ id, subscriptionName, offerId, planId, quantity, subscription })
}

/** Like the real one it does not compare the plan with the purchased one. */
export const activate = withPurchase(async ({ world, body }, purchase) => {
  const { id, saasSubscriptionStatus: status } = purchase.subscription
  if (status === 'Unsubscribed') return missing
  if (status === 'Suspended') return bad('The subscription is suspended.')
  if (typeof body !== 'object' || body === null || !('planId' in body)) return bad('The body needs planId.')
  if (status === 'PendingFulfillmentStart')
    await world.shelf.put('azure.subscriptions', id, activated(purchase, world.now().toISOString()))
  return ok()
})

const positionOf = ({ subscription }: Purchase) => `${subscription.created} ${subscription.id}`

export const subscriptions = async ({ world, query, base }: Call): Promise<Answer> => {
  const all = await world.shelf.list<Purchase>('azure.subscriptions')
  const { rows, continuationToken } = pageAfter(all, positionOf, query.get('continuationToken'), PER_PAGE)
  if (rows.length === 0) return ok()
  const body = { subscriptions: rows.map(({ subscription }) => subscription) }
  if (!continuationToken) return ok(body)
  const next = new URLSearchParams({ continuationToken, 'api-version': API_VERSION })
  return ok({ ...body, '@nextLink': `${base}/saas/subscriptions/?${next}` })
}

export const subscription = withPurchase(async (_, purchase) => ok(purchase.subscription))

/** The private offer shows only when the caller names the plan that it sells. */
export const listAvailablePlans = withPurchase(async ({ world, query }, purchase) => {
  const plans = await plansFor(world, purchase)
  const wanted = query.get('planId')
  if (wanted === null) return ok({ plans: plans.map(({ plan }) => plan) })
  const views = plans.filter(({ plan }) => plan.planId === wanted)
  return ok({
    plans: views.map(({ plan, privateOffer: externalId }) => ({
      ...plan,
      ...(externalId && { sourceOffers: [{ externalId }] }),
    })),
  })
})
