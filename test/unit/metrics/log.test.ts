import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Contribution } from '../../../lib/metrics/aggregate.ts'
import { addUp, contributionsIn } from '../../../lib/metrics/aggregate.ts'
import { isOver, type LogEntry, lackingIn, notAdded, packedSums, unpackedSums, waitingIn } from '../../../lib/metrics/log.ts'

const two = (n: number) => String(n).padStart(2, '0')
const value = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }).filter((n) => n !== 0)
const scope = fc.constantFrom('all partners', 'ptn-1', 'a|b"c')
const [year, month] = [fc.integer({ min: 2000, max: 2099 }), fc.integer({ min: 1, max: 12 })]

const contribution: fc.Arbitrary<Contribution> = fc.oneof(
  fc.tuple(fc.constantFrom('base', 'now'), scope, year, month, value).map(([measure, scope, year, month, value]) => ({
    family: 'retention-12' as const,
    scope,
    year,
    cell: `${two(month)}.${measure}`,
    value,
  })),
  fc.tuple(scope, year, month, value).map(([scope, year, month, value]) => ({
    family: 'onboarding' as const,
    scope,
    year,
    cell: `${two(month)}.${two(month)}`,
    value,
  })),
  fc
    .tuple(year, value)
    .map(([of, value]) => ({ family: 'events' as const, scope: 'all partners', year: 0, cell: String(of), value })),
)

const inOrder = (sums: Contribution[]) => sums.map((sum) => JSON.stringify(Object.entries(sum).sort())).sort()

describe('packed sums', () => {
  it('are the sums when they are unpacked', () => {
    const law = (some: Contribution[]) => {
      const sums = contributionsIn(addUp(some))
      expect(inOrder(unpackedSums(packedSums(sums)))).toEqual(inOrder(sums))
    }
    fc.assert(fc.property(fc.array(contribution, { maxLength: 60 }), law))
  })
})

describe('a log', () => {
  const entry = (number: number, sums?: Contribution[]): LogEntry => ({
    shard: 's',
    number,
    last: String(number),
    at: 1_000,
    waiting: 0,
    ...(sums && { sums }),
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
})
