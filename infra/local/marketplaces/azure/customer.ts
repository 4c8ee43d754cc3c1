import { conflict, notFound } from '../../../../lib/core/errors.ts'
import type { World } from '../stand-in.ts'
import { guidIn } from './catalogue.ts'
import { catchUp as endJobs } from './ingestion-jobs.ts'
import { inTurn } from './journal.ts'
import { issueToken } from './marketplace-token.ts'
import { accepted, type Offer } from './offer-state.ts'
import { begin, catchUp as endOperations, happen, operationsOf, purchaseOf } from './operation.ts'
import { sendPosted } from './outbox.ts'
import { bought, type Choice, mustBeOnSale, saleOf } from './sale.ts'
import { type Action, isAllowed, type Purchase, type Subscription } from './subscription.ts'

// What customers and Microsoft do without the publisher: no API of the marketplace offers it.

/** Acts after all that is due by the clock. */
export const atTurn = <T>(world: World, work: () => Promise<T>) =>
  inTurn(world, async () => {
    await endJobs(world)
    await endOperations(world)
    return work()
  })

const offerOf = async (world: World, offerId: string) => {
  const offer = await world.shelf.get<Offer>('azure.offers', guidIn(offerId))
  if (!offer) throw notFound('private offer', offerId)
  return offer
}

/** Changes a private offer after all that is due by the clock. */
export const actOn = (world: World, offerId: string, change: (offer: Offer) => Offer) =>
  atTurn(world, async () => {
    const offer = change(await offerOf(world, offerId))
    await world.shelf.put('azure.offers', offer.guid, offer)
  })

/** The customer accepts a private offer in the portal, on the day `acceptBy` at the latest. */
export const acceptPrivateOffer = (world: World, offerId: string) =>
  actOn(world, offerId, (offer) => {
    const done = accepted(offer, world.now().toISOString())
    if (!done) throw conflict(`private offer ${offerId} is not pending acceptance: publish it, or extend acceptBy`)
    return done
  })

/** The customer buys one plan of an accepted offer and opens the landing page, which gets the token (URL-encode it as the portal does). */
export const purchase = (world: World, offerId: string, choice: Choice = {}) =>
  atTurn(world, async () => {
    const offer = await offerOf(world, offerId)
    mustBeOnSale(offer, world.now().toISOString().slice(0, 10))
    const sale = await saleOf(world, offer, choice)
    const subscription = bought(world, sale)
    const document: Purchase = { subscription, privateOffer: offer.guid, plan: sale.plan, since: world.now().toISOString() }
    await world.shelf.put('azure.subscriptions', subscription.id, document)
    await world.shelf.put('azure.offers', offer.guid, { ...offer, sold: true })
    return { subscriptionId: subscription.id, token: await issueToken(world, subscription.id) }
  })

const refuse = (action: Action, { saasSubscriptionStatus: status, id }: Subscription, isBusy: boolean) =>
  conflict(`${action} is not possible: subscription ${id} is ${status}${isBusy ? ' and has an operation in progress' : ''}`)

/** Something that befalls a subscription for which it is allowed, and that has nothing in progress. */
export const acting =
  (action: Action, effect: (world: World, purchase: Purchase) => Promise<unknown>) =>
  async (world: World, subscriptionId: string) => {
    await atTurn(world, async () => {
      const found = await purchaseOf(world, subscriptionId)
      if (!found) throw notFound('subscription', subscriptionId)
      const isBusy = (await operationsOf(world, subscriptionId)).some(({ status }) => status === 'InProgress')
      if (isBusy || !isAllowed(action, found.subscription)) throw refuse(action, found.subscription, isBusy)
      await effect(world, found)
    })
    await sendPosted(world)
  }

/** A new term begins after the current one. */
export const renewSubscription = acting('Renew', (world, found) => happen(world, found, 'Renew'))
/** The customer's payment fails. */
export const suspend = acting('Suspend', (world, found) => happen(world, found, 'Suspend'))
/** The customer pays again: the publisher is asked, and it happens ten seconds later. */
export const reinstate = acting('Reinstate', (world, found) => begin(world, found, 'Reinstate', {}, 'Azure'))
/** The customer cancels. */
export const unsubscribe = acting('Unsubscribe', (world, found) => happen(world, found, 'Unsubscribe'))
