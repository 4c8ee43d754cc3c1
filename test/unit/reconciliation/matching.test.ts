import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Entry, matchPayouts, matchRows, type Open } from '../../../lib/reconciliation/matching.ts'

const left = (side: Open[]) => Object.fromEntries(side.filter((row) => row.left !== 0).map((row) => [row.id, row.left]))
const entry = (id: string, amount: number, on = '2026-11-01', corrects?: string): Entry => ({ id, amount, on, corrects })

describe('matching two sides', () => {
  it.each<[string, Entry[], Entry[], object, object]>([
    ['equal rows', [entry('a', 100)], [entry('x', 100)], {}, {}],
    ['equal rows before older ones', [entry('a', 300), entry('b', 200, '2026-12-01')], [entry('x', 200)], { a: 300 }, {}],
    ['the oldest of equal rows', [entry('b', 100, '2026-12-01'), entry('a', 100)], [entry('x', 100)], { b: 100 }, {}],
    ['one payment of two invoices', [entry('a', 100), entry('b', 50)], [entry('x', 150)], {}, {}],
    ['an invoice paid in parts', [entry('a', 100)], [entry('x', 60), entry('y', 39)], { a: 1 }, {}],
    [
      'payouts without their fee, each of its own invoice',
      [entry('a', 3_000), entry('b', 3_000, '2026-12-01'), entry('c', 5_000)],
      [entry('x', 2_910), entry('y', 4_850), entry('z', 2_911)],
      { a: 90, b: 89, c: 150 },
      {},
    ],
    [
      'a payout that is near to two, the nearer one',
      [entry('a', 1_000), entry('b', 1_200)],
      [entry('x', 1_150)],
      { a: 1_000, b: 50 },
      {},
    ],
    ['a rest that comes later', [entry('a', 100)], [entry('x', 99), entry('y', 1, '2026-12-01')], {}, {}],
    ['a cent too much', [entry('a', 100)], [entry('x', 101)], {}, { x: 1 }],
    ['a credit paid out for itself', [entry('a', 100), entry('c', -20)], [entry('x', 100), entry('y', -20)], {}, {}],
    ['a credit that the payout has taken off', [entry('a', 100), entry('c', -20)], [entry('x', 80)], {}, {}],
    [
      'a credit of the invoice that it names',
      [entry('a', 100), entry('b', 70), entry('c', -20, '2026-12-01', 'b')],
      [entry('x', 50)],
      { a: 100 },
      {},
    ],
    ['a payment that was restated', [entry('a', 99)], [entry('x', 100), entry('y', -1, '2026-12-01', 'x')], {}, {}],
    ['what has the other sign', [entry('a', 100)], [entry('x', -5)], { a: 100 }, { x: -5 }],
    ['negative rows, the same way', [entry('a', -30)], [entry('x', -30.0)], {}, {}],
  ])('leaves of %s what has no counterpart', (_, ours, theirs, ourLeft, theirLeft) => {
    const matched = matchRows(ours, theirs)
    expect([left(matched.ours), left(matched.theirs)]).toEqual([ourLeft, theirLeft])
  })

  it.each<[string, Entry[], object, object]>([
    ['opens again what was taken back whole', [entry('x', 100), entry('y', -100, '2026-12-01')], { a: 100 }, {}],
    ['leaves alone what was taken back in part', [entry('x', 100), entry('y', -30, '2026-12-01')], {}, { y: -30 }],
  ])('as invoice and payouts %s', (_, cash, ourLeft, theirLeft) => {
    const matched = matchPayouts([entry('a', 100), entry('b', 70)], [...cash, entry('z', 70)])
    expect([left(matched.ours), left(matched.theirs)]).toEqual([ourLeft, theirLeft])
  })

  it('names what a row met', () => {
    const { ours, theirs } = matchRows([entry('a', 100), entry('b', 60)], [entry('x', 150)])
    expect(ours.map(({ id, met }) => [id, met])).toEqual([
      ['a', ['x']],
      ['b', ['x']],
    ])
    expect(theirs[0]?.met).toEqual(['a', 'b'])
  })

  const rows = fc
    .array(fc.record({ amount: fc.integer({ min: -500, max: 500 }), day: fc.integer({ min: 1, max: 28 }), of: fc.nat(9) }), {
      maxLength: 12,
    })
    .map((each) =>
      each.map(({ amount, day, of }, at) =>
        entry(`r${at}`, amount, `2026-11-${String(day).padStart(2, '0')}`, of < at ? `r${of}` : undefined),
      ),
    )
  const sum = (amounts: number[]) => amounts.reduce((a, b) => a + b, 0)

  it('takes the same from both sides, never more than there is, and leaves nothing that could still be matched', () => {
    fc.assert(
      fc.property(rows, rows, (ours, theirs) => {
        const matched = matchRows(ours, theirs)
        const difference = sum(ours.map(({ amount }) => amount)) - sum(theirs.map(({ amount }) => amount))
        expect(sum(matched.ours.map((row) => row.left)) - sum(matched.theirs.map((row) => row.left))).toBe(difference)
        for (const { amount, left } of [...matched.ours, ...matched.theirs])
          expect(Math.abs(left) <= Math.abs(amount) && left * amount >= 0).toBe(true)
        const open = (side: Open[], sign: number) => side.filter((row) => row.left * sign > 0)
        for (const sign of [1, -1])
          for (const row of open(matched.theirs, sign)) expect(row.paid !== 0 || open(matched.ours, sign).length === 0).toBe(true)
        for (const row of [...matched.ours, ...matched.theirs])
          expect(Math.abs(row.paid + row.left)).toBeLessThanOrEqual(Math.abs(row.amount))
      }),
    )
  })

  it('does not depend on the order in which rows come', () => {
    fc.assert(
      fc.property(rows, rows, (ours, theirs) => {
        expect(matchRows(ours.toReversed(), theirs.toReversed())).toEqual(matchRows(ours, theirs))
      }),
    )
  })
})
