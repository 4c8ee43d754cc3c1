import type { DomainEvent } from '../../events/index.ts'
import { Observation, type OfferEvent } from '../../events/offer.ts'
import { Cause } from '../core/context.ts'
import { Instant } from '../core/period.ts'
import * as z from '../core/schema.ts'

/** What was seen of an offer. Unlike its status each sighting stays, also those that change nothing of what can be done next. */
const ObservedState = z.enum([
  'draft',
  'pending-approval',
  'escalated',
  'approved',
  'rejected',
  'sending',
  'submitted',
  'retrying',
  'attention-needed',
  'released',
  'with-selling-partner',
  ...Observation.options,
  'extending',
  'extended',
  'withdrawing',
  'withdrawal-submitted',
  'withdrawn',
  'deleting',
  'accepted',
  'acceptance-corrected',
  'purchased',
  'activated',
  'paid',
  'expired',
])
export type ObservedState = z.infer<typeof ObservedState>

/** Who brought a state about; `id` names the person or the rule. */
const Originator = z.object({
  kind: z.enum(['person', 'rule', 'buyer', 'marketplace', 'clock', 'cosell']),
  id: z.optional(z.string()),
})
type Originator = z.infer<typeof Originator>

export const TimelineEntry = z.named(
  z.object({
    id: z.string(),
    type: z.string(),
    state: ObservedState,
    by: Originator,
    cause: z.described(z.optional(Cause), 'how Cosell came to know or do it; absent where it was not noted'),
    time: Instant,
    recordedAt: Instant,
    data: z.record(z.string(), z.unknown()),
  }),
  'TimelineEntry',
)
type TimelineEntry = z.infer<typeof TimelineEntry>

type Type = OfferEvent['type']
type Data = { [E in OfferEvent as E['type']]: E['data'] }
type Reading<T extends Type> = { state: (data: Data[T]) => ObservedState; by: (data: Data[T]) => Originator }

const always =
  <T>(value: T) =>
  () =>
    value

const of = (kind: Originator['kind']) => always<Originator>({ kind })

const named = ({ by }: { by: string }): Originator => {
  if (by === 'marketplace') return { kind: 'marketplace' }
  const [, rule] = /^(?:rule|policy):(.+)$/.exec(by) ?? []
  return rule ? { kind: 'rule', id: rule } : { kind: 'person', id: by }
}

type Call = { kind?: keyof typeof begun | undefined }
const begun = { create: 'sending', extend: 'extending', withdraw: 'withdrawing', delete: 'deleting' } as const
const taken = { create: 'submitted', extend: 'extending', withdraw: 'withdrawal-submitted', delete: 'deleting' } as const
// Before calls were told with their kind there were hardly others than this.
const kindOf = ({ kind = 'create' }: Call) => kind

/** What each event shows, in the order in which they come where several are of the same instant. */
const READINGS: { [T in Type]: Reading<T> } = {
  'offer.requested.v1': { state: always('draft'), by: named },
  'offer.submitted.v1': { state: ({ approvalNeeded }) => (approvalNeeded ? 'pending-approval' : 'approved'), by: named },
  'offer.approval-given.v1': { state: always('pending-approval'), by: named },
  // The next step's, which the last approval of the step before it opens.
  'offer.approval-requested.v1': { state: always('pending-approval'), by: of('rule') },
  'offer.approval-escalated.v1': { state: always('escalated'), by: of('clock') },
  'offer.approved.v1': { state: always('approved'), by: named },
  'offer.rejected.v1': { state: always('rejected'), by: named },
  'offer.extension-requested.v1': { state: always('extending'), by: named },
  'offer.deletion-requested.v1': { state: always('deleting'), by: named },
  'offer.withdrawal-requested.v1': { state: always('withdrawing'), by: named },
  'offer.submission-started.v1': { state: ({ kind }) => begun[kind], by: of('cosell') },
  'offer.submission-accepted.v1': { state: (data) => taken[kindOf(data)], by: of('marketplace') },
  'offer.retried.v1': { state: always('retrying'), by: of('cosell') },
  'offer.failed.v1': {
    state: always('attention-needed'),
    by: ({ problems }) => ({ kind: problems.some(({ code }) => code === 'PLAN_CHANGED') ? 'cosell' : 'marketplace' }),
  },
  'offer.released.v1': { state: always('released'), by: of('marketplace') },
  'offer.handed-over.v1': {
    state: ({ to }) => (to === 'customer' ? 'partner-marked-up' : 'with-selling-partner'),
    by: of('marketplace'),
  },
  'offer.observed.v1': { state: ({ state }) => state, by: named },
  'offer.extended.v1': { state: always('extended'), by: of('marketplace') },
  'offer.withdrawn.v1': { state: always('withdrawn'), by: named },
  'offer.deleted.v1': { state: always('deleted'), by: of('marketplace') },
  'offer.accepted.v1': { state: always('accepted'), by: of('buyer') },
  'offer.acceptance-corrected.v1': { state: always('acceptance-corrected'), by: of('marketplace') },
  'offer.purchased.v1': { state: always('purchased'), by: of('buyer') },
  'offer.activated.v1': { state: always('activated'), by: of('marketplace') },
  'offer.paid.v1': { state: always('paid'), by: of('marketplace') },
  'offer.expired.v1': { state: always('expired'), by: of('clock') },
}
const ORDER = Object.keys(READINGS)

const isOfOffer = (event: DomainEvent): event is OfferEvent => event.type in READINGS

const compare = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0)

const inOrder = (a: OfferEvent, b: OfferEvent) =>
  compare(a.time, b.time) ||
  compare(a.recordedat, b.recordedat) ||
  compare(ORDER.indexOf(a.type), ORDER.indexOf(b.type)) ||
  compare(a.id, b.id)

const read = <T extends Type>({ type, data }: { type: T; data: Data[T] }) => {
  const { state, by }: Reading<T> = READINGS[type]
  return { state: state(data), by: by(data) }
}

const entryOf = (event: OfferEvent): TimelineEntry => {
  const { id, type, time, recordedat: recordedAt, cause, data } = event
  return { id, type, ...read(event), ...(cause && { cause }), time, recordedAt, data }
}

/** What happened to an offer, by when it happened. */
export const timelineOf = (events: readonly DomainEvent[]): TimelineEntry[] =>
  events.filter(isOfOffer).toSorted(inOrder).map(entryOf)
