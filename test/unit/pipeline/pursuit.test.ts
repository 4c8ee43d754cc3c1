import { describe, expect, it } from 'vitest'
import { emit } from '../../../events/envelope.ts'
import type { OfferEvent } from '../../../events/offer.ts'
import { dateText, dayNumber } from '../../../lib/core/period.ts'
import { pursuitOf } from '../../../lib/pipeline/pursuit.ts'

const OF = { partnerId: 'p', accountId: 'a', marketplace: 'aws' as const }
const price = (amount: number) => ({ amount, currency: 'USD' })
const DATA = {
  requested: { ...OF, price: price(100), by: 'mia' },
  rejected: { ...OF, by: 'max', reason: 'no' },
  released: { ...OF, externalId: 'offer-1' },
  accepted: { ...OF, price: price(90) },
  'acceptance-corrected': { ...OF, agreementId: 'agmt-1' },
  withdrawn: { ...OF, by: 'mia', reason: 'no' },
  paid: { ...OF, on: '2026-10-30' },
} as const

let ids = 0
/** What happened on a day, and was learned then or, where another day is given, later. */
const event = (what: keyof typeof DATA, day: string, learned = day) => {
  const context = { now: `${learned}T09:00:00.000Z`, newId: () => `evt-${++ids}` }
  return emit(context, `offer.${what}.v1`, 'off', DATA[what], { happened: `${day}T08:00:00.000Z` }) as OfferEvent
}
const ofDay = (what: 'expired' | 'extended', on: string, learned: string) => {
  const context = { now: `${learned}T09:00:00.000Z`, newId: () => `evt-${++ids}` }
  return emit(context, `offer.${what}.v1`, 'off', { ...OF, on }) as OfferEvent
}

const requested = event('requested', '2026-10-01')
const released = event('released', '2026-10-03')

const stateOn = (day: string, ...events: OfferEvent[]) => {
  const pursuit = pursuitOf([requested, ...events], dayNumber(day))
  return pursuit && [pursuit.state, pursuit.decidedDay === undefined ? undefined : dateText(pursuit.decidedDay)]
}

describe('an offer', () => {
  it.each<[string, unknown, ...OfferEvent[]]>([
    ['is open from its request on', ['open', undefined]],
    ['is open with the buyer', ['open', undefined], released],
    ['is won when the buyer accepts', ['won', '2026-10-10'], released, event('accepted', '2026-10-10')],
    ['is won also where the acceptance comes first', ['won', '2026-10-10'], event('accepted', '2026-10-10')],
    [
      'is won where the acceptance is learned after it seemed expired',
      ['won', '2026-10-10'],
      released,
      ofDay('expired', '2026-10-11', '2026-10-12'),
      event('accepted', '2026-10-10', '2026-10-13'),
    ],
    ['is lost the day after its last', ['lost', '2026-10-16'], released, ofDay('expired', '2026-10-15', '2026-10-18')],
    [
      'is open again when it is extended',
      ['open', undefined],
      released,
      ofDay('expired', '2026-10-15', '2026-10-16'),
      ofDay('extended', '2026-11-30', '2026-10-17'),
    ],
    ['is lost when it is withdrawn from the buyer', ['lost', '2026-10-10'], released, event('withdrawn', '2026-10-10')],
    ['is dropped when it is withdrawn before', ['dropped', '2026-10-10'], event('withdrawn', '2026-10-10')],
    ['is dropped when we reject it', ['dropped', '2026-10-02'], event('rejected', '2026-10-02')],
    [
      'goes on as it stood when the acceptance was of another offer',
      ['lost', '2026-10-06'],
      released,
      event('withdrawn', '2026-10-06'),
      event('accepted', '2026-10-10', '2026-10-10'),
      event('acceptance-corrected', '2026-10-11'),
    ],
    ['stays won when it is paid', ['won', '2026-10-10'], released, event('accepted', '2026-10-10'), event('paid', '2026-10-30')],
  ])('%s', (_, expected, ...events) => {
    expect(stateOn('2026-10-31', ...events)).toEqual(expected)
    expect(stateOn('2026-10-31', ...events.toReversed())).toEqual(expected)
  })

  it('is worth what was accepted, and what was asked for until then', () => {
    const accepted = event('accepted', '2026-10-10')
    expect(pursuitOf([requested, accepted], dayNumber('2026-10-31'))?.price.amount).toBe(90)
    expect(pursuitOf([requested, accepted], dayNumber('2026-10-09'))).toEqual({
      partnerId: 'p',
      marketplace: 'aws',
      price: price(100),
      requestedDay: dayNumber('2026-10-01'),
      state: 'open',
    })
  })

  it('is nothing before its request', () => {
    expect(stateOn('2026-09-30')).toBeUndefined()
  })
})
