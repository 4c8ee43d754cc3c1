import type { DomainEvent } from '../../events/index.ts'
import type { OfferEvent } from '../../events/offer.ts'
import type { Money } from '../core/money.ts'
import { dayNumber } from '../core/period.ts'

/**
 * What became of an offer. Won: the buyer accepted it. Lost: it could have, and the offer expired or was withdrawn. Dropped: it never
 * reached the buyer, being rejected by us or withdrawn before; nobody's sale is judged by that. Days are counted from 1970.
 */
export type Pursuit = {
  partnerId: string
  marketplace: string
  price: Money
  requestedDay: number
  state: 'open' | 'won' | 'lost' | 'dropped'
  /** The day on which it was won, lost or dropped. */
  decidedDay?: number
}

type Course = Pursuit & { isReleased: boolean; before?: Course }

const isOfOffer = (event: DomainEvent): event is OfferEvent => event.type.startsWith('offer.')

/** An offer expires with the end of its last day, however late that is noticed. */
const dayOf = (event: OfferEvent) =>
  event.type === 'offer.expired.v1' ? dayNumber(event.data.on) + 1 : dayNumber(event.time.slice(0, 10))

const decided = (course: Course, state: Pursuit['state'], event: OfferEvent): Course => ({
  ...course,
  state,
  decidedDay: dayOf(event),
})

const reopened = ({ decidedDay: _, ...course }: Course): Course => ({ ...course, state: 'open' })

const step = (course: Course, event: OfferEvent): Course => {
  switch (event.type) {
    case 'offer.released.v1':
      return { ...course, isReleased: true }
    case 'offer.accepted.v1':
      return { ...decided(course, 'won', event), price: event.data.price, isReleased: true, before: course }
    case 'offer.acceptance-corrected.v1':
      return course.before ?? course
    case 'offer.extended.v1':
      return reopened(course)
    case 'offer.rejected.v1':
      return decided(course, 'dropped', event)
    case 'offer.expired.v1':
    case 'offer.withdrawn.v1':
      return decided(course, course.isReleased ? 'lost' : 'dropped', event)
    default:
      return course
  }
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

// A buyer's acceptance may be learned after we believed the offer expired: what was learned last holds.
const asLearned = (a: OfferEvent, b: OfferEvent) => compare(a.recordedat, b.recordedat) || compare(a.time, b.time)

/** How an offer stood at the end of a day, by its events in any order; undefined if it was not requested by then. */
export const pursuitOf = (events: readonly DomainEvent[], day: number): Pursuit | undefined => {
  const known = events.filter(isOfOffer).filter((event) => dayOf(event) <= day)
  const requested = known.find((event) => event.type === 'offer.requested.v1')
  if (requested?.type !== 'offer.requested.v1') return undefined
  const { partnerId, marketplace, price } = requested.data
  const start: Course = { partnerId, marketplace, price, requestedDay: dayOf(requested), state: 'open', isReleased: false }
  const { isReleased: _, before: __, ...pursuit } = known.toSorted(asLearned).reduce(step, start)
  return pursuit
}
