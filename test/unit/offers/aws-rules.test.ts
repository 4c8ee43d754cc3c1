import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requestOf } from '../../../lib/offers/aws/plan.ts'
import { problemsOf } from '../../../lib/offers/aws/rules.ts'
import type { AwsOffer } from '../../../lib/offers/offer.ts'
import { usd } from '../../support/usd.ts'
import { awsOffer, inInstallments, SCHEDULE } from './aws-offer.ts'

const TODAY = '2026-11-02'
const found = (offer: AwsOffer, today = TODAY) => problemsOf(offer, today).map(({ code, target }) => `${code} ${target}`)
const on = (...dates: string[]) => dates.map((date) => ({ on: date, amount: usd(100) }))
const scheduled = (dates: string[], changes: Partial<AwsOffer> = {}) =>
  awsOffer({ price: usd(100 * dates.length), schedule: on(...dates), ...changes })

describe('before anything is sent, AWS rules', () => {
  it.each([
    ['upfront', awsOffer()],
    ['in installments', inInstallments()],
    ['in one installment', scheduled(['2026-11-02'])],
    ['with a contract of its own', awsOffer({ eula: { type: 'custom', url: 'https://x.s3.eu-west-1.amazonaws.com/e.pdf' } })],
    ['in yen', awsOffer({ price: { amount: 1, currency: 'JPY' }, listPrice: { amount: 1, currency: 'JPY' } })],
    ['at the highest price', awsOffer({ price: usd(10_000_000_000) })],
  ])('let a good offer pass: %s', (_, offer) => {
    expect(problemsOf(offer, TODAY)).toEqual([])
  })

  it.each<[string, Partial<AwsOffer>, string[]]>([
    ['a name with angle brackets', { name: 'Ledger <b>' }, ['INVALID_NAME name']],
    ['a name with a backslash', { name: 'a\\b' }, ['INVALID_NAME name']],
    ['a name that starts with a space', { name: ' Ledger' }, ['INVALID_NAME name']],
    ['a name that is too long', { name: 'x'.repeat(151) }, ['INVALID_NAME name']],
    ['no buyer', { buyerAccountIds: [] }, ['MISSING_BUYER_ACCOUNTS buyerAccountIds']],
    ['a buyer twice', { buyerAccountIds: ['310000000009', '310000000009'] }, ['INVALID_BUYER_ACCOUNTS buyerAccountIds.1']],
    ['a short account id', { buyerAccountIds: ['31000000000'] }, ['INVALID_BUYER_ACCOUNTS buyerAccountIds.0']],
    [
      '26 buyers',
      { buyerAccountIds: Array.from({ length: 26 }, (_, i) => `3100000000${10 + i}`) },
      ['TOO_MANY_BUYER_ACCOUNTS buyerAccountIds'],
    ],
    ['no price', { price: usd(0) }, ['INVALID_AMOUNT price.amount']],
    ['a negative price', { price: usd(-1) }, ['INVALID_AMOUNT price.amount']],
    ['a price above the limit', { price: usd(10_000_000_001) }, ['INVALID_AMOUNT price.amount']],
    ['no list price', { listPrice: usd(0) }, ['INVALID_AMOUNT listPrice.amount']],
    [
      'a list price in another currency',
      { listPrice: { amount: 1, currency: 'EUR' } },
      ['INCOMPATIBLE_CURRENCY_CODE listPrice.currency'],
    ],
    [
      'a currency that AWS does not take',
      { price: { amount: 1000, currency: 'KWD' }, listPrice: { amount: 1000, currency: 'KWD' } },
      ['INVALID_CURRENCY_CODE price.currency'],
    ],
    ['an offer that expires today', { expiresOn: TODAY }, ['INVALID_AVAILABILITY_END_DATE expiresOn']],
    ['an offer that expired', { expiresOn: '2026-10-31' }, ['INVALID_AVAILABILITY_END_DATE expiresOn']],
    ['a term of no month', { termMonths: 0 }, ['INVALID_DURATION termMonths']],
    ['a term of 61 months', { termMonths: 61 }, ['INVALID_DURATION termMonths']],
    ['no grant', { grants: [] }, ['INVALID_GRANTS grants']],
    [
      'two upfront dimensions',
      {
        grants: [
          { dimension: 'seats', quantity: 1 },
          { dimension: 'sites', quantity: 1 },
        ],
      },
      ['INVALID_GRANTS grants'],
    ],
    ['an upfront quantity', { grants: [{ dimension: 'seats', quantity: 50 }] }, ['INVALID_GRANTS grants.0.quantity']],
    [
      'a contract outside S3',
      { eula: { type: 'custom', url: 'https://example.com/e.pdf' } },
      ['INVALID_LEGAL_DOCUMENTS eula.url'],
    ],
    [
      'a contract without https',
      { eula: { type: 'custom', url: 'http://x.s3.amazonaws.com/e.pdf' } },
      ['INVALID_LEGAL_DOCUMENTS eula.url'],
    ],
    [
      'a quantity granted twice',
      {
        schedule: SCHEDULE,
        grants: [
          { dimension: 'seats', quantity: 1 },
          { dimension: 'seats', quantity: 2 },
        ],
      },
      ['DUPLICATE_DIMENSION_KEYS grants.1.dimension'],
    ],
    [
      'more grants than fit into one change',
      {
        schedule: SCHEDULE,
        grants: Array.from({ length: 200 }, (_, i) => ({ dimension: `${i}`.padEnd(100, 'x'), quantity: 1 })),
      },
      ['LIMIT_EXCEEDED_DETAILS grants'],
    ],
  ])('name the field of %s', (_, changes, problems) => {
    expect(found(awsOffer(changes))).toEqual(problems)
  })

  it('tell everything at once', () => {
    const offer = awsOffer({ name: '<', expiresOn: TODAY, grants: [], listPrice: usd(0), buyerAccountIds: [] })
    expect(found(offer)).toHaveLength(5)
  })
})

