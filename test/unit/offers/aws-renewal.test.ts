import { describe, expect, it } from 'vitest'
import type { AutoRenewal } from '../../../lib/offers/auto-renewal.ts'
import { problemsOfChanges, problemsOfFields } from '../../../lib/offers/aws/failures.ts'
import { requestOf } from '../../../lib/offers/aws/plan.ts'
import { awsPlanner } from '../../../lib/offers/aws/planner.ts'
import { problemsOf } from '../../../lib/offers/aws/rules.ts'
import { type AwsOffer, OfferRequest } from '../../../lib/offers/offer.ts'
import { amend, renew } from '../../../lib/offers/successor.ts'
import { usd } from '../../support/usd.ts'
import { AWS_REQUEST, awsOffer, inInstallments, withoutGrants } from './aws-offer.ts'

const TODAY = '2026-11-02'
const FIXED = { type: 'fixed', percent: '4.5' } as const
const RANGE = { type: 'range', fromPercent: '3', toPercent: '8', defaultPercent: '5' } as const
const HALVES = [
  { afterMonths: 0, percent: '50' },
  { afterMonths: 6, percent: '50', dayOfMonth: 15 },
]

const upfront = (autoRenewal: AutoRenewal, changes: Partial<AwsOffer> = {}) => awsOffer({ autoRenewal, ...changes })
const inHalves = (autoRenewal: AutoRenewal = {}) =>
  inInstallments({ autoRenewal: { priceIncrease: FIXED, installments: HALVES, ...autoRenewal } })
const paid = (...installments: NonNullable<AutoRenewal['installments']>) => inHalves({ installments })
const found = (offer: AwsOffer) =>
  problemsOf(offer, TODAY).map(({ code, target }) => `${code} ${target.replace('autoRenewal', '~')}`)

const card = (months: number) => ({ months, rates: [{ dimension: 'seats', price: usd(100) }] })
const usage = [{ dimension: 'api_calls_1k', price: '0.08' }]
const replacing = (offer: AwsOffer): AwsOffer => {
  const { buyerAccountIds: _, ...rest } = offer
  return { ...rest, replaces: 'agmt-1', endsOn: '2028-04-30' }
}

describe('an agreement may renew itself', () => {
  it.each<[string, AwsOffer]>([
    ['at the same price', upfront({ priceIncrease: { type: 'fixed', percent: '0' } })],
    ['at a price that is settled later', inHalves({ priceIncrease: RANGE, lockoutDays: 30, adjustmentDeadlineDays: 31 })],
    ['at the end of what the buyer chose', withoutGrants({ rates: [card(6), card(12)], autoRenewal: { priceIncrease: FIXED } })],
    ['with its consumption', upfront({ priceIncrease: FIXED, maxRenewals: 2 }, { usage })],
    ['in installments by days', paid({ afterDays: 0, percent: '0.01' }, { afterDays: 364, percent: '99.99' })],
    ['in the place of another one', replacing(inHalves())],
    ['from a day on', upfront({ priceIncrease: FIXED, lockoutDays: 364 }, { startsOn: '2027-01-01' })],
    ['as a renewal', upfront({ priceIncrease: FIXED }, { renews: { channel: 'external', pricing: 'contract' } })],
  ])('%s', (_, offer) => {
    expect(problemsOf(offer, TODAY)).toEqual([])
  })
})

