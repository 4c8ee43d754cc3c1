import { monthIndex } from '../core/period.ts'
import { emptyAggregates } from './aggregate.ts'
import { addRow } from './contribution.ts'
import { documentOf, type MetricsDocument, type MissingRates } from './document.ts'
import { type Fact, type PublishedRate, sortableInstant } from './fact.ts'
import { rateTable } from './rates.ts'
import { type Row, ratesIn } from './row.ts'
import type { MetricsStore } from './store.ts'

export type Dependencies = { store: Pick<MetricsStore, 'row' | 'allRows'>; currency: string; grossMargin: number }

/** Whether a fact was known at an instant; without one all are. */
export const factKnownAt = (asOf: string | undefined) => {
  if (asOf === undefined) return () => true
  const limit = sortableInstant(asOf)
  return ({ recordedAt }: Fact) => recordedAt <= limit
}

/** What a choice of facts leaves of a row. */
export const narrowed = ({ facts, foreign }: Row, keep: (fact: Fact) => boolean): Row => ({
  facts: new Map([...facts].filter(([, fact]) => keep(fact))),
  foreign: new Map([...foreign].filter(([, fact]) => keep(fact))),
})

/** What `rateTable` makes a table of: the rates that were known. */
export const ratesKnown = async (store: Dependencies['store'], isKnown: (fact: Fact) => boolean): Promise<PublishedRate[]> =>
  ratesIn((await store.row('RATES')).row).filter(isKnown)

/**
 * The metrics as they were known at an instant: rows hold their facts with the time at which these were recorded, so that
 * leaving out the later ones and adding up again is all there is to it. Reads every row.
 */
export const readMetricsAsOf =
  ({ store, currency, grossMargin }: Dependencies) =>
  async (asOf: string, period?: string): Promise<MetricsDocument | MissingRates> => {
    const isKnown = factKnownAt(asOf)
    const rates = rateTable(await ratesKnown(store, isKnown), currency)
    const aggregates = emptyAggregates()
    for await (const { row } of store.allRows()) addRow(aggregates, narrowed(row, isKnown), rates, monthIndex(asOf))
    return documentOf(aggregates, { currency, grossMargin, asOf, period })
  }
