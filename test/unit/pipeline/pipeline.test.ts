import { describe, expect, it } from 'vitest'
import { dayNumber, monthIndex } from '../../../lib/core/period.ts'
import { rateTable } from '../../../lib/metrics/rates.ts'
import { currenciesWithoutRate, pipelinesOf, velocityOf } from '../../../lib/pipeline/pipeline.ts'
import type { Pursuit } from '../../../lib/pipeline/pursuit.ts'

const USD = rateTable([], 'USD')

const pursuit = (state: Pursuit['state'], decidedOn?: string, amount = 100, days = 10, more: Partial<Pursuit> = {}): Pursuit => {
  const decidedDay = decidedOn === undefined ? undefined : dayNumber(decidedOn)
  return {
    partnerId: 'p',
    marketplace: 'aws',
    price: { amount, currency: 'USD' },
    requestedDay: (decidedDay ?? dayNumber('2026-10-01')) - days,
    state,
    ...(decidedDay !== undefined && { decidedDay }),
    ...more,
  }
}
const row = (pursuits: Pursuit[], window = 1, rates = USD) =>
  pipelinesOf(pursuits, ({ partnerId }) => partnerId, monthIndex('2026-10'), rates).find((each) => each.window === window)

describe('velocity', () => {
  // Worked examples that vendors publish, in cents: open × average × win rate ÷ days.
  it.each([
    ['50 × 10,000 × 20 % ÷ 30', { open: 50, won: 1, lost: 4, value: 1_000_000, days: 30 }, '333333.3333'],
    ['50 × 25,000 × 25 % ÷ 60', { open: 50, won: 2, lost: 6, value: 5_000_000, days: 120 }, '520833.3333'],
    ['nothing open', { open: 0, won: 1, lost: 4, value: 100, days: 30 }, '0.0000'],
  ])('of %s', (_, sums, value) => {
    expect(velocityOf(sums).value).toBe(value)
  })

  it('has no value where nothing was decided, or all was won on the day of its request', () => {
    const none = { value: null, reason: 'zero-denominator' }
    expect(velocityOf({ open: 3, won: 0, lost: 0, value: 0, days: 0 })).toMatchObject(none)
    expect(velocityOf({ open: 3, won: 1, lost: 0, value: 100, days: 0 })).toMatchObject(none)
  })

  it('is exact past the safe integers', () => {
    expect(velocityOf({ open: 1000, won: 1000, lost: 0, value: 9_000_000_000_000_000, days: 1000 })).toMatchObject({
      numerator: '9000000000000000000000',
      value: '9000000000000000.0000',
    })
  })
})

describe('a pipeline', () => {
  const offers = [
    pursuit('won', '2026-10-01', 300, 10),
    pursuit('won', '2026-10-31', 100, 20),
    pursuit('won', '2026-10-15', 200, 60),
    pursuit('lost', '2026-10-20'),
    pursuit('dropped', '2026-10-20'),
    pursuit('open'),
    pursuit('open'),
    pursuit('won', '2026-09-30', 1000, 30),
    pursuit('lost', '2026-11-01'),
    pursuit('lost', '2025-11-01'),
    pursuit('lost', '2025-10-31'),
  ]

  it('tells what was decided in the month, and what is open', () => {
    expect(row(offers)).toMatchObject({
      value: 'p',
      open: 2,
      won: 3,
      lost: 1,
      dropped: 1,
      winRate: { numerator: '3', denominator: '4', value: '0.7500' },
      averageValue: { numerator: '600', denominator: '3', value: '200.0000' },
      averageDays: { numerator: '90', denominator: '3' },
      medianDays: 20,
      velocity: { numerator: '3600', denominator: '360', value: '10.0000' },
    })
  })

  it('tells the same of the last 3 and 12 months', () => {
    expect(row(offers, 3)).toMatchObject({ open: 2, won: 4, lost: 1, medianDays: 20 })
    expect(row(offers, 12)).toMatchObject({ open: 2, won: 4, lost: 2 })
  })

  it('is one a name, in order', () => {
    const all = [pursuit('open', undefined, 1, 1, { partnerId: 'q' }), pursuit('open')]
    expect(
      pipelinesOf(all, ({ partnerId }) => partnerId, monthIndex('2026-10'), USD).map(({ value, window }) => `${value} ${window}`),
    ).toEqual(['p 1', 'p 3', 'p 12', 'q 1', 'q 3', 'q 12'])
  })

  it('is in the reporting currency at the rate of the acceptance, and says which currency lacks one', () => {
    const won = pursuit('won', '2026-10-15', 200, 60, { price: { amount: 200, currency: 'EUR' } })
    const rate = { type: 'rate', id: 'r', base: 'EUR', quote: 'USD', rate: '1.5', recordedAt: '' } as const
    const rates = rateTable([{ ...rate, day: dayNumber('2026-10-10') }], 'USD')
    expect(row([won], 1, rates)).toMatchObject({ averageValue: { numerator: '300' } })
    expect(row([won], 1, rateTable([{ ...rate, day: dayNumber('2026-11-10') }], 'USD'))).toMatchObject({ rateExtrapolated: true })
    expect(currenciesWithoutRate([won, pursuit('open')], USD)).toEqual(['EUR'])
    expect(currenciesWithoutRate([{ ...won, state: 'lost' }], USD)).toEqual([])
  })
})