describe('before anything is sent, terms of renewal are refused for', () => {
  it.each<[string, AwsOffer, string[]]>([
    ['no price', upfront({}), ['MISSING_PRICE_INCREASE ~.priceIncrease']],
    [
      'usage alone',
      withoutGrants({ usage, price: usd(0), listPrice: usd(0), autoRenewal: { priceIncrease: FIXED } }),
      ['INCOMPATIBLE_TERMS ~'],
    ],
    [
      'a resale',
      withoutGrants({ resale: { authorizationId: 'r', markupPercent: '5' }, autoRenewal: { priceIncrease: FIXED } }),
      ['INCOMPATIBLE_TERMS ~'],
    ],
    [
      'a reseller',
      upfront({ priceIncrease: FIXED }, { authorises: { resellerAccountId: '210000000002' } }),
      ['INCOMPATIBLE_TERMS ~'],
    ],
    [
      'a range of one percentage',
      upfront({ priceIncrease: { ...RANGE, toPercent: '3.00' }, adjustmentDeadlineDays: 60 }),
      ['INVALID_PERCENTAGE_RANGE ~.priceIncrease'],
    ],
    [
      'a range that falls',
      upfront({ priceIncrease: { ...RANGE, toPercent: '2' }, adjustmentDeadlineDays: 60 }),
      ['INVALID_PERCENTAGE_RANGE ~.priceIncrease.fromPercent'],
    ],
    [
      'a default outside the range',
      upfront({ priceIncrease: { ...RANGE, defaultPercent: '10' }, adjustmentDeadlineDays: 60 }),
      ['INVALID_PERCENTAGE_RANGE ~.priceIncrease.defaultPercent'],
    ],
    [
      'a range that is never settled',
      upfront({ priceIncrease: RANGE }),
      ['MISSING_ADJUSTMENT_DEADLINE ~.adjustmentDeadlineDays'],
    ],
    [
      'nothing to settle',
      upfront({ priceIncrease: FIXED, adjustmentDeadlineDays: 60 }),
      ['INVALID_ADJUSTMENT_DEADLINE ~.adjustmentDeadlineDays'],
    ],
    [
      'a deadline with the lockout',
      upfront({ priceIncrease: RANGE, lockoutDays: 30, adjustmentDeadlineDays: 30 }),
      ['INVALID_ADJUSTMENT_DEADLINE ~.adjustmentDeadlineDays'],
    ],
    [
      'days before the start',
      upfront({ priceIncrease: RANGE, lockoutDays: 365, adjustmentDeadlineDays: 366 }),
      ['INVALID_LOCKOUT_PERIOD ~.lockoutDays', 'INVALID_ADJUSTMENT_DEADLINE ~.adjustmentDeadlineDays'],
    ],
    [
      'days before the start of the shortest choice',
      withoutGrants({ rates: [card(6), card(12)], autoRenewal: { priceIncrease: FIXED, lockoutDays: 181 } }),
      ['INVALID_LOCKOUT_PERIOD ~.lockoutDays'],
    ],
    [
      'a schedule alone',
      inInstallments({ autoRenewal: { priceIncrease: FIXED } }),
      ['MISSING_PAYMENT_SCHEDULE_TERM_TEMPLATE ~.installments'],
    ],
    ['installments alone', upfront({ priceIncrease: FIXED, installments: HALVES }), ['INCOMPATIBLE_TERMS ~.installments']],
    [
      'two units, and none',
      paid({ afterMonths: 0, percent: '50' }, { afterDays: 60, percent: '25' }, { percent: '25' }),
      ['INVALID_CHARGE_DATE_OFFSETS ~.installments.1.afterDays', 'INVALID_CHARGE_DATE_OFFSETS ~.installments.2'],
    ],
    [
      'a day twice',
      paid({ afterMonths: 1, percent: '50' }, { afterMonths: 1, percent: '50' }),
      ['DUPLICATE_CHARGE_DATE_OFFSETS ~.installments.1'],
    ],
    [
      'charges from the end on',
      paid({ afterDays: 365, percent: '50' }, { afterDays: 364, percent: '50' }),
      ['INVALID_CHARGE_DATE_OFFSETS ~.installments.0.afterDays'],
    ],
    [
      'the end in months',
      paid({ afterMonths: 12, percent: '100' }),
      ['INVALID_CHARGE_DATE_OFFSETS ~.installments.0.afterMonths'],
    ],
    [
      'a day of the last month',
      paid({ afterMonths: 11, percent: '100', dayOfMonth: 1 }),
      ['INVALID_DAY_OF_MONTH ~.installments.0.dayOfMonth'],
    ],
    [
      'two days of the first month',
      paid({ afterMonths: 0, percent: '50', dayOfMonth: 5 }, { afterMonths: 0, percent: '50', dayOfMonth: 25 }),
      ['INVALID_DAY_OF_MONTH ~.installments.1.dayOfMonth'],
    ],
    [
      'a day of the month beside days',
      paid({ afterDays: 30, percent: '100', dayOfMonth: 5 }),
      ['INVALID_DAY_OF_MONTH ~.installments.0.dayOfMonth'],
    ],
    [
      'percentages that do not add up, one of them nothing',
      paid({ afterMonths: 0, percent: '99.99' }, { afterMonths: 1, percent: '0' }),
      ['INVALID_CHARGE_PERCENTAGES ~.installments.1.percent', 'INVALID_CHARGE_PERCENTAGES ~.installments'],
    ],
    [
      'everything at once',
      inInstallments({ autoRenewal: { adjustmentDeadlineDays: 5, lockoutDays: 9 } }),
      [
        'MISSING_PRICE_INCREASE ~.priceIncrease',
        'INVALID_ADJUSTMENT_DEADLINE ~.adjustmentDeadlineDays',
        'MISSING_PAYMENT_SCHEDULE_TERM_TEMPLATE ~.installments',
      ],
    ],
  ])('%s', (_, offer, problems) => {
    expect(found(offer)).toEqual(problems)
  })

  it.each<[string, unknown, string]>([
    ['a number', { priceIncrease: { type: 'fixed', percent: 5 } }, 'autoRenewal.priceIncrease.percent'],
    ['three decimals', { priceIncrease: { type: 'fixed', percent: '5.001' } }, 'autoRenewal.priceIncrease.percent'],
    ['more than double', { priceIncrease: { type: 'fixed', percent: '100.01' } }, 'autoRenewal.priceIncrease.percent'],
    ['no day', { lockoutDays: 0 }, 'autoRenewal.lockoutDays'],
    ['no renewal', { maxRenewals: 0 }, 'autoRenewal.maxRenewals'],
    [
      'a 32nd day',
      { installments: [{ afterMonths: 1, percent: '100', dayOfMonth: 32 }] },
      'autoRenewal.installments.0.dayOfMonth',
    ],
    ['87 installments', { installments: Array.from({ length: 87 }, () => HALVES[0]) }, 'autoRenewal.installments'],
    ['an unknown field', { lockout: 5 }, 'autoRenewal'],
  ])('%s, as soon as it is asked for', (_, autoRenewal, path) => {
    const { error } = OfferRequest.safeParse({ ...AWS_REQUEST, autoRenewal })
    expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path])
  })
})

