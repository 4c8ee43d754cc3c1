import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { begun, type Delivery, isDue, nextTry, reopened, TRIED_FOR_MS, tried } from '../../../lib/webhooks/delivery.ts'
import { outcomeOf, withoutAnswer } from '../../../lib/webhooks/outcome.ts'

const NOW = '2026-11-22T09:00:00.000Z'
const ENTRY = { pk: 'OFFER#1', id: 'evt_1', type: 'offer.accepted.v1' }
const fresh = begun('whk_1', 'msg_1', ENTRY, undefined, NOW)
const refused = { delivered: false, reason: 'it answered 503', status: 503 } as const
const later = (milliseconds: number, from = NOW) => new Date(Date.parse(from) + milliseconds).toISOString()
const MINUTE = 60_000

/** All tries of an event that nobody takes, by the clock of one who is always in time. */
const story = (jitter: number) => {
  const told: Delivery[] = []
  let delivery = tried(fresh, refused, NOW, jitter)
  for (; delivery.nextAt; delivery = tried(delivery, refused, delivery.nextAt, jitter)) told.push(delivery)
  return { told, end: delivery }
}

describe('an event that cannot be sent', () => {
  it('is tried after 5 and 30 seconds, 2 and 10 minutes, 1, 3, 6 and 12 hours, then each 12 hours, and at last after three days', () => {
    const { told, end } = story(0)
    const pauses = told.map(({ nextAt = '', lastAt }) => (Date.parse(nextAt) - Date.parse(lastAt)) / 1000)
    const hour = 3600
    const rest = 72 * hour - (5 + 30 + 120 + 600 + 22 * hour + 4 * 12 * hour)
    expect(pauses).toEqual([5, 30, 120, 600, hour, 3 * hour, 6 * hour, ...Array(5).fill(12 * hour), rest])
    expect(end).toMatchObject({ state: 'dead', attempts: 14, reason: 'it answered 503', lastAt: later(TRIED_FOR_MS) })
  })

  it('is always tried later than now and never later than three days after the first time, whatever is asked for', () => {
    const at = fc.integer({ min: 0, max: TRIED_FOR_MS - 1 })
    const jitter = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        at,
        jitter,
        fc.integer({ min: 0, max: 3_600_000 }),
        (attempts, ms, spread, asked) => {
          const now = later(ms)
          const next = nextTry({ attempts, firstAt: NOW }, now, spread, asked) ?? ''
          expect(next > now && next <= later(TRIED_FOR_MS)).toBe(true)
          const isLast = next === later(TRIED_FOR_MS)
          if (!isLast) expect(Date.parse(next) - Date.parse(now)).toBeGreaterThanOrEqual(asked)
          expect(next >= (nextTry({ attempts, firstAt: NOW }, now, 0, 0) ?? '')).toBe(true)
        },
      ),
    )
  })

  it('dies with its reason, and after finitely many tries', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (jitter) => {
        const { told, end } = story(jitter)
        expect([told.length > 10 && told.length < 20, end.state, end.nextAt]).toEqual([true, 'dead', undefined])
      }),
    )
  })

  it('is over when it is taken, and tells no reason any more', () => {
    const failed = tried(fresh, refused, NOW, 0)
    const taken = tried(failed, { delivered: true }, later(5000), 0)
    expect(taken).toMatchObject({ state: 'delivered', attempts: 2, firstAt: NOW, lastAt: later(5000) })
    expect(taken).not.toHaveProperty('reason')
    expect(taken).not.toHaveProperty('nextAt')
    expect(() => reopened(taken, NOW)).toThrow('was taken')
  })

  it('goes on where it waits already, and begins anew where it is over', () => {
    const open = tried(fresh, refused, NOW, 0)
    expect(begun('whk_1', 'msg_1', ENTRY, open, later(MINUTE))).toBe(open)
    const dead: Delivery = { ...open, state: 'dead', version: 7 }
    expect(begun('whk_1', 'msg_1', ENTRY, dead, later(MINUTE))).toEqual({
      ...fresh,
      version: 7,
      firstAt: later(MINUTE),
      lastAt: later(MINUTE),
    })
    expect(reopened(dead, later(MINUTE))).toMatchObject({
      state: 'open',
      attempts: 0,
      firstAt: later(MINUTE),
      nextAt: later(MINUTE),
    })
  })

  it('is due at its time; the one that shows whether anything is taken again, after ten minutes', () => {
    const waiting: Delivery = { ...fresh, lastAt: NOW, nextAt: later(600 * MINUTE) }
    expect(isDue(waiting, later(600 * MINUTE - 1), false)).toBe(false)
    expect(isDue(waiting, later(600 * MINUTE), false)).toBe(true)
    expect([isDue(waiting, later(10 * MINUTE - 1), true), isDue(waiting, later(10 * MINUTE), true)]).toEqual([false, true])
  })
})

describe('an answer', () => {
  it.each([
    [200, { delivered: true }],
    [299, { delivered: true }],
    [199, { delivered: false, status: 199, reason: 'it answered 199' }],
    [302, { delivered: false, status: 302, reason: 'it answered 302: redirects are not followed, set the final address' }],
    [410, { delivered: false, status: 410, reason: 'it answered 410: it wants no more' }],
    [500, { delivered: false, status: 500, reason: 'it answered 500' }],
  ])('of %i is understood', (status, outcome) => expect(outcomeOf({ status }, NOW)).toEqual(outcome))

  it.each([
    ['0', 0],
    ['120', 120_000],
    ['7200', 3_600_000],
    ['Sun, 22 Nov 2026 09:05:00 GMT', 300_000],
    ['Sun, 22 Nov 2026 08:00:00 GMT', 0],
    ['Sun, 22 Nov 2027 08:00:00 GMT', 3_600_000],
    ['soon', undefined],
    ['-5', 0],
  ])('that asks to come again after %s', (retryAfter, retryAfterMs) => {
    const outcome = outcomeOf({ status: 503, retryAfter }, NOW)
    expect(outcome).toEqual({
      delivered: false,
      status: 503,
      reason: 'it answered 503',
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    })
    if (retryAfterMs && retryAfterMs > 5000) expect(tried(fresh, outcome, NOW, 0.5).nextAt).toBe(later(retryAfterMs))
  })

  it('that never came is told without the address that was called', () => {
    const error = Object.assign(new Error('connect ECONNREFUSED 10.1.2.3:443'), { code: 'ECONNREFUSED' })
    expect(withoutAnswer(error)).toEqual({ delivered: false, reason: 'it takes no connections' })
    const odd = Object.assign(new Error('write EPROTO https://x.example/secret'), { code: 'EPROTO' })
    expect(withoutAnswer(odd)).toEqual({ delivered: false, reason: 'it gave no answer (EPROTO)' })
  })
})
