import { emit } from '../../events/envelope.ts'
import type { OfferSetEvent } from '../../events/offer-set.ts'
import { Id } from '../../events/vocabulary.ts'
import type { Actor, Context } from '../core/context.ts'
import { conflict } from '../core/errors.ts'
import { Instant } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { type Offer, Problem } from '../offers/offer.ts'

const MIN_OFFERS = 2
const MAX_OFFERS = 7

const OfferIds = z.array(Id).check(
  z.minLength(MIN_OFFERS),
  z.maxLength(MAX_OFFERS),
  z.refine((ids: string[]) => new Set(ids).size === ids.length, 'name each offer once'),
)

/** Drafts for one customer that it accepts with one click; each becomes an agreement of its own. */
export const OfferSetRequest = z.named(
  z.strictObject({
    name: z.described(
      z.pattern(/^[^\\<> ][^\\<>]{0,149}$/, '1 to 150 characters without \\, < or >, the first of them no space'),
      'shown to the buyer',
    ),
    buyerNotes: z.described(z.text(1000), 'shown to the buyer: what these offers are together'),
    offerIds: z.described(OfferIds, `${MIN_OFFERS} to ${MAX_OFFERS} drafts on AWS, of one partner for one customer`),
  }),
  'OfferSetRequest',
)
export type OfferSetRequest = z.infer<typeof OfferSetRequest>

export const OfferSetStatus = z.enum([
  'requested',
  'creating',
  'preparing',
  'attention-needed',
  'releasing',
  'released',
  'accepted',
  'expired',
  'withdrawing',
  'withdrawn',
  'failed',
])
export type OfferSetStatus = z.infer<typeof OfferSetStatus>

/** A call to the marketplace, stored as open before it is made. */
const Submission = z.object({
  kind: z.enum(['create', 'release']),
  attempt: z.int(),
  startedAt: Instant,
  open: z.boolean(),
  jobId: z.optional(z.string()),
  /** What is released: the marketplace's ids of the offers. */
  offers: z._default(z.array(z.string()), []),
})
export type Submission = z.infer<typeof Submission>

export const OfferSet = z.named(
  z.object({
    ...OfferSetRequest.shape,
    id: Id,
    version: z.int(),
    marketplace: z.literal('aws'),
    partnerId: Id,
    accountId: Id,
    status: OfferSetStatus,
    requestedBy: z.string(),
    requestedAt: Instant,
    submission: z.optional(Submission),
    problems: z.array(Problem),
    externalId: z.described(z.optional(z.string()), "the marketplace's id of the set"),
    releasedAt: z.optional(Instant),
    withdrawal: z.optional(z.object({ by: z.string(), reason: z.string() })),
  }),
  'OfferSet',
)
export type OfferSet = z.infer<typeof OfferSet>

/** What a decision leaves: the set's new state and what happened. No events: nothing changed. */
export type Decided = { set: OfferSet; events: OfferSetEvent[] }

export const unchanged = (set: OfferSet): Decided => ({ set, events: [] })

/** Refuses what the set's status does not allow. */
export const must = (set: OfferSet, verb: string, ...allowed: OfferSetStatus[]) => {
  if (!allowed.includes(set.status))
    throw conflict(`offer set ${set.id} is ${set.status}; only one that is ${allowed.join(' or ')} can be ${verb}`, 'status')
}

/** What every event of a set tells. */
export const facts = ({ partnerId, accountId, marketplace }: OfferSet) => ({ partnerId, accountId, marketplace })

/** The set of these offers, whose rules are kept; partner and customer are those of the offers. */
export const request = (
  input: OfferSetRequest,
  offers: readonly Pick<Offer, 'partnerId' | 'accountId'>[],
  { subject: by }: Actor,
  context: Context,
): Decided => {
  const id = context.newId('ofs')
  const { partnerId = '', accountId = '' } = offers[0] ?? {}
  const set: OfferSet = {
    ...input,
    ...{ id, version: 0, marketplace: 'aws', partnerId, accountId, status: 'requested', problems: [] },
    ...{ requestedBy: by, requestedAt: context.now },
  }
  const { name, offerIds } = input
  return { set, events: [emit(context, 'offer-set.requested.v1', id, { ...facts(set), name, offerIds, by })] }
}

/** Goes on after the marketplace refused the set, or after its offers had expired and were extended. */
export const resume = (set: OfferSet, { subject: by }: Actor, context: Context): Decided => {
  must(set, 'resumed', 'failed', 'expired')
  const status = set.status === 'expired' ? 'released' : set.externalId ? 'preparing' : 'requested'
  return {
    set: { ...set, status, problems: [] },
    events: [emit(context, 'offer-set.resumed.v1', set.id, { ...facts(set), by })],
  }
}

/** Puts another offer in the place of one that will not be released. */
export const replace = (
  set: OfferSet,
  offerId: string,
  replacement: string,
  { subject: by }: Actor,
  context: Context,
): Decided => {
  must(set, 'changed', 'requested', 'preparing', 'attention-needed', 'failed')
  if (!set.offerIds.includes(offerId)) throw conflict(`offer ${offerId} is not in offer set ${set.id}`, 'offerId')
  const offerIds = set.offerIds.map((id) => (id === offerId ? replacement : id))
  const told = { ...facts(set), offerId, replacement, by }
  return { set: { ...set, offerIds }, events: [emit(context, 'offer-set.offer-replaced.v1', set.id, told)] }
}

/** Takes the set back with its offers; while a call of it is open that has to wait. */
export const withdraw = (set: OfferSet, reason: string, { subject: by }: Actor, context: Context): Decided => {
  if (set.status === 'withdrawing' || set.status === 'withdrawn') return unchanged(set)
  must(set, 'withdrawn', 'requested', 'preparing', 'attention-needed', 'failed', 'released', 'expired')
  return {
    set: { ...set, status: 'withdrawing', withdrawal: { by, reason }, problems: [] },
    events: [emit(context, 'offer-set.withdrawal-requested.v1', set.id, { ...facts(set), by, reason })],
  }
}
