import type { Mandate } from '../approvals/claim.ts'
import type { ApprovalPolicy } from '../approvals/policy.ts'
import { mustBe, mustBeOwn, mustMatch } from '../core/access.ts'
import { type Actor, type Context, today } from '../core/context.ts'
import { conflict, isCode, mustExist, unprocessable } from '../core/errors.ts'
import type { Partner } from '../partners/partner.ts'
import { pay } from './acceptance.ts'
import { decide, mustNotBeHeld, type Ruling, submit } from './approval.ts'
import { requestDeletion } from './deletion.ts'
import { type ObservationReport, observe } from './observation.ts'
import { type Offer, type OfferRequest, request } from './offer.ts'
import { planned } from './planned.ts'
import { knownOf, type Dependencies as Reading, visible } from './read.ts'
import type { OfferStore } from './store.ts'
import { extend, withdraw } from './submission.ts'
import type { amend, Changes } from './successor.ts'

export type Dependencies = Pick<Reading, 'store' | 'account' | 'marketplaces'> & {
  partners: { get: (id: string) => Promise<Pick<Partner, 'id' | 'type' | 'complianceHold'>> }
  policy: ApprovalPolicy
  /** The rights to decide that others have lent to someone. */
  mandates: (subject: string, context: Context) => Promise<readonly Mandate[]>
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
    const decided = request(input, actor, context, await knownOf(store, actor, input))
    return store.save(decided, decided.offer, context)
  }

export const submitOffer =
  ({ store, partners, marketplaces, policy }: Pick<Dependencies, 'store' | 'partners' | 'marketplaces' | 'policy'>) =>
  async (actor: Actor, id: string, expected: number | undefined, context: Context): Promise<Offer> => {
    const offer = await seen(store, actor, id, expected)
    const { problems, hash } = await planned({ store, marketplaces }, offer, context)
    if (problems.length)
      throw unprocessable('the marketplace would refuse this offer: request it again with these fields corrected', problems)
    const partner = await partners.get(offer.partnerId)
    mustNotBeHeld(partner, actor)
    return store.save(submit({ ...offer, planHash: hash }, { policy, partner }, actor, context), offer, context)
  }

export const decideOffer =
  ({ store, partners, mandates }: Pick<Dependencies, 'store' | 'partners' | 'mandates'>, outcome: Ruling['outcome']) =>
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
    const lent = await mandates(actor.subject, context)
    const decided = decide(offer, { outcome, reason }, { actor, mandates: lent }, context)
    if (decided.events.length && outcome === 'approved') mustNotBeHeld(await partners.get(offer.partnerId), actor)
    return decided.events.length ? store.save(decided, offer, context) : offer
  }

/** Drafts the offer that amends or renews an accepted one. */
export const draftSuccessor =
  ({ store }: Pick<Dependencies, 'store'>, draft: typeof amend) =>
  async (actor: Actor, id: string, changes: Changes, expected: number | undefined, context: Context): Promise<Offer> => {
    const input = draft(await seen(store, actor, id, expected), changes)
    const known = { predecessorId: id, ...(await knownOf(store, actor, input)) }
    const decided = request(input, actor, context, known)
    return store.save(decided, decided.offer, context)
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

export const deleteOffer =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (actor: Actor, id: string, expected: number | undefined, context: Context): Promise<Offer> => {
    const offer = await seen(store, actor, id, expected)
    const decided = requestDeletion(offer, actor, context)
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
