import type * as z from '../lib/core/schema.ts'
import type { ScorecardPolicy } from '../lib/scorecards/policy.ts'

/** By what partners are judged, unless cdk.json says otherwise. */
export const SCORECARD_POLICY: z.input<typeof ScorecardPolicy> = {
  id: 'what-they-do',
  versions: [
    {
      version: 1,
      why: 'A partner is judged by what its type is there for, and by nothing else.',
      minPeers: 5,
      cards: {
        reseller: {
          why: 'It sells, keeps and renews, and must be worth what it costs.',
          measures: [
            { measure: 'sourced-revenue' },
            { measure: 'nrr', least: 3 },
            { measure: 'grr', least: 3 },
            { measure: 'renewal', least: 3 },
            { measure: 'ropi' },
          ],
        },
        distributor: {
          why: 'It sells through others: volume, renewal and return.',
          measures: [{ measure: 'sourced-revenue' }, { measure: 'renewal', least: 3 }, { measure: 'ropi' }],
        },
        referral: {
          why: 'It brings customers; what becomes of them is our work.',
          measures: [
            { measure: 'sourced-customers' },
            { measure: 'sourced-revenue' },
            { measure: 'influenced-revenue' },
            { measure: 'win-rate', least: 5 },
            { measure: 'ttv' },
          ],
        },
        isv: {
          why: 'Its product makes ours worth more: what it influences and touches counts.',
          measures: [{ measure: 'influenced-revenue' }, { measure: 'touched-revenue' }, { measure: 'win-rate', least: 5 }],
        },
        si: {
          why: 'It delivers: customers stay and its people are content.',
          measures: [{ measure: 'managed-grr', least: 3 }, { measure: 'touched-revenue' }, { measure: 'psat' }],
        },
        msp: {
          why: 'It sells and runs: customers stay, renew, and its people are content.',
          measures: [
            { measure: 'managed-grr', least: 3 },
            { measure: 'sourced-revenue' },
            { measure: 'renewal', least: 3 },
            { measure: 'psat' },
          ],
        },
      },
    },
  ],
}
