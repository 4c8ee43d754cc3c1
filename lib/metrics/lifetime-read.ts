import type { Actor } from '../core/context.ts'
import { monthIndex } from '../core/period.ts'
import { emptyAggregates } from './aggregate.ts'
import { addRow } from './contribution.ts'
import { type Dependencies as CutDependencies, ratesNow, scopeFor } from './cut-read.ts'
import { documentOf } from './document.ts'
import { addLifetime, type Cohorts, lifetimeValuesOf } from './lifetime.ts'
import { withoutMissingRates } from './read.ts'
import { lacksRates } from './sums.ts'

export type Dependencies = Omit<CutDependencies, 'partners'>

type Asked = { period: string; partnerId?: string | undefined }

/** The lifetime value of the customers that partners, or one of them, brought; in one pass over all rows. */
export const readLifetimeValues =
  (dependencies: Dependencies) =>
  async (actor: Actor, { period, partnerId }: Asked) => {
    const { store, grossMargin } = dependencies
    const month = monthIndex(period)
    const [rates, whole, cohorts] = [await ratesNow(dependencies), emptyAggregates(), new Map() as Cohorts]
    for await (const { row } of store.allRows()) {
      addRow(whole, row, rates, month)
      if (!lacksRates(whole)) addLifetime(cohorts, row, rates, month, scopeFor(actor, partnerId))
    }
    const { definitions, currency, asOfDay } = withoutMissingRates(documentOf(whole, { ...dependencies, period }))
    // A month past the last known day has not been seen yet.
    const seen = Math.min(month, asOfDay === null ? -Infinity : monthIndex(asOfDay))
    return { definitions, currency, asOfDay, period, rows: lifetimeValuesOf(cohorts, seen, grossMargin) }
  }
