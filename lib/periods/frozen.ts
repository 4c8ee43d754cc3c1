import type { DomainEvent } from '../../events/index.ts'
import { MetricEvent } from '../../events/metrics.ts'
import { unavailable } from '../core/errors.ts'
import { monthIndex } from '../core/period.ts'
import { emptyAggregates } from '../metrics/aggregate.ts'
import { factKnownAt, narrowed } from '../metrics/as-of.ts'
import { addRow } from '../metrics/contribution.ts'
import { documentOf, type MetricsDocument, type Settings } from '../metrics/document.ts'
import { type Fact, sortableInstant } from '../metrics/fact.ts'
import { rateTable } from '../metrics/rates.ts'
import { withoutMissingRates } from '../metrics/read.ts'
import type { Row } from '../metrics/row.ts'
import { ratesIn } from '../metrics/row.ts'
import { type Census, noteCorrections } from '../verification/census.ts'

/**
 * What a month was closed with: its metrics, and for each row the ids of the events that were known. Times would not do: an event can
 * be recorded under an earlier time than that at which it comes in.
 */
export type Known = Record<string, string[]>
/** `corrections`: what corrects what, by row. */
export type Frozen = { document: MetricsDocument; known: Known; corrections: Census['corrections'] }

export type KeyedRow = { key: string; row: Row }

const TYPES: ReadonlySet<string> = new Set(MetricEvent.def.options.flatMap(({ shape }) => shape.type.def.values))

/** The ids of the events that metrics are made of, as far as they were recorded up to an instant. */
export const idsUntil = async (events: AsyncIterable<DomainEvent>, asOf: string): Promise<Set<string>> => {
  const [ids, limit] = [new Set<string>(), sortableInstant(asOf)]
  for await (const { id, type, recordedat } of events) if (TYPES.has(type) && sortableInstant(recordedat) <= limit) ids.add(id)
  return ids
}

const idsIn = ({ facts, foreign }: Row) => [...facts.keys(), ...foreign.keys()]

/** What of a row was known by then: its own facts and those of other rows that it is linked with. */
export const knownIn = (known: Known, key: string) => {
  const ids = new Set(known[key])
  return ({ id }: Fact) => ids.has(id)
}

/** Whether a fact was known to any row. */
export const knownAnywhere = (known: Known) => {
  const ids = new Set(Object.values(known).flat())
  return ({ id }: Fact) => ids.has(id)
}

type Sources = { rates: Row; rows: AsyncIterable<KeyedRow>; expected: Set<string>; settings: Settings & { asOf: string } }

/** The metrics of a month as of an instant, with what they are made of; refused while rows lack some of the expected events. */
export const freeze = async ({ rates, rows, expected, settings }: Sources): Promise<Frozen> => {
  const isKnown = factKnownAt(settings.asOf)
  const table = rateTable(ratesIn(rates).filter(isKnown), settings.currency)
  const aggregates = emptyAggregates()
  const known: Known = {}
  const corrections: Census['corrections'] = new Map()
  for await (const { key, row } of rows) {
    const then = narrowed(key === 'RATES' ? rates : row, isKnown)
    addRow(aggregates, then, table, monthIndex(settings.asOf))
    known[key] = idsIn(then)
    noteCorrections({ corrections }, { key, row })
    for (const id of then.facts.keys()) expected.delete(id)
  }
  if (expected.size > 0) throw unavailable(`the metrics lack ${expected.size} events as yet: try again`)
  return { document: withoutMissingRates(documentOf(aggregates, settings)), known, corrections }
}

/** How many facts are known in all: as many as are found again, unless rows are being made anew. */
export const countOf = (known: Known) => Object.values(known).reduce((sum, ids) => sum + ids.length, 0)
