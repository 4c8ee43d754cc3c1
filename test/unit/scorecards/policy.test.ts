import { describe, expect, it } from 'vitest'
import { SCORECARD_POLICY } from '../../../infra/scorecard-policy.ts'
import type * as z from '../../../lib/core/schema.ts'
import { ScorecardPolicy, scorecardPolicyIn } from '../../../lib/scorecards/policy.ts'

type Input = z.input<typeof ScorecardPolicy>
type Version = Input['versions'][number]

const version = (more: Partial<Version> = {}): Version => ({
  version: 1,
  why: 'as agreed',
  minPeers: 5,
  cards: { reseller: { why: 'it sells', measures: [{ measure: 'nrr', least: 3 }] } },
  ...more,
})
const card = (...measures: { measure: 'nrr' | 'ropi'; least?: number }[]) =>
  version({ cards: { reseller: { why: 'it sells', measures } } })
const policy = (...versions: Version[]): Input => ({ id: 'cards', versions })

describe('a policy of scorecards', () => {
  it('takes any number of cases unless it says otherwise', () => {
    expect(ScorecardPolicy.parse(policy(card({ measure: 'nrr' }))).versions[0]?.cards.reseller?.measures).toEqual([
      { measure: 'nrr', least: 1 },
    ])
  })

  it.each<[string, unknown, RegExp]>([
    [
      'a measure that there is not',
      policy({ ...version(), cards: { si: { why: 'x', measures: [{ measure: 'luck' }] } } } as never),
      /versions\.0\.cards\.si\.measures\.0\.measure/,
    ],
    [
      'a type that there is not',
      policy({ ...version(), cards: { friend: { why: 'x', measures: [{ measure: 'nrr' }] } } } as never),
      /versions\.0\.cards/,
    ],
    ['a card without measures', policy(card()), /versions\.0\.cards\.reseller\.measures/],
    [
      'a measure twice',
      policy(card({ measure: 'nrr' }, { measure: 'nrr' })),
      /cards\.reseller\.measures\.1\.measure: nrr is named twice/,
    ],
    [
      'a least number of cases where there are none',
      policy(card({ measure: 'ropi', least: 3 })),
      /measures\.0\.least: ropi has no number of cases: leave it out/,
    ],
    ['a median of two', policy(version({ minPeers: 2 })), /versions\.0\.minPeers/],
    ['versions that overlap', policy(version(), version({ version: 2 })), /versions\.1\.effectiveFrom: must be a day after/],
  ])('refuses %s by its place', (_, input, message) => {
    expect(() => scorecardPolicyIn(JSON.stringify(input))).toThrow(message)
  })

  it('is one out of the box, in which no referral partner is judged by what becomes of its customers', () => {
    const [{ cards } = version()] = ScorecardPolicy.parse(SCORECARD_POLICY).versions
    expect(Object.keys(cards).sort()).toEqual(['distributor', 'isv', 'msp', 'referral', 'reseller', 'si'])
    const measures = cards.referral?.measures.map(({ measure }) => measure as string)
    for (const measure of ['nrr', 'grr', 'renewal', 'ropi', 'psat']) expect(measures).not.toContain(measure)
  })
})