describe('the change set', () => {
  const termOf = (offer: AwsOffer) =>
    requestOf(offer, TODAY).ChangeSet.find(({ ChangeType }) => ChangeType === 'UpdateRenewalTerms')?.DetailsDocument

  it('switches nothing on without terms of renewal', () => {
    expect(termOf(inInstallments())).toBeUndefined()
  })

  it('says how the agreement renews itself, in texts of two decimals', () => {
    const renewal = { priceIncrease: RANGE, lockoutDays: 30, adjustmentDeadlineDays: 60, maxRenewals: 3 }
    expect(termOf(inHalves(renewal))).toEqual({
      Terms: [
        {
          Type: 'RenewalTerm',
          LockoutPeriod: 'P30D',
          AdjustmentDeadline: 'P60D',
          MaxRenewals: 3,
          PriceIncrease: {
            Type: 'PercentageRange',
            Range: { MinValue: '3.00', MaxValue: '8.00', DefaultValue: '5.00' },
          },
          TermTemplates: [
            {
              Type: 'PaymentScheduleTermTemplate',
              Schedule: [
                { ChargeDateOffset: 'P0M', ChargePercentage: '50.00' },
                { ChargeDateOffset: 'P6M', ChargePercentage: '50.00', DayOfMonth: 15 },
              ],
            },
          ],
        },
      ],
    })
    expect(termOf(upfront({ priceIncrease: FIXED }))).toEqual({
      Terms: [{ Type: 'RenewalTerm', PriceIncrease: { Type: 'FixedPercentage', Value: '4.50' } }],
    })
  })

  it('has another hash for other terms of renewal: what was approved is what is sent', () => {
    const hashes = ['4.50', '4.5', '4'].map((percent) => {
      const offer = upfront({ priceIncrease: { type: 'fixed', percent } })
      return awsPlanner.plan(offer, TODAY).hash
    })
    expect(hashes[0]).toBe(hashes[1])
    expect(new Set([...hashes, awsPlanner.plan(awsOffer(), TODAY).hash]).size).toBe(3)
  })
})

