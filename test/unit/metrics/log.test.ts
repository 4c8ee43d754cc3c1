import { describe, expect, it } from 'vitest'
import type { Contribution } from '../../../lib/metrics/aggregate.ts'
import { addUp } from '../../../lib/metrics/aggregate.ts'
import { added, deltasOf, firstOf, isOver, type LogEntry, lackingIn, notAdded, waitingIn } from '../../../lib/metrics/log.ts'

describe('a log', () => {
  const entry = (number: number, sums?: Contribution[]): LogEntry => ({
    shard: 's',
    number,
    last: String(number),
    at: 1_000,
    waiting: 0,
    ...(sums && { sums: addUp(sums) }),
  })

  it.each<[string, LogEntry[], number[]]>([
    ['is empty', [], []],
    ['was never added', [entry(0, []), entry(1, [])], [0, 1]],
    ['was added up to an entry', [entry(0, []), entry(1), entry(2, [])], [2]],
    ['was added to its end', [entry(0, []), entry(1)], []],
    ['was added more than once', [entry(3), entry(4, []), entry(5), entry(6, [])], [6]],
  ])('that %s waits with what came after', (_, entries, numbers) =>
    expect(notAdded(entries).map(({ number }) => number)).toEqual(numbers),
  )

  it.each<[string, LogEntry[], number, boolean]>([
    ['all is added and its last record has been gone for long', [entry(1)], 1_000 + 2 * 86_400 + 1, true],
    ['all is added, but a record might come again', [entry(1)], 1_000 + 2 * 86_400, false],
    ['something waits, however old', [entry(0), entry(1, [])], 1_000_000_000, false],
  ])('is over where %s: %#', (_, entries, now, over) => expect(isOver(entries, now)).toBe(over))

  it('lacks in an item what its marks of the shard do not cover', () => {
    const sum = (value: number): Contribution => ({ family: 'events', year: 0, scope: 'all partners', cell: 'events', value })
    const waiting = waitingIn([entry(8, [sum(1)]), entry(9, [sum(2)]), { ...entry(7, [sum(4)]), shard: 'other' }])
    const lacking = (item: Record<string, string>) => lackingIn(item, waiting).map(({ value }) => value)
    const mark = (n: number) => `${String(n).padStart(40, '0')}@1000`
    expect(lacking({})).toEqual([1, 2, 4])
    expect(lacking({ 'wm:s': mark(7) })).toEqual([1, 2, 4])
    expect(lacking({ 'wm:s': mark(8) })).toEqual([2, 4])
    expect(lacking({ 'wm:s': mark(9), 'wm:other': mark(7) })).toEqual([])
  })

  const sums = (...years: number[]): Contribution[] =>
    years.map((year) => ({ family: 'revenue', year, scope: 'p', cell: '01.direct', value: 7 }))

  it('is added in parts that touch some items, of two entries at least', () => {
    const entries = [entry(0, sums(2020, 2021)), entry(1, sums(2021)), entry(2, sums(2020, 2022)), entry(3, sums(2023))]
    const numbersOf = (most: number) => firstOf(entries, most).map(({ number }) => number)
    expect([1, 2, 3, 4].map(numbersOf)).toEqual([
      [0, 1],
      [0, 1],
      [0, 1, 2],
      [0, 1, 2, 3],
    ])
    expect(firstOf([entry(4)], 0)).toEqual([entry(4)])
  })

  it('tells what its entries add, each piece at the end of its entry', () => {
    const [first, second] = sums(2020, 2021) as [Contribution, Contribution]
    expect(deltasOf([entry(0), entry(1, [first, second]), entry(2, [first])])).toEqual([
      { sequence: '1', at: 1_000, contribution: first },
      { sequence: '1', at: 1_000, contribution: second },
      { sequence: '2', at: 1_000, contribution: first },
    ])
  })

  it('says of an entry that was added when that was, and that nothing waits', () =>
    expect(added({ ...entry(1, sums(2020)), waiting: 99 }, 2_000)).toEqual({ ...entry(1), at: 2_000 }))
})
