import { PartnerType } from '../../events/partner.ts'
import { DateText } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { type Fault, fault, faultsOfOrder, under } from '../core/versions.ts'

/** What a partner can be judged by; all but TTV and PSAT are of the 12 months up to the period. */
export const MEASURES = [
  'sourced-customers',
  'sourced-revenue',
  'influenced-revenue',
  'touched-revenue',
  'nrr',
  'grr',
  'managed-grr',
  'renewal',
  'ropi',
  'ttv',
  'win-rate',
  'days-to-close',
  'velocity',
  'psat',
] as const
export type Measure = (typeof MEASURES)[number]

// The others are amounts, which have no number of cases, and PSAT, which has a least number of its own.
const OF_CASES: readonly Measure[] = ['nrr', 'grr', 'managed-grr', 'renewal', 'win-rate', 'days-to-close', 'velocity']

const Asked = z.strictObject({
  measure: z.enum(MEASURES),
  /** Fewer cases (accounts, decided offers) judge nobody. */
  least: z._default(z.int().check(z.minimum(1), z.maximum(1000)), 1),
})

const Why = z.trimmed(300)
const Card = z.strictObject({ why: Why, measures: z.list(Asked, MEASURES.length) })
export type Card = z.infer<typeof Card>

const Version = z.strictObject({
  version: z.int().check(z.minimum(1)),
  effectiveFrom: z.optional(DateText),
  why: Why,
  /** The median of fewer partners is not told: it would tell of single ones. */
  minPeers: z.int().check(z.minimum(3), z.maximum(1000)),
  cards: z.partialRecord(PartnerType, Card),
})

const faultsOfCard = ({ measures }: Card): Fault[] =>
  measures.flatMap(({ measure, least }, at) => [
    ...(measures.findIndex((each) => each.measure === measure) < at
      ? [fault(`${measure} is named twice`, 'measures', at, 'measure')]
      : []),
    ...(least > 1 && !OF_CASES.includes(measure)
      ? [fault(`${measure} has no number of cases: leave it out`, 'measures', at, 'least')]
      : []),
  ])

const faultsOf = ({ cards }: z.infer<typeof Version>): Fault[] =>
  Object.entries(cards).flatMap(([type, card]) => (card ? under(['cards', type], faultsOfCard(card)) : []))

/** By which measures each type of partner is judged, as data. */
export const ScorecardPolicy = z
  .strictObject({ id: z.trimmed(40), versions: z.list(Version, 10) })
  .check(({ value: { versions }, issues, ...payload }) => {
    const faults = [...faultsOfOrder(versions), ...versions.flatMap((version, at) => under([at], faultsOf(version)))]
    issues.push(...under(['versions'], faults).map((each) => ({ ...payload, code: 'custom' as const, input: versions, ...each })))
  })
export type ScorecardPolicy = z.infer<typeof ScorecardPolicy>

/** The policy that a setting holds as JSON. Throws a RangeError that names each mistake with its place. */
export const scorecardPolicyIn = (setting: string): ScorecardPolicy => {
  const { success, data, error } = ScorecardPolicy.safeParse(JSON.parse(setting))
  if (success) return data
  const mistakes = error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`)
  throw new RangeError(`the scorecard policy has mistakes:\n${mistakes.join('\n')}`)
}
