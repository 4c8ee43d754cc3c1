import { describe, expect, it } from 'vitest'
import { monthIndex } from '../../../lib/core/period.ts'
import { contributionsIn } from '../../../lib/metrics/aggregate.ts'
import { lacksRates, pruned } from '../../../lib/metrics/sums.ts'
import { aggregatesOfRows, rowsOf } from '../../support/rows-engine.ts'
import { billed, onboarded } from './story.ts'

const SETTINGS = { currency: 'USD', grossMargin: 8000 }

describe('pruned sums', () => {
  const sums = () =>
    aggregatesOfRows(
      rowsOf([
        onboarded('p', '2025-01-05'),
        billed('a', 100, '2025-01-10', { partnerId: 'p' }),
        billed('a', 40, '2025-02-10', { partnerId: 'p' }),
        billed('a', 7, '2025-02-11', { partnerId: 'q' }),
      ]),
      SETTINGS,
    )
  const addresses = (isOfMonth: (text: string) => boolean) =>
    contributionsIn(
      pruned(sums(), (family, month, scope) => isOfMonth(`${family} ${month - monthIndex('2025-01')} ${scope}`)),
    ).map(({ family, scope, cell, value }) => [family, scope, cell, value])

  it('have of the months what is wanted, and all that is counted by name and by day', () => {
    expect(addresses((name) => name === 'revenue 1 p')).toEqual([
      ['events', 'all partners', '2025', 4],
      ['first-month', 'all partners', '2025-01', 1],
      ['revenue', 'p', '02.sourced', 40],
      ['revenue', 'p', '02.credits', 1],
      ['onboarding', 'p', '01.05', 1],
      ['first-revenue', 'p', '01.10', 1],
      ['first-revenue', 'q', '02.11', 1],
      ['last-day', 'all partners', '01.05', 1],
      ['last-day', 'all partners', '02.11', 1],
    ])
  })
  it('are the same where all is wanted', () => {
    expect(contributionsIn(pruned(sums(), () => true))).toEqual(contributionsIn(sums()))
  })
  it('still know which rates are missing', () => {
    const missing = aggregatesOfRows(rowsOf([billed('a', 1, '2025-01-01', { currency: 'EUR' })]), SETTINGS)
    expect([lacksRates(sums()), lacksRates(missing), lacksRates(pruned(missing, () => false))]).toEqual([false, true, true])
  })
})
