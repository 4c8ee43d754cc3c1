import { StartChangeSetCommand } from '@aws-sdk/client-marketplace-catalog'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AutoRenewal } from '../../lib/offers/auto-renewal.ts'
import { requestOf } from '../../lib/offers/aws/plan.ts'
import { problemsOf } from '../../lib/offers/aws/rules.ts'
import type { AwsOffer } from '../../lib/offers/offer.ts'
import { type Marketplace, openMarketplace } from '../support/aws-marketplace.ts'
import { usd } from '../support/usd.ts'
import { awsOffer, inInstallments, withoutGrants } from '../unit/offers/aws-offer.ts'

let market: Marketplace
beforeAll(async () => {
  market = await openMarketplace()
})
afterAll(() => market.close())

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const seldom = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 1 })

const months = (count: number) => ({ months: count, rates: [{ dimension: 'seats', price: usd(100 * count) }] })
const offers = fc.constantFrom<AwsOffer>(
  awsOffer(),
  inInstallments(),
  inInstallments({ startsOn: '2027-01-31', termMonths: 13, expiresOn: '2026-12-20' }),
  withoutGrants({ rates: [months(6), months(12)] }),
)

const percent = fc.constantFrom('0', '3', '5.00', '8.50')
const priceIncrease = fc.oneof(
  fc.record({ type: fc.constant('fixed' as const), percent }),
  fc.record({ type: fc.constant('range' as const), fromPercent: percent, toPercent: percent, defaultPercent: percent }),
)
const days = fc.constantFrom(1, 30, 31, 180, 364, 365, 366)

/** Some installments of equal shares, sometimes none of a sum of 100. */
const installments = fc.integer({ min: 1, max: 5 }).chain((count) =>
  fc
    .record({
      unit: fc.constantFrom('months', 'days', 'both'),
      at: fc.array(fc.constantFrom(0, 0, 1, 5, 11, 12, 13), { minLength: count, maxLength: count }),
      day: fc.array(seldom(fc.constantFrom(1, 15, 31)), { minLength: count, maxLength: count }),
      share: fc.constantFrom(100 / count, 100 / count, 100 / count, 33.33),
    })
    .map(
      ({ unit, at, day, share }): NonNullable<AutoRenewal['installments']> =>
        at.map((offset, index) => {
          const inMonths = unit === 'months' || (unit === 'both' && index % 2 === 0)
          const dayOfMonth = day[index]
          return {
            ...(inMonths ? { afterMonths: offset } : { afterDays: offset * 30 }),
            ...{ percent: share.toFixed(2), ...(dayOfMonth && { dayOfMonth }) },
          }
        }),
    ),
)

/** The same with what goes together, and without what does not. */
const fitting = (renewal: AutoRenewal & Wish, { schedule }: AwsOffer): AutoRenewal => {
  const { adjustmentDeadlineDays: _, installments: __, deadline, template, ...rest } = renewal
  return {
    ...rest,
    ...(rest.priceIncrease?.type === 'range' && { adjustmentDeadlineDays: deadline }),
    ...(schedule && { installments: template }),
  }
}
type Wish = { deadline: number; template: NonNullable<AutoRenewal['installments']> }

const anOffer = fc
  .record({
    offer: offers,
    isFitting: fc.constantFrom(true, true, false),
    renewal: fc.record({
      priceIncrease: fc.option(priceIncrease, { nil: undefined, freq: 9 }),
      lockoutDays: seldom(days),
      adjustmentDeadlineDays: maybe(days),
      maxRenewals: maybe(fc.integer({ min: 1, max: 3 })),
      installments: maybe(installments),
      deadline: days,
      template: installments,
    }),
  })
  .map(({ offer, isFitting, renewal }): AwsOffer => {
    const { deadline: _, template: __, ...asWished } = renewal
    return { ...offer, autoRenewal: isFitting ? fitting(renewal, offer) : asWished }
  })

/** Whether AWS Marketplace releases it; what is wrong in itself is refused at once, the rest when the change set is applied. */
const isReleased = async (offer: AwsOffer) => {
  const { Catalog, ChangeSet } = requestOf(offer, market.world.now().toISOString().slice(0, 10))
  const started = await market.catalog
    .send(new StartChangeSetCommand({ Catalog, ChangeSet }))
    .catch((error: Error) => (error.name === 'ValidationException' ? undefined : Promise.reject(error)))
  if (!started) return false
  await market.after(180)
  return (await market.describe(started.ChangeSetId)).Status === 'SUCCEEDED'
}

it('AWS Marketplace releases the terms of renewal that our rules let pass, and no others', async () => {
  const seen = { passed: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(anOffer, async (offer) => {
      const problems = problemsOf(offer, market.world.now().toISOString().slice(0, 10))
      seen[problems.length ? 'refused' : 'passed'] += 1
      expect([problems.map(({ code }) => code), await isReleased(offer)]).toEqual([expect.anything(), problems.length === 0])
    }),
    { numRuns: 200 },
  )
  expect(Math.min(seen.passed, seen.refused)).toBeGreaterThan(15)
}, 60_000)
