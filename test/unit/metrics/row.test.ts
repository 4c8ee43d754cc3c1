import { describe, expect, it } from 'vitest'
import type { MetricEvent } from '../../../events/metrics.ts'
import { factOf, type Transaction } from '../../../lib/metrics/fact.ts'
import { acrossRows, byCorrected, type Link } from '../../../lib/metrics/link.ts'
import { emptyRow, mergeInto, ratesIn, rowKeyOf } from '../../../lib/metrics/row.ts'
import { attached, billed, cost, detached, onboarded, published } from './story.ts'

const RATE = published('EUR', 'USD', '2026-01-01', '1.1000')

describe('an event', () => {
  it.each<[string, MetricEvent, string]>([
    ['a transaction', billed('a', 1, '2026-01-01'), 'ACCOUNT#a'],
    ['an attach', attached('a', 'p', 'sourced', '2026-01-01'), 'ACCOUNT#a'],
    ['a detach', detached('a', 'p', 'sourced', '2026-01-01'), 'ACCOUNT#a'],
    ['a milestone', onboarded('p', '2026-01-01'), 'PARTNER#p'],
    ['a cost of a partner', cost('support', 'partner', 1, '2026-01', { partnerId: 'p' }), 'COST#p#2026-01'],
    ['a cost of nobody', cost('support', 'shared', 1, '2026-01'), 'COST#-#2026-01'],
    ['a rate', RATE, 'RATES'],
  ])('that is %s belongs to its row', (_, event, key) => expect(rowKeyOf(event)).toBe(key))
})

describe('a row', () => {
  const [one, two] = [factOf(billed('a', 1, '2026-01-01')), factOf(billed('a', 2, '2026-01-01'))]
  const other = factOf(billed('b', 3, '2026-01-01')) as Transaction

  it('grows by facts that it does not know, its own and of other rows, and keeps what it has under an id', () => {
    const row = emptyRow()
    expect(mergeInto(row, { facts: [one], foreign: [] })).toBe(true)
    expect(mergeInto(row, { facts: [{ ...one, amount: 9 } as Transaction], foreign: [] })).toBe(false)
    expect(mergeInto(row, { facts: [one, two], foreign: [] })).toBe(true)
    expect(mergeInto(row, { facts: [], foreign: [other] })).toBe(true)
    expect(mergeInto(row, { facts: [], foreign: [other] })).toBe(false)
    expect([[...row.facts.values()], [...row.foreign.values()]]).toEqual([[one, two], [other]])
  })

  it('tells the rates among its facts', () => {
    const row = emptyRow()
    mergeInto(row, { facts: [one, factOf(RATE)], foreign: [] })
    expect(ratesIn(row)).toEqual([factOf(RATE)])
  })
})

describe('transactions and their corrections', () => {
  const link = (key: string, event: MetricEvent): Link => ({ key, fact: factOf(event) as Transaction })
  const sale = link('A', billed('a', 100, '2026-01-01', { transactionId: 't1' }))
  const twin = link('C', billed('c', 100, '2026-01-01', { transactionId: 't1' }))
  const other = link('A', billed('a', 100, '2026-01-01', { transactionId: 't2' }))
  const refund = link('B', billed('b', -10, '2026-01-02', { kind: 'refund', corrects: 't1' }))
  const own = link('A', billed('a', -10, '2026-01-02', { kind: 'credit', corrects: 't1' }))

  it('are pairs where they lie in different rows', () => {
    const corrections = byCorrected([refund, own])
    expect([...corrections]).toEqual([['t1', [refund, own]]])
    expect(acrossRows([sale, twin, other], corrections)).toEqual([
      { original: sale, correction: refund },
      { original: twin, correction: refund },
      { original: twin, correction: own },
    ])
  })
})
