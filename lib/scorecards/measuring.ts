import type { Retention } from '../metrics/nrr.ts'
import { retentionOf } from '../metrics/nrr.ts'
import { flag, ratio } from '../metrics/ratio.ts'
import { type PartnerReturn, returnsOf } from '../metrics/ropi.ts'
import { timeToValueOf } from '../metrics/ttv.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import type { Psat } from '../surveys/psat.ts'
import { wilson } from '../surveys/wilson.ts'
import { daysOf, type Evidence, revenueOf } from './evidence.ts'
import { type Figure, figureOf, whole } from './figure.ts'
import type { Measure } from './policy.ts'

/** All that partners are measured by, in a month, by partner. */
export type Sources = {
  evidence: Evidence
  month: number
  asOfDay: number
  retention: ReadonlyMap<string, Retention>
  managed: ReadonlyMap<string, Retention>
  returns: ReadonlyMap<string, PartnerReturn>
  pipelines: ReadonlyMap<string, Pipeline>
  psat: ReadonlyMap<string, Psat['partners'][number]>
}

const WINDOW = 12

const byPartner = <Row extends { partnerId: string }>(rows: Row[]) => new Map(rows.map((row) => [row.partnerId, row]))

type Known = { evidence: Evidence; month: number; asOfDay: number; grossMargin: number; pipelines: Pipeline[]; psat: Psat }

/** What is known, by partner. */
export const sourcesOf = ({ evidence, month, asOfDay, grossMargin, pipelines, psat }: Known): Sources => ({
  evidence,
  month,
  asOfDay,
  retention: byPartner(retentionOf(evidence.whole, month, WINDOW)),
  managed: byPartner(retentionOf(evidence.managed, month, WINDOW)),
  returns: byPartner(returnsOf(evidence.whole, month, grossMargin)),
  pipelines: new Map(pipelines.filter(({ window }) => window === WINDOW).map((row) => [row.value, row])),
  psat: byPartner(psat.partners),
})

type Measuring = (sources: Sources, partnerId: string) => Figure

const NO_CASES: Figure = { value: undefined, cases: 0, reason: 'too-few-cases' }

const revenue =
  (share: 'sourced' | 'influenced' | 'touched'): Measuring =>
  ({ evidence, month }, partnerId) => {
    const { amount, extrapolated } = revenueOf(evidence, partnerId, month, share)
    return { value: whole(amount), ...flag(extrapolated) }
  }

const retention =
  (of: 'retention' | 'managed', part: 'nrr' | 'grr'): Measuring =>
  (sources, partnerId) => {
    const row = sources[of].get(partnerId)
    return row ? figureOf(row[part], { cases: row.accounts, ...flag(row.rateExtrapolated === true) }) : NO_CASES
  }

/** A share of cases, with its interval by Wilson. */
const share = (hits: number, cases: number): Figure =>
  cases === 0 ? NO_CASES : figureOf(ratio(hits, cases), { cases, interval: wilson(hits, cases) })

const renewal: Measuring = ({ retention, evidence }, partnerId) =>
  share(evidence.renewed.get(partnerId) ?? 0, retention.get(partnerId)?.accounts ?? 0)

const ropi: Measuring = ({ returns }, partnerId) => {
  const row = returns.get(partnerId)
  return row ? figureOf(row.ratio, flag(row.rateExtrapolated === true)) : { value: undefined, reason: 'zero-denominator' }
}

const timeToValue: Measuring = ({ evidence, asOfDay }, partnerId) => {
  const [own] = timeToValueOf(daysOf(evidence, partnerId), asOfDay)
  if (!own || own.n === 0) return { value: undefined, reason: 'not-onboarded' }
  return own.median === null ? { value: undefined, reason: 'not-reached' } : { value: whole(own.median) }
}

const ofPipeline =
  (figure: (row: Pipeline) => Figure): Measuring =>
  ({ pipelines }, partnerId) => {
    const row = pipelines.get(partnerId)
    return row ? figure(row) : NO_CASES
  }

const won = ({ won, rateExtrapolated }: Pipeline) => ({ cases: won, ...flag(rateExtrapolated === true) })

const psat: Measuring = ({ psat }, partnerId) => {
  const row = psat.get(partnerId)
  if (!row) return { value: undefined, reason: 'no-answers' }
  if (row.share === null) return { value: undefined, reason: row.reason }
  const { lower, upper, respondents: cases } = row
  return figureOf(row.share, { cases, interval: { lower, upper } })
}

/** How each measure is taken. */
export const MEASURING: { [M in Measure]: Measuring } = {
  'sourced-customers': ({ evidence }, partnerId) => ({ value: whole(evidence.sourced.get(partnerId) ?? 0) }),
  'sourced-revenue': revenue('sourced'),
  'influenced-revenue': revenue('influenced'),
  'touched-revenue': revenue('touched'),
  nrr: retention('retention', 'nrr'),
  grr: retention('retention', 'grr'),
  'managed-grr': retention('managed', 'grr'),
  renewal,
  ropi,
  ttv: timeToValue,
  'win-rate': ofPipeline(({ won, lost }) => share(won, won + lost)),
  'days-to-close': ofPipeline((row) => (row.medianDays === null ? NO_CASES : { value: whole(row.medianDays), cases: row.won })),
  velocity: ofPipeline((row) => figureOf(row.velocity, won(row))),
  psat,
}
