import type { Listed } from '../partners/listed.ts'
import { type Figure, medianOf, type Reason, textOf } from './figure.ts'
import { MEASURING, type Sources } from './measuring.ts'
import type { Card, Measure } from './policy.ts'

const UNITS: { [M in Measure]: Unit } = {
  'sourced-customers': 'count',
  'sourced-revenue': 'minor units',
  'influenced-revenue': 'minor units',
  'touched-revenue': 'minor units',
  nrr: 'ratio',
  grr: 'ratio',
  'managed-grr': 'ratio',
  renewal: 'ratio',
  ropi: 'ratio',
  ttv: 'days',
  'win-rate': 'ratio',
  'days-to-close': 'days',
  velocity: 'minor units a day',
  psat: 'ratio',
}
type Unit = 'count' | 'minor units' | 'ratio' | 'days' | 'minor units a day'

export type Measured = {
  measure: Measure
  unit: Unit
  value: string | null
  reason?: Reason
  cases?: number
  lower?: string
  upper?: string
  /** Of the partners of the type that have a value, if there are enough of them. */
  median: string | null
  peers: number
  rateExtrapolated?: true
}

export type Scorecard = { partnerId: string; partnerType: Listed['type']; measures: Measured[] }

/** Fewer cases than the policy wants judge nobody, nor do they count among the peers. */
const judged = (figure: Figure, least: number): Figure => {
  const { cases = Infinity, rateExtrapolated: _, interval: __, ...rest } = figure
  return cases < least ? { ...rest, cases, value: undefined, reason: 'too-few-cases' } : figure
}

const told = (measure: Measure, { value, interval, ...rest }: Figure, all: Figure[], minPeers: number): Measured => {
  const peers = all.flatMap((figure) => figure.value ?? [])
  const median = peers.length >= minPeers ? medianOf(peers) : undefined
  return {
    measure,
    unit: UNITS[measure],
    value: value ? textOf(value) : null,
    ...rest,
    ...interval,
    median: median ? textOf(median) : null,
    peers: peers.length,
  }
}

/** The scorecards of all partners of a type: the measures of its card, each beside the median of the type. */
export const scorecardsOf = (
  partnerType: Listed['type'],
  { measures }: Card,
  partnerIds: string[],
  minPeers: number,
  sources: Sources,
): Scorecard[] => {
  const columns = measures.map(({ measure, least }) => ({
    measure,
    figures: partnerIds.map((partnerId) => judged(MEASURING[measure](sources, partnerId), least)),
  }))
  return partnerIds.map((partnerId, at) => ({
    partnerId,
    partnerType,
    measures: columns.flatMap(({ measure, figures }) => {
      const figure = figures[at]
      return figure ? [told(measure, figure, figures, minPeers)] : []
    }),
  }))
}
