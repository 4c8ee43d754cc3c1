import { describe, expect, it } from 'vitest'
import { approvalFacts } from '../../../lib/offers/approval-facts.ts'
import type { Offer } from '../../../lib/offers/offer.ts'
import { usd } from '../../support/usd.ts'
import { awsOffer, inInstallments, withoutGrants } from './aws-offer.ts'
import { azureOffer, bundle } from './azure-offer.ts'

const factsOn = (today: string, offer: Offer) => approvalFacts(offer, {}, { type: 'msp' }, today)
const paidOn = (...payments: [on: string, cents: number][]) =>
  inInstallments({ schedule: payments.map(([on, cents]) => ({ on, amount: usd(cents) })) })

const card = (months: number, cents: number) => ({ months, rates: [{ dimension: 'seats', price: usd(cents) }] })

/** When an offer of twelve months that is submitted on 2026-11-02 is paid. */
const PAYMENTS: [name: string, offer: Offer, installments: number, first: number, last: number, late: number][] = [
  ['at once', awsOffer(), 1, 0, 0, 0],
  ['in three rates, the last in the second half', inInstallments(), 3, 29, 211, 300],
  ['on the last day of the first half', paidOn(['2027-05-01', 100]), 1, 180, 180, 0],
  ['on the first day of the second half', paidOn(['2027-05-02', 100]), 1, 181, 181, 1000],
  ['a third in the second half, rounded up', paidOn(['2026-12-01', 200], ['2027-10-01', 100]), 2, 29, 333, 334],
  ['late first, as it stands in the request', paidOn(['2027-10-01', 100], ['2026-12-01', 300]), 2, 29, 333, 250],
  ['on a day that is over', paidOn(['2026-10-01', 100]), 1, 0, 0, 0],
  ['with nothing', paidOn(['2027-10-01', 0]), 1, 333, 333, 0],
  ['every month', azureOffer({ payments: 'monthly', termMonths: 12, price: usd(120_000) }), 12, 0, 334, 500],
  ['every year of three', azureOffer({ payments: 'yearly', termMonths: 36, price: usd(300) }), 3, 0, 731, 334],
  ['every month of thirteen', azureOffer({ payments: 'monthly', termMonths: 13, price: usd(130) }), 13, 0, 365, 462],
  ['every year of a half one', azureOffer({ payments: 'yearly', termMonths: 6 }), 1, 0, 0, 0],
  ['upfront for three years', azureOffer({ payments: 'upfront', termMonths: 36 }), 1, 0, 0, 0],
]

describe('the facts of an offer', () => {
  it.each(PAYMENTS)(
    'tell when it is paid: %s',
    (_, offer, installments, firstPaymentDays, lastPaymentDays, backLoadedPermille) => {
      expect(factsOn('2026-11-02', offer)).toMatchObject({
        installments,
        firstPaymentDays,
        lastPaymentDays,
        backLoadedPermille,
      })
    },
  )

  it.each<[string, Offer, boolean]>([
    ['the standard EULA', awsOffer(), false],
    ['a custom EULA', awsOffer({ eula: { type: 'custom', url: 'https://example.com/eula.pdf' } }), true],
    ['the terms of the plan', azureOffer(), false],
    ['terms of its own', azureOffer({ termsUrl: 'https://example.com/terms.pdf' }), true],
  ])('tell whether its terms are custom: %s', (_, offer, customTerms) => {
    expect(factsOn('2026-11-02', offer).customTerms).toBe(customTerms)
  })

  it.each<[string, Offer, boolean | undefined]>([
    ['it ends', awsOffer(), undefined],
    ['it renews itself', awsOffer({ autoRenewal: { priceIncrease: { type: 'fixed', percent: '3' } } }), true],
  ])('tell whether later terms are agreed as well: %s', (_, offer, renewsItself) => {
    expect(factsOn('2026-11-02', offer).renewsItself).toBe(renewsItself)
  })

  it.each<[string, Offer, number | undefined]>([
    ['the largest of the rates', withoutGrants({ rates: [card(12, 12_000), card(24, 18_000)] }), 250],
    ['none above the list', withoutGrants({ rates: [card(12, 13_000)] }), 0],
    [
      'none where the list has another currency',
      withoutGrants({ rates: [{ months: 12, rates: [{ dimension: 'seats', price: { amount: 5, currency: 'EUR' } }] }] }),
      undefined,
    ],
    ['none of metered units', awsOffer({ usage: [{ dimension: 'calls', price: '0.1' }] }), undefined],
    ['none of a resale', withoutGrants({ resale: { authorizationId: 'r', markupPercent: '5' } }), undefined],
  ])('tell the discount: %s', (_, offer, discount) => {
    const facts = approvalFacts(offer, { [offer.productId]: usd(1_000) }, { type: 'msp' }, '2026-11-02')
    expect(facts.discountPermille).toBe(discount)
  })

  it('tell of several plans the total, and of each other fact the worst, since each can be bought by itself', () => {
    const facts = factsOn('2026-11-02', bundle())
    // Paid at once and in 12 months: 500 of 1000 in the second half.
    expect(facts).toMatchObject({
      total: usd(9_120_000),
      installments: 12,
      firstPaymentDays: 0,
      lastPaymentDays: 334,
      backLoadedPermille: 500,
    })
    // 20 % and 13.6 %, as the vendor's own people state.
    expect(facts.discountPermille).toBe(200)
  })

  it('tell whose it is, for how much and how long', () => {
    expect(factsOn('2026-11-02', awsOffer({ termMonths: 24 }))).toMatchObject({
      marketplace: 'aws',
      partnerId: 'par_1',
      partnerType: 'msp',
      total: usd(10_000_000),
      termMonths: 24,
      discountPermille: 167,
    })
  })
})