describe('what AWS says of terms of renewal', () => {
  it.each([
    ['DUPLICATE_CHARGE_DATE_OFFSETS', 'autoRenewal.installments'],
    ['INCOMPATIBLE_TERMS', 'autoRenewal'],
    ['INVALID_ADJUSTMENT_DEADLINE', 'autoRenewal.adjustmentDeadlineDays'],
    ['INVALID_CHARGE_DATE_OFFSETS', 'autoRenewal.installments'],
    ['INVALID_CHARGE_PERCENTAGES', 'autoRenewal.installments'],
    ['INVALID_DAY_OF_MONTH', 'autoRenewal.installments'],
    ['INVALID_LOCKOUT_PERIOD', 'autoRenewal.lockoutDays'],
    ['INVALID_PERCENTAGE_RANGE', 'autoRenewal.priceIncrease'],
    ['INVALID_UPDATE_REQUEST', 'autoRenewal'],
    ['MISSING_ADJUSTMENT_DEADLINE', 'autoRenewal.adjustmentDeadlineDays'],
    ['MISSING_PAYMENT_SCHEDULE_TERM_TEMPLATE', 'autoRenewal.installments'],
    ['MISSING_PRICE_INCREASE', 'autoRenewal.priceIncrease'],
  ])('%s is a problem of %s, with a remedy', (ErrorCode, target) => {
    const changes = [{ ChangeType: 'UpdateRenewalTerms', ErrorDetailList: [{ ErrorCode, ErrorMessage: 'So.' }] }]
    const [problem] = problemsOfChanges(inHalves(), changes)
    expect(problem).toMatchObject({ code: ErrorCode, target })
    expect(problem?.message).toMatch(/^[a-z].+ \(AWS Marketplace says: So\.\)$/)
  })

  it.each([
    ['LockoutPeriod', 'lockoutDays'],
    ['AdjustmentDeadline', 'adjustmentDeadlineDays'],
    ['MaxRenewals', 'maxRenewals'],
    ['PriceIncrease.Range', 'priceIncrease'],
    ['TermTemplates[0].Schedule[4].ChargePercentage', 'installments.4'],
    ['TermTemplates[0].Schedule', 'installments'],
  ])('names our field for %s', (field, target) => {
    const fields = [{ Field: `DetailsDocument.Terms[0].${field}`, ChangeType: 'UpdateRenewalTerms', Message: 'is wrong' }]
    expect(problemsOfFields(fields)).toMatchObject([{ target: `autoRenewal.${target}` }])
  })
})

describe('terms of renewal go over', () => {
  const before: AwsOffer = { ...inHalves(), status: 'accepted', agreementId: 'agmt-1', acceptedAt: '2026-11-05T00:00:00.000Z' }
  const more = { expiresOn: '2027-03-31', price: usd(500), schedule: [{ on: '2027-04-01', amount: usd(500) }] }

  it('to what amends the offer or renews it, since they name no days of their own', () => {
    expect(amend(before, { ...more, endsOn: '2028-03-31' })).toMatchObject({ autoRenewal: before.autoRenewal })
    expect(renew(before, more)).toMatchObject({ autoRenewal: before.autoRenewal })
  })

  it('unless they are left out', () => {
    expect(amend(before, { ...more, endsOn: '2028-03-31', autoRenewal: null })).not.toHaveProperty('autoRenewal')
  })

  it('where the agreement that runs is the one into which the first has renewed itself', () => {
    const next = amend(before, { ...more, endsOn: '2028-03-31', replaces: 'agmt-2' })
    expect(next).toMatchObject({ replaces: 'agmt-2' })
    expect(amend(before, { ...more, endsOn: '2028-03-31', replaces: null })).toMatchObject({ replaces: 'agmt-1' })
  })
})
