import { describe, expect, it, test } from 'vitest'
import type { MetricEvent } from '../../../events/metrics.ts'
import { countedIn, type Original, precedes } from '../../../lib/metrics/transaction.ts'
import { rowsOf } from '../../support/rows-engine.ts'
import { billed, booked } from './story.ts'

const counted = (...events: MetricEvent[]) => [...rowsOf(events).values()].flatMap(countedIn)

describe('of several events that record one transaction', () => {
  const sale: Original = { day: 10, kind: 'contract', partnerId: 'p' }

  test.each<[rule: string, first: Original, second: Original]>([
    ['the earlier day', { ...sale, day: 9, kind: 'usage', partnerId: 'q' }, sale],
    ['on one day the smaller kind', { ...sale, partnerId: 'q' }, { ...sale, kind: 'usage' }],
    ['of one kind the smaller partner', sale, { ...sale, partnerId: 'q' }],
    ['and none before any', { day: 10, kind: 'contract' }, sale],
  ])('a correction has to do with %s', (_, first, second) => {
    expect([precedes(first, second), precedes(second, first)]).toEqual([true, false])
  })
  it('none comes before its like', () => {
    expect(precedes(sale, { ...sale })).toBe(false)
    expect(precedes({ day: 1, kind: 'tax' }, { day: 1, kind: 'tax' })).toBe(false)
  })
  it('the first holds, in whatever order they come', () => {
    const twice = ['2025-02-02', '2025-01-10', '2025-03-03'].map((on) => billed('a', 100, on, { transactionId: 'sold' }))
    const refund = billed('a', -100, '2025-04-01', { kind: 'refund', corrects: 'sold' })
    for (const events of [
      [...twice, refund],
      [refund, ...twice.toReversed()],
    ]) {
      const [found] = counted(...events).filter(({ amount }) => amount < 0)
      expect(found?.creditDay).toBe(Date.parse('2025-01-10') / 86_400_000)
    }
  })
})

it('a booking is of a contract: another kind is none', () => {
  const year = ['2025-01-01', '2026-01-01'] as const
  expect(counted(booked('a', 12, ...year)).map(({ booking, kind }) => [booking, kind])).toEqual([[true, 'contract']])
  for (const kind of ['usage', 'one-time', 'tax', 'fee'] as const) expect(counted(booked('a', 12, ...year, { kind }))).toEqual([])
})
