import type { MetricsDocument } from '../metrics/document.ts'
import type { SurvivalStep } from '../metrics/survival.ts'
import type { TimeToValue } from '../metrics/ttv.ts'
import type { StepChart } from './chart.ts'
import { type Figure, rowOf, type Section, type Table } from './section.ts'
import { counted, countText, monthName, NOTHING, percentText } from './words.ts'

const NONE = 'No partner has completed onboarding yet, so that there is no time to measure.'

const chartOf = (curve: SurvivalStep[], median: number | null): StepChart => ({
  kind: 'steps',
  steps: curve.map(({ days, survival, left }) => ({ days, survival: Number(survival), left: left > 0 })),
  median,
  axis: 'days since onboarding was complete',
})

const saysOf = ({ n, events, median }: TimeToValue): string[] => {
  const have = `${countText(events)} of ${counted(n, 'partner')} that completed onboarding ${events === 1 ? 'has' : 'have'} had revenue`
  const waiting =
    n > events ? [`A stroke on the curve is a partner that has none yet: it is counted up to the last day that is known.`] : []
  if (median === null) return [`${have}: too few for a median.`, ...waiting]
  return [`${have}; by the curve half have it within ${counted(median, 'day')}.`, ...waiting]
}

const curveTable = (curve: SurvivalStep[]): Table => ({
  caption: 'The curve, day by day',
  head: ['Days since onboarding', 'Partners still waiting', 'First revenue', 'Last seen without', 'Without revenue after'],
  rows: curve.map(({ days, atRisk, events, left, survival }) =>
    rowOf({}, countText(days), [countText(atRisk), countText(events), countText(left), percentText(survival)]),
  ),
})

const cohortName = (cohort: string) => (cohort === 'all' ? 'All partners' : monthName(cohort))

const cohortTable = (cohorts: TimeToValue[]): Table => ({
  caption: 'By month in which onboarding was complete; shares are of partners without revenue after so many days',
  head: ['Onboarding complete', 'Partners', 'With revenue', 'Median days', '30 days', '90 days', '180 days', '365 days'],
  rows: cohorts.map(({ cohort, n, events, median, s30, s90, s180, s365 }) => {
    const days = median === null ? NOTHING : countText(median)
    return rowOf({}, cohortName(cohort), [countText(n), countText(events), days, ...[s30, s90, s180, s365].map(percentText)])
  }),
})

const figureOf = ({ ttv }: MetricsDocument, curve: SurvivalStep[]): Figure => {
  const title = 'Partners without revenue, by days since onboarding'
  const all = ttv.find(({ cohort }) => cohort === 'all')
  if (!all || all.n === 0) return { title, says: [NONE], tables: [] }
  return { title, says: saysOf(all), chart: chartOf(curve, all.median), tables: [cohortTable(ttv), curveTable(curve)] }
}

/** Time to first revenue of all partners, whatever the month of the report. */
export const timeToValueSection = (document: MetricsDocument, curve: SurvivalStep[]): Section => ({
  id: 'time-to-value',
  title: 'Time to first revenue (TTV)',
  method: `Days from the end of a partner's onboarding to its first sale that was not taken back, by Kaplan–Meier: partners without revenue count for as long as they have been waiting. As of ${document.asOfDay ?? 'no day'}, whatever the month of this report.`,
  figures: [figureOf(document, curve)],
})
