import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addUp, type Contribution, contributionsIn } from '../../../lib/metrics/aggregate.ts'
import { fromText, toText } from '../../../lib/metrics/sums-text.ts'

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

describe('sums as text', () => {
  it('are the sums when they are read', () => {
    const law = (some: Contribution[]) => {
      const sums = addUp(some)
      expect(inOrder(contributionsIn(fromText(toText(sums))))).toEqual(inOrder(contributionsIn(sums)))
    }
    fc.assert(fc.property(fc.array(contribution, { maxLength: 60, size: 'max' }), law))
  })

  it('have no place for what is zero', () => {
    const sum = (cell: string, value: number): Contribution => ({ family: 'revenue', year: 2026, scope: 'p', cell, value })
    const of = (...sums: Contribution[]) => toText(addUp(sums))
    expect(of(sum('03.sourced', 5), sum('03.sourced', -5))).toBe(of())
    expect(of(sum('01.direct', 0), sum('02.direct', 5), sum('04.direct', 6), sum('05.direct', 0))).toContain(
      `["revenue","p","direct",${2026 * 12 + 1},5,0,6]`,
    )
  })
})
