import { mustBe } from '../core/access.ts'
import type { Actor, Context } from '../core/context.ts'
import { invalid } from '../core/errors.ts'
import { dateText, dayNumber, lastDay, monthIndex, monthText } from '../core/period.ts'
import { versionOn } from '../core/versions.ts'
import { type Dependencies as CutDependencies, ratesNow, scopeFor } from '../metrics/cut-read.ts'
import { documentOf } from '../metrics/document.ts'
import { withoutMissingRates } from '../metrics/read.ts'
import { type Listed, listedPartners } from '../partners/listed.ts'
import { pipelinesOf } from '../pipeline/pipeline.ts'
import { type Dependencies as PipelineDependencies, pursuitsIn, ratesFor } from '../pipeline/read.ts'
import type { Psat } from '../surveys/psat.ts'
import { psatIn, type Dependencies as SurveyDependencies } from '../surveys/read.ts'
import { addEvidence, emptyEvidence } from './evidence.ts'
import { sourcesOf } from './measuring.ts'
import type { Card, Measure, ScorecardPolicy } from './policy.ts'
import { type Scorecard, scorecardsOf } from './scorecard.ts'

export type Dependencies = {
  metrics: Omit<CutDependencies, 'partners'>
  partners: CutDependencies['partners']
  offers: PipelineDependencies['offers']
  surveys: Omit<SurveyDependencies, 'partners'>
  policy: ScorecardPolicy
}

type Types = ReadonlyMap<string, Listed>

const MONTHS = 12
const NO_PSAT: Psat = { programme: undefined, types: [], partners: [] }

/** PSAT of the last of the 12 months that has been told and has answers. */
const latestPsat = async ({ surveys }: Dependencies, month: number, partners: Types, context: Context): Promise<Psat> => {
  for (let at = month; at > month - MONTHS; at--) {
    const psat = await psatIn(surveys)(monthText(at), partners, context)
    if (psat.partners.length > 0) return psat
  }
  return NO_PSAT
}

const pipelinesFor = async ({ offers, metrics }: Dependencies, month: number, context: Context) => {
  const pursuits = await pursuitsIn({ offers })(month, undefined, context)
  return pipelinesOf(pursuits, ({ partnerId }) => partnerId, month, await ratesFor(metrics, pursuits))
}

const OF_OFFERS: readonly Measure[] = ['win-rate', 'days-to-close', 'velocity']

/** Reads what the measures of a card need: all rows, and offers and answers only where they are asked for. */
const readSources = async (dependencies: Dependencies, card: Card, month: number, partners: Types, context: Context) => {
  const { metrics } = dependencies
  const asks = (measures: readonly Measure[]) => card.measures.some(({ measure }) => measures.includes(measure))
  const [rates, evidence] = [await ratesNow(metrics), emptyEvidence()]
  for await (const { row } of metrics.store.allRows()) addEvidence(evidence, row, rates, month)
  const { asOfDay } = withoutMissingRates(documentOf(evidence.whole, { ...metrics, period: monthText(month) }))
  const pipelines = asks(OF_OFFERS) ? await pipelinesFor(dependencies, month, context) : []
  const psat = asks(['psat']) ? await latestPsat(dependencies, month, partners, context) : NO_PSAT
  const day = asOfDay === null ? 0 : dayNumber(asOfDay)
  return sourcesOf({ evidence, month, asOfDay: day, grossMargin: metrics.grossMargin, pipelines, psat })
}

type Asked = { period: string; partnerId?: string | undefined; partnerType?: Listed['type'] | undefined }
type Answer = {
  period: string
  currency: string
  policy: { id: string; version: number }
  why: string | null
  cards: Scorecard[]
}

/** The type, and in it the partner alone that is asked for. */
const chosen = (actor: Actor, { partnerId, partnerType }: Asked, partners: Types) => {
  if (partnerType !== undefined) mustBe(actor, 'manager', 'finance', 'platform')
  const only = scopeFor(actor, partnerId)
  if ((only === undefined) === (partnerType === undefined))
    throw invalid('a scorecard is of one partner, or of the partners of a type', [
      { target: 'partnerId', message: 'name a partnerId or a partnerType, and not both' },
    ])
  return { type: partnerType ?? partners.get(only ?? '')?.type, only }
}

/** Scorecards by the version of the policy that held at the end of the period. A type without a card is not judged. */
export const readScorecards =
  (dependencies: Dependencies) =>
  async (actor: Actor, asked: Asked, context: Context): Promise<Answer> => {
    const { policy, metrics } = dependencies
    const partners = await listedPartners(dependencies.partners)
    const { type, only } = chosen(actor, asked, partners)
    const month = monthIndex(asked.period)
    const { version, minPeers, cards } = versionOn(policy, dateText(lastDay(month)))
    const card = type && cards[type]
    const head = { period: asked.period, currency: metrics.currency, policy: { id: policy.id, version } }
    if (!card) return { ...head, why: null, cards: [] }
    const peers = [...partners.values()].filter((partner) => partner.type === type).map(({ id }) => id)
    const sources = await readSources(dependencies, card, month, partners, context)
    const all = scorecardsOf(type, card, peers.toSorted(), minPeers, sources)
    return { ...head, why: card.why, cards: all.filter(({ partnerId }) => only === undefined || partnerId === only) }
  }
