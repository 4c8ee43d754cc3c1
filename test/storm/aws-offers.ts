import fc from 'fast-check'
import { THEIR_PRODUCT } from '../../infra/local/marketplaces/aws/other-seller.ts'
import { addDays } from '../../lib/core/period.ts'
import type { AwsOffer } from '../../lib/offers/offer.ts'
import { usd } from '../support/usd.ts'
import { awsOffer } from '../unit/offers/aws-offer.ts'
import { BUYER } from './aws-world.ts'

const TODAY = '2026-11-02'
const grants = [{ dimension: 'seats', quantity: 1 }]
const usage = [{ dimension: 'api_calls_1k', price: '0.08' }]
const amount = fc.integer({ min: 1, max: 10_000_000 })

const TO_COME = 'to come'
const KEY = 'audited_events'

const added = (days: number[]) => ({
  ...{ key: KEY, name: 'Audited events', description: `Events of ${days.length} systems`, unit: 'Units' },
  type: 'usage' as const,
})

const installments = (total: number, days: number[]) =>
  days.map((day, index) => ({ on: addDays(TODAY, 40 + 30 * day), amount: usd(index === 0 ? total - (days.length - 1) : 1) }))

/** Good offers of every kind; what is resold names its authorisation when the other seller has given one. */
const KINDS: ((total: number, days: number[]) => Partial<AwsOffer>)[] = [
  () => ({ grants }),
  (total, days) => ({ grants, schedule: installments(total + days.length, days), price: usd(total + days.length) }),
  () => ({ grants, usage }),
  () => ({ usage, price: usd(0) }),
  (total) => ({ rates: [12, 24].map((months) => ({ months, rates: [{ dimension: 'seats', price: usd(total) }] })) }),
  () => ({ grants, startsOn: '2027-02-01' }),
  () => ({ grants, termMonths: 1, autoRenewal: { priceIncrease: { type: 'fixed', percent: '7.5' }, maxRenewals: 3 } }),
  (total, days) => ({
    ...{ grants, schedule: installments(total + days.length, days), price: usd(total + days.length) },
    autoRenewal: {
      ...{
        priceIncrease: { type: 'range', fromPercent: '0', toPercent: '9', defaultPercent: '3.33' },
        adjustmentDeadlineDays: 30,
      },
      installments: [
        { afterDays: 0, percent: '33.33' },
        { afterDays: 100, percent: '66.67' },
      ],
    },
  }),
  () => ({ grants, netDays: 45, renews: { channel: 'external', pricing: 'contract' } }),
  (_, days) => ({ usage: [{ dimension: KEY, price: '1' }], newDimensions: [added(days)], price: usd(0) }),
  () => ({ productId: THEIR_PRODUCT.id, resale: { authorizationId: TO_COME, markupPercent: '5.0' } }),
  () => ({ grants, authorises: { resellerAccountId: '210000000002' } }),
]

export const anOffer = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    total: amount,
    days: fc
      .uniqueArray(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 4 })
      .map((days) => days.sort((a, b) => a - b)),
    last: fc.integer({ min: 1, max: 30 }),
  })
  .map(({ kind, total, days, last }): AwsOffer => {
    const { grants: _, ...base } = awsOffer()
    const offer = { ...base, price: usd(total), expiresOn: addDays(TODAY, last), buyerAccountIds: [BUYER], ...kind(total, days) }
    return { ...offer, listPrice: offer.price }
  })
