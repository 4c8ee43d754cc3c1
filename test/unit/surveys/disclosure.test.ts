import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { disclosed, type Unit } from '../../../lib/surveys/disclosure.ts'

const LEAST = 5

/** Units from lines like `reseller: a 7, b 3`. */
const unitsOf = (...lines: string[]): Unit[] =>
  lines.flatMap((line) => {
    const [group = '', members = ''] = line.split(': ')
    return members.split(', ').map((member) => {
      const [id = '', size] = member.split(' ')
      return { id, group, size: Number(size) }
    })
  })

const told = (...lines: string[]) => {
  const { all, groups, units } = disclosed(unitsOf(...lines), LEAST)
  return [...(all ? ['all'] : []), ...groups, ...units].join(' ')
}

describe('what is told', () => {
  it.each([
    ['nothing of four', ['si: a 4'], ''],
    ['everything of five of one partner', ['si: a 5'], 'all si a'],
    ['a partner, where the rest is nobody or enough', ['si: a 5, b 5'], 'all si a b'],
    ['no partner, where the rest would be one', ['si: a 9, b 1'], 'all si'],
    ['the larger partner, with the smaller two together as the rest', ['si: a 9, b 3, c 2'], 'all si a'],
    ['of two large and one small partner the larger, so that the other two are a rest', ['si: a 9, b 6, c 2'], 'all si a'],
    ['no group, where the other one is too small', ['si: a 9', 'msp: b 1'], 'all'],
    ['the larger group, and nobody of a small rest of two groups', ['si: a 9', 'msp: b 4', 'isv: c 3'], 'all si a'],
    ['a partner of a group that is not told, out of the rest of all', ['si: a 20', 'msp: b 6', 'isv: c 2'], 'all si a'],
  ])('is %s', (_, lines, expected) => {
    expect(told(...lines)).toBe(expected)
  })
})

/** Every sum and difference of figures that is one of respondents, each counted once or not: what somebody could compute. */
const computable = (figures: Unit[][], units: Unit[]): number[] => {
  let sums = [new Map<Unit, number>()]
  for (const figure of figures) {
    sums = sums.flatMap((sum) =>
      [-1, 0, 1].map((factor) => {
        const next = new Map(sum)
        if (factor !== 0) for (const unit of figure) next.set(unit, (next.get(unit) ?? 0) + factor)
        return next
      }),
    )
  }
  return sums
    .filter((sum) => [...sum.values()].every((times) => times === 0 || times === 1))
    .map((sum) => units.reduce((size, unit) => size + (sum.get(unit) ? unit.size : 0), 0))
}

const anyUnits = fc
  .array(fc.record({ group: fc.constantFrom('si', 'msp', 'isv'), size: fc.integer({ min: 1, max: 12 }) }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((units) => units.map((unit, i) => ({ ...unit, id: `p${i}` })))

describe('suppression', () => {
  it('leaves no figure, sum or difference of fewer respondents than the least', () => {
    fc.assert(
      fc.property(anyUnits, (units) => {
        const { all, groups, units: alone } = disclosed(units, LEAST)
        const figures = [
          ...(all ? [units] : []),
          ...[...groups].map((group) => units.filter((unit) => unit.group === group)),
          ...units.filter(({ id }) => alone.has(id)).map((unit) => [unit]),
        ]
        for (const size of computable(figures, units)) expect(size === 0 || size >= LEAST).toBe(true)
      }),
    )
  })

  it('tells the figure of all as soon as there are enough', () => {
    fc.assert(
      fc.property(anyUnits, (units) => {
        expect(disclosed(units, LEAST).all).toBe(units.reduce((sum, { size }) => sum + size, 0) >= LEAST)
      }),
    )
  })

  it('does not depend on the order of the units', () => {
    fc.assert(
      fc.property(anyUnits, (units) => {
        const [one, other] = [disclosed(units, LEAST), disclosed(units.toReversed(), LEAST)]
        expect([...one.groups, ...one.units].sort()).toEqual([...other.groups, ...other.units].sort())
      }),
    )
  })
})