describe('the rules of a payment schedule', () => {
  it.each<[string, string[], Partial<AwsOffer>, string[]]>([
    ['a day that has two', ['2027-01-01', '2027-01-01'], {}, ['DUPLICATE_CHARGE_DATES schedule.1.on']],
    ['a wrong order', ['2027-02-01', '2027-01-01'], {}, ['INVALID_CHARGE_DATES schedule.1.on']],
    ['the past', ['2026-11-01'], {}, ['INVALID_CHARGE_DATES schedule.0.on']],
    ['the day the term ends', ['2027-11-02'], {}, ['INVALID_CHARGE_DATES schedule.0.on']],
    [
      'two before the buyer accepts',
      ['2026-12-01', '2026-12-15', '2026-12-16'],
      {},
      ['TOO_MANY_BACKDATED_CHARGES schedule.1.on'],
    ],
    ['a sum that is not the price', ['2026-12-01'], { price: usd(99) }, ['SCHEDULE_SUM schedule']],
    ['an empty schedule', [], { price: usd(1) }, ['MISSING_CHARGES schedule', 'SCHEDULE_SUM schedule']],
  ])('name the field of %s', (_, dates, changes, problems) => {
    expect(found(scheduled(dates, changes))).toEqual(problems)
  })

  it('allow today and the last day before the end of the term', () => {
    expect(found(scheduled(['2026-11-02', '2027-11-01']))).toEqual([])
    expect(found(scheduled(['2026-11-02', '2027-02-27'], { termMonths: 1, expiresOn: '2027-01-31' }), '2026-11-02')).toEqual([
      'INVALID_CHARGE_DATES schedule.1.on',
    ])
  })

  it.each([
    [0, 'INVALID_AMOUNT schedule.1.amount.amount'],
    [-100, 'INVALID_AMOUNT schedule.1.amount.amount'],
    [10_000_000_001, 'INVALID_AMOUNT schedule.1.amount.amount'],
  ])('refuse an installment of %i', (amount, problem) => {
    const schedule = [...on('2026-12-01'), { on: '2027-01-01', amount: usd(amount) }]
    expect(found(awsOffer({ schedule, price: usd(100 + amount) }))).toContain(problem)
  })

  it('refuse an installment in another currency', () => {
    const schedule = [...on('2026-12-01'), { on: '2027-01-01', amount: { amount: 100, currency: 'EUR' } }]
    expect(found(awsOffer({ schedule, price: usd(200) }))).toEqual(['INCOMPATIBLE_CURRENCY_CODE schedule.1.amount.currency'])
  })

  it('refuse more than 60 installments', () => {
    const dates = Array.from({ length: 61 }, (_, i) => `2027-${i < 31 ? '01' : '03'}-${String((i % 31) + 1).padStart(2, '0')}`)
    expect(found(scheduled(dates))).toEqual(['TOO_MANY_CHARGES schedule'])
  })
})

describe('an offer that passes the rules', () => {
  it('is sent with amounts that AWS can read, to the cent', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 10_000_000_000 }), { minLength: 1, maxLength: 12 })
    const currency = fc.constantFrom('USD', 'EUR', 'GBP', 'AUD', 'CAD')
    fc.assert(
      fc.property(amounts, currency, (parts, code) => {
        const money = (amount: number) => ({ amount, currency: code })
        const schedule = parts.map((amount, i) => ({ on: `2027-${String(i + 1).padStart(2, '0')}-01`, amount: money(amount) }))
        const price = money(parts.reduce((sum, part) => sum + part, 0))
        const offer = awsOffer({ schedule, price, listPrice: price, termMonths: 24 })
        expect(problemsOf(offer, TODAY)).toEqual([])
        const written = [...JSON.stringify(requestOf(offer, TODAY)).matchAll(/"ChargeAmount":"([^"]+)"/g)].map(([, text]) => text)
        for (const text of written) expect(text).toMatch(/^((100000000(\.0{0,2})?)|(\d{1,8}(\.\d{0,2})?))$/)
        expect(written.map((text) => Math.round(Number(text) * 100))).toEqual(parts)
      }),
    )
  })
})
