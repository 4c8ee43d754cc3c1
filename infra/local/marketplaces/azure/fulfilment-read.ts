import type { Answer } from '../stand-in.ts'
import { type Call, ok } from './api.ts'
import { type PlanView, publicPlanView } from './available-plan.ts'
import { catalogueOf } from './catalogue.ts'
import { API_VERSION, bad, missing, withPurchase } from './fulfilment-call.ts'
import { readToken } from './marketplace-token.ts'
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

/** The plans that a subscription may have: its own first, then the public ones. */
export const plansFor = async ({ world }: Call, { subscription, plan }: Purchase): Promise<PlanView[]> => {
  const { plans, products } = await catalogueOf(world)
  const product = products.find(({ externalId }) => externalId === subscription.offerId)
  const others = plans.filter((each) => each.product === product?.id).flatMap(publicPlanView)
  return [plan, ...others.filter(({ planId }) => planId !== plan.planId)]
}

/** The private offer shows only when the caller names the purchased plan. */
export const listAvailablePlans = withPurchase(async (call, purchase) => {
  const plans = await plansFor(call, purchase)
  const wanted = call.query.get('planId')
  if (wanted === null) return ok({ plans })
  const { subscription, plan, privateOffer } = purchase
  const isPurchased = wanted === subscription.planId && wanted === plan.planId
  const sourceOffers = isPurchased ? { sourceOffers: [{ externalId: privateOffer }] } : {}
  return ok({ plans: plans.filter(({ planId }) => planId === wanted).map((each) => ({ ...each, ...sourceOffers })) })
})
