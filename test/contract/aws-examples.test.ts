import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SearchAgreementsCommand, type SearchAgreementsInput } from '@aws-sdk/client-marketplace-agreement'
import {
  CancelChangeSetCommand,
  ListEntitiesCommand,
  type ListEntitiesRequest,
  StartChangeSetCommand,
  type StartChangeSetRequest,
} from '@aws-sdk/client-marketplace-catalog'
import { beforeEach, describe, expect, it } from 'vitest'
import { AGREEMENTS, type Agreement, acceptOffer, cancelAgreement } from '../../infra/local/marketplaces/aws/agreements.ts'
import { AUTHORIZATIONS } from '../../infra/local/marketplaces/aws/authorization.ts'
import { invoiceAgreement, refundInvoice } from '../../infra/local/marketplaces/aws/billing.ts'
import { newOffer, OFFERS } from '../../infra/local/marketplaces/aws/offer.ts'
import { receiveAuthorization, resell } from '../../infra/local/marketplaces/aws/other-seller.ts'
import { DEFAULT_PRODUCT, seedProducts } from '../../infra/local/marketplaces/aws/products.ts'
import { renewAgreement, switchRenewal } from '../../infra/local/marketplaces/aws/renewal.ts'
import { Fault } from '../../infra/local/marketplaces/faults.ts'
import { parseAwsEvent } from '../../lib/agreements/aws-events.ts'
import { BUYER, but, CONFIGURABLE, changeSetOf, SCHEDULED } from '../support/aws-marketplace.ts'
import { releasedSet } from '../support/aws-offer-sets.ts'
import { market } from '../support/each-aws-marketplace.ts'

// A folder of example payloads of both APIs, one JSON file each, beside the repository; without it there is nothing to compare with.
const FOLDER = new URL('../../../shared/reference/aws-examples', import.meta.url).pathname
if (!existsSync(FOLDER)) console.warn(`No ${FOLDER}: the examples are skipped.`)
const example = (name: string): unknown => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8'))

const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf)
  if (typeof value !== 'object' || value === null) return value === null ? null : typeof value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shapeOf(each)]))
}

