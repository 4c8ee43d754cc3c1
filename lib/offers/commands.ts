import { mustBe, mustBeOwn, mustMatch, mustSee } from '../core/access.ts'
import { type Actor, type Context, today } from '../core/context.ts'
import { conflict, isCode, mustExist, unprocessable } from '../core/errors.ts'
import { pay } from './acceptance.ts'
import { type ApprovalRule, decide, submit } from './approval.ts'
import type { Marketplace } from './marketplace.ts'
import { type ObservationReport, observe } from './observation.ts'
import { type Offer, type OfferRequest, request } from './offer.ts'
import type { OfferQuery, OfferStore } from './store.ts'
import { extend, withdraw } from './submission.ts'
import { timelineOf } from './timeline.ts'

type Exists = { get: (id: string) => Promise<unknown> }
export type Planner = Pick<Marketplace, 'plan' | 'extension'>
export type Dependencies = {
  store: OfferStore
  partners: Exists
  /** The account, if the actor may see it. */
  account: (actor: Actor, id: string, context: Context) => Promise<unknown>
  marketplaces: Record<Offer['marketplace'], Planner>
  rule: ApprovalRule
  /** Whether it draws down what its buyer has promised the cloud to spend. */
  drawsDown: (offer: Offer, context: Context) => Promise<boolean>
}

const visible = async (store: OfferStore, actor: Actor, id: string): Promise<Offer> => {
  const offer = await store.get(id)
  mustSee(actor, offer.partnerId, 'offer', id)
  return offer
}

/** The offer at the version that the caller has seen. */
const seen = async (store: OfferStore, actor: Actor, id: string, expected: number | undefined): Promise<Offer> => {
  const offer = await visible(store, actor, id)
  mustMatch(expected, offer.version)
  return offer
}

/** A partner asks for accounts that it is attached to; whether others exist is not its business. */
export const requestOffer =
  ({ store, partners, account }: Dependencies) =>
  async (actor: Actor, input: OfferRequest, context: Context): Promise<Offer> => {
    mustBeOwn(actor, input.partnerId)
    const { partnerId, accountId } = input
    await mustExist({ partnerId: partners.get(partnerId), accountId: account(actor, accountId, context) })
    const decided = request(input, actor, context)
    return store.save(decided, decided.offer, context)
  }

export const getOffer =
  ({ store, drawsDown }: Pick<Dependencies, 'store' | 'drawsDown'>) =>
  async (actor: Actor, id: string, context: Context) => {
    const offer = await visible(store, actor, id)
    return { ...offer, drawsDown: await drawsDown(offer, context) }
  }

/** A partner's list holds its own offers; a foreign partnerId finds nothing. */
export const listOffers =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (actor: Actor, query: OfferQuery) => {
    if (actor.role !== 'partner') return store.list(query)
    if (query.partnerId && query.partnerId !== actor.partnerId) return { items: [] }
    return store.list({ ...query, partnerId: actor.partnerId })
  }

export const planOffer =
  ({ store, marketplaces, drawsDown }: Pick<Dependencies, 'store' | 'marketplaces' | 'drawsDown'>) =>
  async (actor: Actor, id: string, context: Context) => {
    const offer = await visible(store, actor, id)
    const plan = marketplaces[offer.marketplace].plan(offer, today(context))
    return { ...plan, drawsDown: await drawsDown(offer, context) }
  }

export const planRequest =
  ({ marketplaces }: Pick<Dependencies, 'marketplaces'>) =>
  (actor: Actor, input: OfferRequest, context: Context) => {
    mustBeOwn(actor, input.partnerId)
    const { offer } = request(input, actor, context)
    return marketplaces[offer.marketplace].plan(offer, today(context))
  }

export const submitOffer =
  ({ store, marketplaces, rule }: Pick<Dependencies, 'store' | 'marketplaces' | 'rule'>) =>
  async (actor: Actor, id: string, expected: number | undefined, context: Context): Promise<Offer> => {
    const offer = await seen(store, actor, id, expected)
    const { problems, hash } = marketplaces[offer.marketplace].plan(offer, today(context))
    if (problems.length) throw unprocessable('the marketplace would refuse this offer: correct the request', problems)
    return store.save(submit({ ...offer, planHash: hash }, rule, actor, context), offer, context)
  }

export const decideOffer =
  ({ store }: Pick<Dependencies, 'store'>, outcome: 'approved' | 'rejected') =>
  async (
    actor: Actor,
    id: string,
    { reason, planHash }: { reason: string; planHash?: string | undefined },
    expected: number | undefined,
    context: Context,
  ): Promise<Offer> => {
    const offer = await seen(store, actor, id, expected)
    if (planHash && planHash !== offer.planHash)
      throw conflict('this is not the plan that was submitted: read the plan again before you approve', 'planHash')
    const decided = decide(offer, outcome, reason, actor, context)
    return decided.events.length ? store.save(decided, offer, context) : offer
  }

/** Asks for another last day of an offer on the marketplace; the offer shows it once the marketplace has it. */
export const extendOffer =
  ({ store, marketplaces }: Pick<Dependencies, 'store' | 'marketplaces'>) =>
  async (actor: Actor, id: string, expiresOn: string, expected: number | undefined, context: Context): Promise<Offer> => {
    const offer = await seen(store, actor, id, expected)
    const { extension } = marketplaces[offer.marketplace]
    if (!extension) throw conflict(`${offer.marketplace} cannot extend an offer: withdraw it and request another`, 'marketplace')
    const decided = extend(offer, expiresOn, actor, context)
    const problems = decided.events.length ? extension(offer, expiresOn, today(context)) : []
    if (problems.length) throw unprocessable('the marketplace would refuse this last day', problems)
    return decided.events.length ? store.save(decided, offer, context) : offer
  }

export const withdrawOffer =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (actor: Actor, id: string, reason: string, expected: number | undefined, context: Context): Promise<Offer> => {
    const offer = await seen(store, actor, id, expected)
    const decided = withdraw(offer, reason, actor, context)
    return decided.events.length ? store.save(decided, offer, context) : offer
  }

/** The vendor's own people and systems say what they saw of an offer; to say it again changes nothing. */
export const observeOffer =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (actor: Actor, id: string, report: ObservationReport, expected: number | undefined, context: Context): Promise<Offer> => {
    mustBe(actor, 'manager', 'platform')
    const offer = await seen(store, actor, id, expected)
    const decided = observe(offer, report, actor, context)
    const isKnown = (await store.timeline(id)).some((event) => event.id === decided.events[0]?.id)
    return isKnown ? offer : store.save(decided, offer, context)
  }

/** Money of an offer arrived on that day; the books may name offers that were never ours. */
export const markPaid =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (id: string, on: string, context: Context): Promise<void> => {
    const offer = await store.get(id).catch((error: unknown) => {
      if (!isCode(error, 'not_found')) throw error
      return undefined
    })
    if (!offer) return
    const decided = pay(offer, on, context)
    if (decided.events.length) await store.save(decided, offer, context)
  }

export const getTimeline =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (actor: Actor, id: string) => {
    const { requestedAt, releasedAt, acceptedAt, activatedAt, firstPaidOn } = await visible(store, actor, id)
    return {
      requestedAt,
      ...(releasedAt && { releasedAt }),
      ...(acceptedAt && { acceptedAt }),
      ...(activatedAt && { activatedAt }),
      ...(firstPaidOn && { firstPaidOn }),
      events: timelineOf(await store.timeline(id)),
    }
  }
