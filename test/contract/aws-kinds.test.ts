import { StartChangeSetCommand } from '@aws-sdk/client-marketplace-catalog'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AGREEMENTS, type Agreement, acceptOffer } from '../../infra/local/marketplaces/aws/agreements.ts'
import { receiveAuthorization } from '../../infra/local/marketplaces/aws/other-seller.ts'
import { addDays } from '../../lib/core/period.ts'
import { requestOf } from '../../lib/offers/aws/plan.ts'
import { problemsOf } from '../../lib/offers/aws/rules.ts'
import type { AwsOffer } from '../../lib/offers/offer.ts'
import { BUYER, type Marketplace, openMarketplace, SCHEDULED } from '../support/aws-marketplace.ts'
import { receivedOn, reselling } from '../support/aws-resale.ts'
import { usd } from '../support/usd.ts'
import { awsOffer } from '../unit/offers/aws-offer.ts'

let market: Marketplace
let old: Agreement
let resold: Agreement
beforeAll(async () => {
  market = await openMarketplace()
  old = await acceptOffer(market.world, await market.release(SCHEDULED), BUYER)
  resold = await acceptOffer(market.world, await market.release(reselling(await receivedOn(market))), BUYER)
})
afterAll(() => market.close())

const TODAY = '2026-11-02'
const day = (from: number, to: number) => fc.integer({ min: from, max: to }).map((days) => addDays(TODAY, days))
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })

const DIMENSIONS = ['seats', 'overage_seats', 'api_calls_1k']
const someOf = fc.subarray(DIMENSIONS, { minLength: 1 })
const grants = someOf.chain((dimensions) =>
  fc.tuple(
    ...dimensions.map((dimension) => fc.record({ dimension: fc.constant(dimension), quantity: fc.integer({ min: 1, max: 3 }) })),
  ),
)
const rates = fc
  .tuple(someOf, fc.uniqueArray(fc.constantFrom(6, 12, 24, 36), { minLength: 1 }))
  .map(([dimensions, durations]) =>
    durations.map((months) => ({ months, rates: dimensions.map((dimension) => ({ dimension, price: usd(months * 100) })) })),
  )
const usage = someOf.map((dimensions) => dimensions.map((dimension) => ({ dimension, price: '0.025' })))
const schedule = fc
  .uniqueArray(day(0, 800), { minLength: 1, maxLength: 5 })
  .map((days) => days.sort().map((on) => ({ on, amount: usd(100) })))

const NEW = { key: 'fresh', name: 'Fresh', description: 'new', unit: 'Units', type: 'contract' as const }

/** Requests of all kinds, sensible ones and others. */
const anOffer = fc
  .record({
    grants: maybe(grants),
    rates: maybe(rates),
    usage: maybe(usage),
    schedule: maybe(schedule),
    startsOn: maybe(day(20, 1200)),
    replaces: fc.boolean(),
    endsOn: maybe(day(40, 900)),
    termMonths: fc.constantFrom(1, 6, 12, 24, 36),
    expiresOn: day(0, 60),
    netDays: maybe(fc.constantFrom(15 as const, 45 as const)),
    renews: maybe(fc.constant({ channel: 'external' as const, pricing: 'contract' as const })),
    buyerAccountIds: maybe(fc.constant<string[]>([BUYER])),
  })
  .map(({ replaces, ...fields }): AwsOffer => {
    const { grants: _, ...offer } = awsOffer()
    const price = usd(fields.schedule ? 100 * fields.schedule.length : 100)
    return { ...offer, ...fields, price, listPrice: price, ...(replaces && { replaces: old.id }) }
  })

const RESALE_MONTHS = 12
/** What of an offer does not go with a resale. */
const OWN = ['grants', 'rates', 'usage', 'schedule', 'netDays', 'renews'] as const

/** A resale of an authorisation that another seller gives for it, and the authorisations that we give ourselves. */
const aResale = fc
  .tuple(anOffer, fc.constantFrom('0', '5.0', '33.3333'), fc.constantFrom('given', 'resold', 'replaced'))
  .map(([offer, markupPercent, kind]): AwsOffer => {
    const { replaces: _, endsOn: __, ...plain } = offer
    if (kind === 'given') {
      const { startsOn: _, netDays: __, renews: ___, ...given } = plain
      return { ...given, authorises: { resellerAccountId: '210000000002' } }
    }
    const sold = Object.fromEntries(Object.entries(plain).filter(([name]) => !(OWN as readonly string[]).includes(name)))
    const resale = { authorizationId: '', markupPercent }
    if (kind === 'resold') return { ...(sold as AwsOffer), termMonths: RESALE_MONTHS, resale }
    return { ...(sold as AwsOffer), resale, replaces: resold.id, endsOn: addDays(TODAY, 400) }
  })

const received = async (offer: AwsOffer): Promise<AwsOffer> => {
  if (!offer.resale) return offer
  const charges = [{ on: addDays(market.world.now().toISOString().slice(0, 10), 200), amount: '100.00' }]
  const { id } = await receiveAuthorization(market.world, { months: RESALE_MONTHS, charges })
  return { ...offer, resale: { ...offer.resale, authorizationId: id } }
}

/** That a replacement must have the types of prices of the agreement, nobody knows who has not read the agreement. */
const fitsOld = ({ schedule, usage }: AwsOffer) => schedule !== undefined && usage === undefined

const asked = async (offer: AwsOffer) => {
  const { Catalog, ChangeSet } = requestOf(offer, TODAY)
  const { ChangeSetId } = await market.catalog.send(new StartChangeSetCommand({ Catalog, ChangeSet }))
  for (const each of [old, resold]) await market.world.shelf.put(AGREEMENTS, each.id, each)
  await market.after(180)
  const { Status, ChangeSet: changes = [] } = await market.describe(ChangeSetId)
  return [Status, ...changes.flatMap(({ ErrorDetailList = [] }) => ErrorDetailList.map(({ ErrorCode }) => ErrorCode))]
}

describe('what our rules let pass', () => {
  it('AWS Marketplace releases, whatever kind of offer it is', async () => {
    let passed = 0
    await fc.assert(
      fc.asyncProperty(anOffer, async (offer) => {
        fc.pre(!offer.replaces || fitsOld(offer))
        fc.pre(problemsOf(offer, market.world.now().toISOString().slice(0, 10)).length === 0)
        passed += 1
        expect(await asked(offer)).toEqual(['SUCCEEDED'])
      }),
      { numRuns: 60, maxSkipsPerRun: 400 },
    )
    expect(passed).toBeGreaterThan(50)
  }, 60_000)

  it('AWS Marketplace releases, whether we resell or authorise a reseller', async () => {
    let passed = 0
    await fc.assert(
      fc.asyncProperty(aResale, async (wish) => {
        const offer = await received(wish)
        fc.pre(problemsOf(offer, market.world.now().toISOString().slice(0, 10)).length === 0)
        passed += 1
        expect(await asked(offer)).toEqual(['SUCCEEDED'])
      }),
      { numRuns: 40, maxSkipsPerRun: 400 },
    )
    expect(passed).toBeGreaterThan(30)
  }, 60_000)

  it('AWS Marketplace releases with a dimension that did not exist', async () => {
    const offer = awsOffer({ newDimensions: [NEW], grants: [{ dimension: NEW.key, quantity: 1 }] })
    expect(problemsOf(offer, TODAY)).toEqual([])
    expect(await asked(offer)).toEqual(['SUCCEEDED'])
  })
})