describe.skipIf(!existsSync(FOLDER))('examples of the APIs', () => {
  const OFFER = 'offer-utasxfb3rrrve'
  const RESOLD = 'resaleauthz-hpjtdew7u5oh2'
  beforeEach(async () => {
    await seedProducts(market.world, [{ ...DEFAULT_PRODUCT, id: 'prod-wcrj0q6qfvdsk' }])
    await market.world.shelf.put(OFFERS, OFFER, {
      ...newOffer(OFFER, '2026-10-01T00:00:00.000Z'),
      revision: 3,
      state: 'Released',
    })
  })
  const start = (name: string) =>
    market.catalog.send(new StartChangeSetCommand(example(`request-StartChangeSet-${name}`) as StartChangeSetRequest))

  it.each([
    'saas-contract-flexible-payment-schedule',
    'saas-contract-upfront-buyer-configurable',
    'saas-contract-with-consumption-ccp',
    'saas-future-dated',
    'saas-pay-as-you-go',
    'extend-offer-expiry-optimistic-revision',
    'withdraw-offer-expire-in-past',
    'resale-authorization-one-time-fps',
    'offer-set',
  ])('accepts and applies %s', async (name) => {
    const { ChangeSetId } = await start(name)
    await market.after(180)
    const { Status, ChangeSet = [] } = await market.describe(ChangeSetId)
    expect([Status, ChangeSet.flatMap((each) => each.ErrorDetailList)]).toEqual(['SUCCEEDED', []])
  })

  it('tells of a released offer set in an event of the same shape', async () => {
    await releasedSet(market)
    sameShape('OfferSet Released', 'catalog-offerset-released')
  })

  it('accepts and applies a resale with a markup', async () => {
    const given = await receiveAuthorization(market.world, { months: 12, charges: [{ on: '2026-12-01', amount: '80000.00' }] })
    await market.world.shelf.put(AUTHORIZATIONS, RESOLD, { ...given, id: RESOLD })
    const { ChangeSetId } = await start('cppo-with-markup')
    await market.after(180)
    const { Status, ChangeSet = [] } = await market.describe(ChangeSetId)
    expect([Status, ChangeSet.flatMap((each) => each.ErrorDetailList)]).toEqual(['SUCCEEDED', []])
    sameShape('Offer Released', 'catalog-offer-released-cppo-as-seen-by-channel-partner')
    await acceptOffer(market.world, ChangeSet[0]?.Entity?.Identifier ?? '', '310000000009')
    sameShape('Purchase Agreement Created - Proposer', 'agreement-created-proposer-cppo-as-seen-by-channel-partner')
  })

  it('tells of what another seller resells in events of the same shape', async () => {
    const { ChangeSetId } = await start('resale-authorization-one-time-fps')
    await market.after(180)
    const { ChangeSet = [] } = await market.describe(ChangeSetId)
    const id = ChangeSet[0]?.Entity?.Identifier ?? ''
    await resell(market.world, id, { buyerAccountId: '310000000009', markupPercent: '5.0' })
    sameShape('Offer Released', 'catalog-offer-released-cppo-as-seen-by-isv')
    sameShape('Purchase Agreement Created - Manufacturer', 'agreement-created-manufacturer-cppo')
  })

  it('accepts and applies the replacement of an agreement', async () => {
    await market.after(150 * 86_400)
    const id = 'agmt-8fjflnpt8ac3iu65k5mzqnxnf'
    const pricing = { Type: 'FixedUpfrontPricingTerm', CurrencyCode: 'USD', Price: '0.00', Grants: [] }
    const agreement = {
      id,
      status: 'ACTIVE',
      productId: 'prod-wcrj0q6qfvdsk',
      buyerAccountId: BUYER,
      terms: [pricing],
      adjustments: [],
    }
    await market.world.shelf.put(AGREEMENTS, id, agreement)
    const { ChangeSetId } = await start('replacement-offer-agreement-based')
    await market.after(180)
    const { Status, ChangeSet = [] } = await market.describe(ChangeSetId)
    expect([Status, ChangeSet.flatMap((each) => each.ErrorDetailList)]).toEqual(['SUCCEEDED', []])
  })

  it('accepts the searches', async () => {
    await market.catalog.send(new ListEntitiesCommand(example('request-ListEntities-offers') as ListEntitiesRequest))
    const search = example('request-SearchAgreements-incremental') as SearchAgreementsInput
    expect((await market.agreement.send(new SearchAgreementsCommand(search))).agreementViewSummaries).toEqual([])
  })

  const sameShape = (type: string, name: string, which = 0) =>
    expect(shapeOf(market.events(type)[which])).toEqual(shapeOf(example(`event-${name}`)))

  it('sends events of the same shape about change sets', async () => {
    const { ChangeSetId } = await market.start(changeSetOf(SCHEDULED))
    await market.catalog.send(new CancelChangeSetCommand({ Catalog: 'AWSMarketplace', ChangeSetId }))
    await market.release()
    market.world.faults.add(Fault.parse({ target: 'aws.catalog.ApplyChangeSet', kind: 'error' }))
    await market.run(changeSetOf(SCHEDULED))
    sameShape('Change Set Cancelled', 'catalog-change-set-cancelled')
    sameShape('Change Set Succeeded', 'catalog-change-set-succeeded')
    sameShape('Change Set Failed', 'catalog-change-set-failed-server-fault')
    sameShape('Offer Released', 'catalog-offer-released-direct')
  })

  it.each([
    'created-proposer-renew',
    'amended-proposer-buyer-opted-out-of-renewal',
    'ending-proposer-90-days',
    'renewal-terms-finalized-proposer',
    'renewal-upcoming-proposer',
    'ended-proposer-renewed',
  ])('of an event %s says which agreement to look at', (name) => {
    const event = example(`event-agreement-${name}`)
    const { id } = (event as { detail: { agreement: { id: string } } }).detail.agreement
    expect(parseAwsEvent(event)).toEqual({ kind: 'agreement', agreementId: id })
  })

  it('sends an event of the same shape about a renewal that its buyer switches off', async () => {
    const term = { Type: 'RenewalTerm', PriceIncrease: { Type: 'FixedPercentage', Value: '5.00' }, LockoutPeriod: 'P30D' }
    const changes = but(CONFIGURABLE, { UpdateRenewalTerms: { Terms: [term] } })
    const { id } = await acceptOffer(market.world, await market.release(changes), BUYER, { autoRenew: true })
    await switchRenewal(market.world, id, false)
    sameShape('Purchase Agreement Amended - Proposer', 'agreement-amended-proposer-buyer-opted-out-of-renewal')
  })

  it('sends events of the same shape about agreements', async () => {
    const agree = async (): Promise<Agreement> => acceptOffer(market.world, await market.release(), BUYER)
    const [one, two, three] = [await agree(), await agree(), await agree()]
    await renewAgreement(market.world, one.id)
    await cancelAgreement(market.world, two.id)
    await market.after(400 * 86_400)
    const [invoice] = await invoiceAgreement(market.world, three.id)
    await refundInvoice(market.world, three.id, invoice?.id ?? '', '1.00', 'OTHER')
    sameShape('Purchase Agreement Created - Proposer', 'agreement-created-proposer-new')
    sameShape('Purchase Agreement Created - Proposer', 'agreement-created-proposer-renew', 3)
    sameShape('Purchase Agreement Ended - Proposer', 'agreement-ended-proposer-renewed')
    sameShape('Purchase Agreement Ended - Proposer', 'agreement-ended-proposer-cancelled-without-offer', 1)
    sameShape('Purchase Agreement Ended - Proposer', 'agreement-ended-proposer-expired', 2)
    sameShape('Purchase Agreement Billing Adjustment Completed - Proposer', 'billing-adjustment-completed-proposer')
    expect(await market.world.shelf.get<Agreement>(AGREEMENTS, three.id)).toMatchObject({ status: 'EXPIRED' })
  })
})
