import { dateText, lastDay, monthIndex } from '../core/period.ts'
import type { Aggregates } from '../metrics/aggregate.ts'
import { dayOf } from '../metrics/calendar.ts'
import { documentOf, type MetricsDocument, type MissingRates, type Settings } from '../metrics/document.ts'
import type { SurvivalStep } from '../metrics/survival.ts'
import { timeToValueCurve } from '../metrics/ttv.ts'
import { acquisitionSection } from './acquisition.ts'
import { type KeyFigure, keyFiguresOf } from './key-figures.ts'
import { retentionSection } from './retention.ts'
import { returnsSection } from './returns.ts'
import { revenueSection } from './revenue.ts'
import type { Section } from './section.ts'
import { timeToValueSection } from './time-to-value.ts'
import { countText, monthName, percentText } from './words.ts'

/** All months' metrics, and the curve behind the time to value. */
export type Source = { document: MetricsDocument; curve: SurvivalStep[] }

/** A month's metrics and how they came about, as sentences, pictures and tables. `notes` are what a reader must know first. */
export type Report = {
  period: string
  facts: [name: string, value: string][]
  notes: string[]
  keyFigures: KeyFigure[]
  sections: Section[]
  isExtrapolated: boolean
}

/** The source of a report, of any period. */
export const sourceOf = (aggregates: Aggregates, settings: Omit<Settings, 'period'>): Source | MissingRates => {
  const document = documentOf(aggregates, settings)
  if ('error' in document) return document
  return { document, curve: document.asOfDay === null ? [] : timeToValueCurve(aggregates, dayOf(document.asOfDay)) }
}

const factsOf = ({
  asOf,
  asOfDay,
  months,
  knownEvents,
  currency,
  grossMargin,
  definitions,
}: MetricsDocument): [string, string][] => [
  ['As of', asOfDay ?? 'no day: nothing has happened yet'],
  ['Known events', `${countText(knownEvents)}${asOf === null ? '' : `, recorded up to ${asOf}`}`],
  ['Months', months.from && months.to ? `${monthName(months.from)} to ${monthName(months.to)}` : 'none'],
  ['Currency', currency],
  ['Gross margin', percentText(grossMargin)],
  ['Definitions', `version ${definitions}`],
]

const placeOf = ({ months: { from, to }, asOfDay }: MetricsDocument, period: string): string[] => {
  const name = monthName(period)
  if (from === null || to === null || asOfDay === null || to < from)
    return ['There are no figures yet: no sale, booking or cost is known.']
  if (period < from || period > to)
    return [`There are no figures of ${name}: they run from ${monthName(from)} to ${monthName(to)}.`]
  const end = dateText(lastDay(monthIndex(period)))
  return asOfDay < end
    ? [`${name} is not over in these figures: the last day that is known is ${asOfDay}, so that they will still change.`]
    : []
}

const CHANGING =
  'The figures are what the known events say. A late event, a correction or an earlier exchange rate changes them, also those of past months.'

const isFlagged = ({ sections }: Pick<Report, 'sections'>) =>
  sections.some(({ figures }) =>
    figures.some(({ tables }) => tables.some(({ rows }) => rows.some((row) => row.some(({ extrapolated }) => extrapolated)))),
  )

/** The report of a month. Past months are told as they are known now. */
export const reportOf = ({ document, curve }: Source, period: string): Report => {
  const sections = [
    revenueSection(document, period),
    retentionSection(document, period),
    timeToValueSection(document, curve),
    acquisitionSection(document, period),
    returnsSection(document, period),
  ]
  return {
    period,
    facts: factsOf(document),
    notes: [...placeOf(document, period), CHANGING],
    keyFigures: keyFiguresOf(document, period),
    sections,
    isExtrapolated: isFlagged({ sections }),
  }
}
