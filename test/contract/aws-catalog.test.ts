import {
  CancelChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeEntityCommand,
  ListChangeSetsCommand,
  ListEntitiesCommand,
  type ListEntitiesRequest,
  MarketplaceCatalogClient,
  ResourceInUseException,
  ResourceNotFoundException,
  ResourceNotSupportedException,
  StartChangeSetCommand,
  ValidationException,
} from '@aws-sdk/client-marketplace-catalog'
import { describe, expect, it } from 'vitest'
import { openCatalog } from '../../infra/local/marketplaces/aws/catalog.ts'
import { DEFAULT_PRODUCT, PRODUCTS, SELLER } from '../../infra/local/marketplaces/aws/products.ts'
import { Fault } from '../../infra/local/marketplaces/faults.ts'
import { BUYER, but, CONFIGURABLE, changeOf, changeSetOf, refusal, SCHEDULED } from '../support/aws-marketplace.ts'
import { market } from '../support/each-aws-marketplace.ts'

const Catalog = 'AWSMarketplace'
const draft = (name: string) =>
  changeSetOf({ CreateOffer: { ProductId: DEFAULT_PRODUCT.id }, UpdateInformation: { Name: name, Description: 'a draft' } })
const expiry = (identifier: string, date = '2026-12-20') => [
  changeOf('UpdateAvailability', { AvailabilityEndDate: date }, identifier),
]

describe('a change set', () => {
  it('is PREPARING for a minute, then APPLYING, and SUCCEEDED after three', async () => {
    const { ChangeSetId, ChangeSetArn } = await market.start(changeSetOf(SCHEDULED), { ChangeSetName: 'po:deal-7:v1' })
    expect(ChangeSetArn).toBe(`arn:aws:aws-marketplace:us-east-1:${SELLER.accountId}:AWSMarketplace/ChangeSet/${ChangeSetId}`)
    const statuses = []
    for (const seconds of [0, 59, 1, 119, 1]) {
      await market.after(seconds)
      statuses.push((await market.describe(ChangeSetId)).Status)
    }
    expect(statuses).toEqual(['PREPARING', 'PREPARING', 'APPLYING', 'APPLYING', 'SUCCEEDED'])
  })

  it('tells the id of the new offer once it succeeded, and the details as they were sent', async () => {
    const { ChangeSetId } = await market.start(changeSetOf(SCHEDULED))
    const running = await market.describe(ChangeSetId)
    expect(running.ChangeSet?.[0]?.Entity).toEqual({ Type: 'Offer@1.0' })
    expect(running.ChangeSetName).toBe(`Submitted by ${SELLER.accountId}`)
    await market.after(180)
    const done = await market.describe(ChangeSetId)
    expect(done).toMatchObject({ StartTime: '2026-11-02T09:00:00Z', EndTime: '2026-11-02T09:03:00Z', Intent: 'APPLY' })
    expect(new Set(done.ChangeSet?.map((each) => each.Entity?.Identifier))).toEqual(
      new Set([expect.stringMatching(/^offer-[a-z0-9]{13}$/)]),
    )
    expect(done.ChangeSet?.map((each) => each.DetailsDocument)).toEqual(Object.values(SCHEDULED))
    expect(done.ChangeSet?.map((each) => JSON.parse(each.Details ?? ''))).toEqual(Object.values(SCHEDULED))
  })

  it('takes Details as a JSON text instead of DetailsDocument', async () => {
    const [first, ...others] = changeSetOf(SCHEDULED).map(({ DetailsDocument, ...change }) => ({
      ...change,
      Details: JSON.stringify(DetailsDocument),
    }))
    if (!first) throw new Error('no changes')
    expect((await market.run([first, ...others])).Status).toBe('SUCCEEDED')
  })

  it('can be cancelled while it prepares, and only then', async () => {
    const [one, two] = [await market.start(draft('one')), await market.start(draft('two'))]
    await market.catalog.send(new CancelChangeSetCommand({ Catalog, ChangeSetId: one.ChangeSetId }))
    await market.after(60)
    const late = market.catalog.send(new CancelChangeSetCommand({ Catalog, ChangeSetId: two.ChangeSetId }))
    expect(await refusal(late)).toBeInstanceOf(ResourceInUseException)
    await market.after(120)
    expect((await market.describe(one.ChangeSetId)).Status).toBe('CANCELLED')
    expect((await market.offers()).EntitySummaryList?.map((row) => row.Name)).toEqual(['two'])
    expect(market.events('Change Set Cancelled')).toHaveLength(1)
  })

  it('fails for a fault of the server without errors of its changes', async () => {
    market.world.faults.add(Fault.parse({ target: 'aws.catalog.ApplyChangeSet', kind: 'error' }))
    const failed = await market.run(changeSetOf(SCHEDULED))
    expect(failed).toMatchObject({ Status: 'FAILED', FailureCode: 'SERVER_FAULT', FailureDescription: expect.any(String) })
    expect(failed.ChangeSet?.flatMap((each) => each.ErrorDetailList)).toEqual([])
    expect((await market.offers()).EntitySummaryList).toEqual([])
  })

  it('can be asked for until 90 days after its end', async () => {
    const { ChangeSetId } = await market.run(draft('old'))
    await market.after(90 * 86_400 - 1)
    expect((await market.describe(ChangeSetId)).Status).toBe('SUCCEEDED')
    await market.after(1)
    expect(await refusal(market.describe(ChangeSetId))).toBeInstanceOf(ResourceNotFoundException)
  })

  it('is found by name, state and entity', async () => {
    const one = await market.start(draft('one'), { ChangeSetName: 'first' })
    await market.after(180)
    const offerId = (await market.describe(one.ChangeSetId)).ChangeSet?.[0]?.Entity?.Identifier ?? ''
    const two = await market.start(expiry(offerId), { ChangeSetName: 'second' })
    const found = async (Name: string, ...ValueList: string[]) => {
      const { ChangeSetSummaryList = [] } = await market.catalog.send(
        new ListChangeSetsCommand({ Catalog, FilterList: [{ Name, ValueList }] }),
      )
      return ChangeSetSummaryList.map((row) => row.ChangeSetId)
    }
    expect(await found('ChangeSetName', 'first')).toEqual([one.ChangeSetId])
    expect(await found('Status', 'PREPARING', 'APPLYING')).toEqual([two.ChangeSetId])
    expect(await found('EntityId', offerId)).toEqual([two.ChangeSetId, one.ChangeSetId])
    expect(await found('AfterStartTime', '2026-11-02T09:00:00Z')).toEqual([two.ChangeSetId])
    expect(await found('BeforeEndTime', '2026-11-03T00:00:00Z')).toEqual([one.ChangeSetId])
    expect(await refusal(found('Colour', 'blue'))).toBeInstanceOf(ValidationException)
  })

  it('is listed in pages', async () => {
    for (const name of ['one', 'two', 'three']) await market.start(draft(name), { ChangeSetName: name })
    const page = async (NextToken?: string) =>
      market.catalog.send(new ListChangeSetsCommand({ Catalog, MaxResults: 2, ...(NextToken && { NextToken }) }))
    const first = await page()
    const second = await page(first.NextToken)
    expect([first.ChangeSetSummaryList?.length, second.ChangeSetSummaryList?.length, second.NextToken]).toEqual([2, 1, undefined])
    expect(await refusal(page('nonsense'))).toBeInstanceOf(ValidationException)
  })
})

describe('the events of a change set', () => {
  it('tell of its end and of the release, without its errors and entities', async () => {
    const { ChangeSetId, ChangeSetArn } = await market.start(changeSetOf(SCHEDULED), { ChangeSetName: 'po:deal-7:v1' })
    await market.after(180)
    const offerId = (await market.describe(ChangeSetId)).ChangeSet?.[0]?.Entity?.Identifier
    const uuid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    const common = { version: '0', id: uuid, account: SELLER.accountId, region: 'us-east-1', time: '2026-11-02T09:03:00Z' }
    expect(market.events('Change Set Succeeded')).toEqual([
      {
        ...common,
        source: 'aws.marketplacecatalog',
        'detail-type': 'Change Set Succeeded',
        resources: [ChangeSetArn],
        detail: {
          requestId: uuid,
          Catalog,
          ChangeSetId,
          ChangeSetName: 'po:deal-7:v1',
          StartTime: '2026-11-02T09:00:00Z',
          EndTime: '2026-11-02T09:03:00Z',
        },
      },
    ])
    expect(market.events('Offer Released')).toEqual([
      {
        ...common,
        source: 'aws.marketplacecatalog',
        'detail-type': 'Offer Released',
        resources: [`arn:aws:aws-marketplace:us-east-1:${SELLER.accountId}:AWSMarketplace/Offer/${offerId}`],
        detail: {
          requestId: uuid,
          catalog: Catalog,
          offer: {
            id: offerId,
            arn: `arn:aws:catalog:us-east-1:${SELLER.accountId}:Offer/${offerId}`,
            name: 'Deal 7',
            expirationDate: '2026-12-15T00:00:00Z',
          },
          product: {
            id: DEFAULT_PRODUCT.id,
            arn: `arn:aws:aws-marketplace:us-east-1:${SELLER.accountId}:AWSMarketplace/SaaSProduct/${DEFAULT_PRODUCT.id}`,
            title: DEFAULT_PRODUCT.title,
          },
          manufacturer: SELLER,
          sellerOfRecord: SELLER,
          targetedBuyerAccountIds: [BUYER],
        },
      },
    ])
  })

  it('tell of a failure whose fault it is', async () => {
    await market.run(changeSetOf(but(SCHEDULED, { UpdateInformation: { Name: 'only' } })))
    expect(market.events('Change Set Failed')).toMatchObject([{ detail: { FailureCode: 'CLIENT_ERROR' } }])
    expect(market.events('Offer Released')).toEqual([])
  })

  it('tell of a release once, not of later changes', async () => {
    const offerId = await market.release()
    await market.run(expiry(offerId))
    expect(market.events('Change Set Succeeded')).toHaveLength(2)
    expect(market.events('Offer Released')).toHaveLength(1)
  })
})

describe('an offer', () => {
  it('is described with its terms, rules and revision', async () => {
    const offerId = await market.release()
    const entity = await market.catalog.send(new DescribeEntityCommand({ Catalog, EntityId: offerId }))
    expect(entity).toMatchObject({
      EntityType: 'Offer@1.0',
      EntityIdentifier: `${offerId}@1`,
      LastModifiedDate: '2026-11-02T09:03:00Z',
      DetailsDocument: {
        Id: offerId,
        State: 'Released',
        Name: 'Deal 7',
        Description: 'for the seller only',
        ProductId: DEFAULT_PRODUCT.id,
        Rules: [
          { Type: 'TargetingRule', PositiveTargeting: { BuyerAccounts: [BUYER] } },
          { Type: 'AvailabilityRule', AvailabilityEndDate: '2026-12-15' },
        ],
      },
    })
    expect(JSON.parse(entity.Details ?? '')).toEqual(entity.DetailsDocument)
    expect(entity.Details).toContain('"ChargeDate":"2026-12-01T00:00:00.000Z"')
  })

  it('takes a change for its latest revision only', async () => {
    const offerId = await market.release()
    expect((await market.run(expiry(`${offerId}@1`))).Status).toBe('SUCCEEDED')
    const stale = await refusal(market.start(expiry(`${offerId}@1`)))
    expect(stale).toBeInstanceOf(ValidationException)
    expect(stale.message).toContain(`${offerId}@2`)
  })

  it('is listed by product, state, name, buyer and date', async () => {
    const offerId = await market.release()
    await market.after(3600)
    await market.run(draft('Deal 8'))
    const found = async (OfferFilters: NonNullable<NonNullable<ListEntitiesRequest['EntityTypeFilters']>['OfferFilters']>) => {
      const { EntitySummaryList = [] } = await market.catalog.send(
        new ListEntitiesCommand({
          Catalog,
          EntityType: 'Offer',
          EntityTypeFilters: { OfferFilters },
          EntityTypeSort: { OfferSort: { SortBy: 'Name', SortOrder: 'ASCENDING' } },
        }),
      )
      return EntitySummaryList.map((row) => row.Name)
    }
    expect(await found({})).toEqual(['Deal 7', 'Deal 8'])
    expect(await found({ EntityId: { ValueList: [offerId] } })).toEqual(['Deal 7'])
    expect(await found({ ProductId: { ValueList: ['prod-other'] } })).toEqual([])
    expect(await found({ State: { ValueList: ['Draft'] } })).toEqual(['Deal 8'])
    expect(await found({ Name: { WildCardValue: 'deal' } })).toEqual(['Deal 7', 'Deal 8'])
    expect(await found({ Name: { ValueList: ['Deal 8'] } })).toEqual(['Deal 8'])
    expect(await found({ BuyerAccounts: { WildCardValue: BUYER } })).toEqual(['Deal 7'])
    expect(await found({ Targeting: { ValueList: ['None'] } })).toEqual(['Deal 8'])
    expect(await found({ LastModifiedDate: { DateRange: { AfterValue: '2026-11-02T10:00:00Z' } } })).toEqual(['Deal 8'])
    expect(await found({ AvailabilityEndDate: { DateRange: { BeforeValue: '2026-12-31T00:00:00Z' } } })).toEqual(['Deal 7'])
    const twice = found({ Name: { WildCardValue: 'd' }, BuyerAccounts: { WildCardValue: '4' } })
    expect(await refusal(twice)).toBeInstanceOf(ValidationException)
  })

  it('is summarised with its dates and buyers', async () => {
    await market.release()
    expect((await market.offers()).EntitySummaryList?.[0]?.OfferSummary).toEqual({
      Name: 'Deal 7',
      ProductId: DEFAULT_PRODUCT.id,
      ReleaseDate: '2026-11-02T09:03:00Z',
      AvailabilityEndDate: '2026-12-15T00:00:00Z',
      BuyerAccounts: [BUYER],
      State: 'Released',
      Targeting: ['BuyerAccounts'],
      CreatedBySource: 'Seller',
    })
  })
})

describe('a request that is refused at once', () => {
  const priced = (Price: unknown) =>
    but(SCHEDULED, {
      UpdatePricingTerms: {
        PricingModel: 'Contract',
        Terms: [
          { Type: 'FixedUpfrontPricingTerm', CurrencyCode: 'USD', Price, Grants: [{ DimensionKey: 'seats', MaxQuantity: 1 }] },
        ],
      },
    })

  it.each([
    ['CreateOffer', {}, 'DetailsDocument.ProductId'],
    ['UpdateInformation', { Name: '<b>' }, 'DetailsDocument.Name'],
    ['UpdateInformation', { Title: 'x' }, 'DetailsDocument.Title'],
    [
      'UpdateTargeting',
      { PositiveTargeting: { BuyerAccounts: ['12345'] } },
      'DetailsDocument.PositiveTargeting.BuyerAccounts[0]',
    ],
    ['UpdatePricingTerms', priced(0)['UpdatePricingTerms'], 'DetailsDocument.Terms[0].Price'],
    ['UpdatePricingTerms', priced('1.2345')['UpdatePricingTerms'], 'DetailsDocument.Terms[0].Price'],
    [
      'UpdateValidityTerms',
      { Terms: [{ Type: 'ValidityTerm', AgreementDuration: '12M' }] },
      'DetailsDocument.Terms[0].AgreementDuration',
    ],
    [
      'UpdatePaymentScheduleTerms',
      { Terms: [{ Type: 'PaymentScheduleTerm', CurrencyCode: 'JPN', Schedule: [] }] },
      'DetailsDocument.Terms[0].CurrencyCode',
    ],
    [
      'UpdateNetPaymentTerms',
      { Terms: [{ Type: 'NetPaymentTerm', PaymentDuePeriod: 30 }] },
      'DetailsDocument.Terms[0].PaymentDuePeriod',
    ],
    ['UpdateLegalTerms', { Terms: [] }, 'DetailsDocument.Terms'],
    ['UpdateAvailability', { AvailabilityEndDate: '2026-02-30' }, 'DetailsDocument.AvailabilityEndDate'],
    ['UpdateRenewalTerms', { Terms: [{ Type: 'RenewalTerm', LockoutPeriod: 'P1M' }] }, 'DetailsDocument.Terms[0].LockoutPeriod'],
    ['ReleaseOffer', { Now: true }, 'DetailsDocument.Now'],
  ])('names the field of %s that is wrong (%#)', async (type, details, field) => {
    const error = await refusal(market.start(changeSetOf(but(SCHEDULED, { [type]: details }))))
    if (!(error instanceof ValidationException)) throw error
    expect(error.$metadata.httpStatusCode).toBe(422)
    expect(error.ValidationExceptionFieldList).toContainEqual(
      expect.objectContaining({ Reason: 'FieldValidationFailed', EntityType: 'Offer@1.0', ChangeType: type, Field: field }),
    )
    expect((await market.offers()).EntitySummaryList).toEqual([])
  })

  it('refuses a change that nobody knows', async () => {
    const error = await refusal(market.start([changeOf('PaintOffer', {}, 'offer-1')]))
    expect(error).toMatchObject({ name: 'ValidationException', ValidationExceptionFieldList: [{ Reason: 'UnknownOperation' }] })
  })

  it('refuses Details that are no JSON', async () => {
    const change = { ChangeType: 'ReleaseOffer', Entity: { Type: 'Offer@1.0', Identifier: 'offer-1' }, Details: '{,' }
    expect(await refusal(market.start([change]))).toMatchObject({ ValidationExceptionFieldList: [{ Reason: 'CannotParse' }] })
  })

  it.each([
    ['more than 20 changes', Array.from({ length: 21 }, (_, index) => changeOf('ReleaseOffer', {}, `offer-${index}`))],
    ['no change', []],
    ['a type of change twice for an entity', [...changeSetOf(SCHEDULED), changeOf('UpdateInformation', { Name: 'again' })]],
    ['a reference to nothing', [changeOf('ReleaseOffer', {}, '$Ghost.Entity.Identifier')]],
    ['a change without its entity', [{ ...changeOf('ReleaseOffer', {}), Entity: { Type: 'Offer@1.0' } }]],
    ['both kinds of details', [{ ...changeOf('ReleaseOffer', {}, 'offer-1'), Details: '{}' }]],
  ])('refuses %s', async (_, changes) => {
    expect(await refusal(market.start(changes))).toBeInstanceOf(ValidationException)
  })

  it('refuses a dry run, other catalogs and names with strange letters', async () => {
    const send = (other: object) => market.catalog.send(new StartChangeSetCommand({ Catalog, ChangeSet: draft('one'), ...other }))
    for (const other of [{ Intent: 'VALIDATE' }, { Catalog: 'Other' }, { ChangeSetName: 'a/b' }, { ClientRequestToken: 'a b' }])
      expect(await refusal(send(other))).toBeInstanceOf(ValidationException)
  })

  it('refuses entities that it does not know', async () => {
    const change = { ...changeOf('CreateOffer', {}), Entity: { Type: 'Solution@1.0' } }
    expect(await refusal(market.start([change]))).toBeInstanceOf(ResourceNotSupportedException)
  })

  it('refuses offers, change sets and products that do not exist, and products of others', async () => {
    await market.world.shelf.put(PRODUCTS, 'prod-theirs', {
      ...DEFAULT_PRODUCT,
      id: 'prod-theirs',
      sellerAccountId: '999988887777',
    })
    const on = (ProductId: string) => market.start(changeSetOf({ CreateOffer: { ProductId } }))
    expect(await refusal(on('prod-ghost'))).toMatchObject({
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 404 },
    })
    expect(await refusal(on('prod-theirs'))).toMatchObject({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 403 } })
    expect(await refusal(market.start(expiry('offer-ghost')))).toBeInstanceOf(ResourceNotFoundException)
    const ghost = market.catalog.send(new DescribeChangeSetCommand({ Catalog, ChangeSetId: 'ghost' }))
    expect(await refusal(ghost)).toBeInstanceOf(ResourceNotFoundException)
    const entity = market.catalog.send(new DescribeEntityCommand({ Catalog, EntityId: 'offer-ghost' }))
    expect(await refusal(entity)).toBeInstanceOf(ResourceNotFoundException)
  })

  it('refuses a signature for another region', async () => {
    const stranger = new MarketplaceCatalogClient({ ...market.config, region: 'eu-west-1' })
    const call = stranger.send(new ListEntitiesCommand({ Catalog, EntityType: 'Offer' }))
    expect(await refusal(call)).toMatchObject({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 403 } })
    stranger.destroy()
  })
})

describe('a token', () => {
  it('gives the same ids for the same request, however often', async () => {
    const twice = [draft('one'), draft('one')].map((changes) => market.start(changes, { ClientRequestToken: 'deal-7-v1' }))
    const [first, second] = await Promise.all(twice)
    expect(second?.ChangeSetId).toBe(first?.ChangeSetId)
    await market.after(180)
    expect((await market.start(draft('one'), { ClientRequestToken: 'deal-7-v1' })).ChangeSetId).toBe(first?.ChangeSetId)
    expect((await market.offers()).EntitySummaryList).toHaveLength(1)
  })

  it('is refused for another request', async () => {
    await market.start(draft('one'), { ClientRequestToken: 'deal-7-v1' })
    const other = market.start(draft('two'), { ClientRequestToken: 'deal-7-v1' })
    expect(await refusal(other)).toBeInstanceOf(ValidationException)
  })
})

describe('locks, quotas and faults', () => {
  it('locks an offer while a change set works on it', async () => {
    const offerId = await market.release()
    await market.start(expiry(offerId))
    const second = await refusal(market.start(expiry(offerId, '2026-12-21')))
    expect(second).toMatchObject({ name: 'ResourceInUseException', $metadata: { httpStatusCode: 423 } })
    await market.after(180)
    expect((await market.run(expiry(offerId, '2026-12-21'))).Status).toBe('SUCCEEDED')
  })

  it('lets one of two overlapping change sets through', async () => {
    const offerId = await market.release()
    const both = await Promise.allSettled([market.start(expiry(offerId)), market.start(expiry(offerId))])
    expect(both.map((each) => each.status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  it('works on 20 offers at once', async () => {
    for (let index = 0; index < 20; index += 1) await market.start(draft(`Deal ${index}`))
    const next = await refusal(market.start(draft('too many')))
    expect(next).toMatchObject({ name: 'ServiceQuotaExceededException', $metadata: { httpStatusCode: 402 } })
    await market.after(180)
    expect((await market.run(draft('one more'))).Status).toBe('SUCCEEDED')
  })

  it('keeps 250 change sets open, of other entities too', async () => {
    const other = { name: 'of a product', startTime: '2026-11-02T09:00:00.000Z', changes: [] }
    for (let index = 0; index < 250; index += 1)
      await market.world.shelf.put('aws.change-sets.open', `set-${index}`, { ...other, id: `set-${index}` })
    expect((await refusal(market.start(draft('one too many')))).name).toBe('ServiceQuotaExceededException')
    await market.after(180)
    expect((await market.run(draft('one'))).Status).toBe('SUCCEEDED')
  })

  it('throttles by the clock, each operation by itself', async () => {
    const burst = async () => {
      for (let count = 0; count < 1000; count += 1)
        try {
          await market.catalog.send(new ListChangeSetsCommand({ Catalog }))
        } catch (error) {
          return { count, error }
        }
      return undefined
    }
    const first = await burst()
    expect(first?.error).toMatchObject({ name: 'ThrottlingException', $metadata: { httpStatusCode: 429 } })
    expect((await market.offers()).EntitySummaryList).toEqual([])
    await market.after(1)
    expect((await burst())?.count).toBe(5)
  })

  it.each([
    ['error', 'InternalServiceException', 503],
    ['throttle', 'ThrottlingException', 429],
    ['lock', 'ResourceInUseException', 423],
  ])('injects the fault %s without effect', async (kind, name, status) => {
    market.world.faults.add(Fault.parse({ target: 'aws.catalog.StartChangeSet', kind, status: 503 }))
    const error = await refusal(market.start(draft('one')))
    expect(error).toMatchObject({ name, $metadata: { httpStatusCode: status } })
    await market.after(180)
    expect((await market.offers()).EntitySummaryList).toEqual([])
  })

  it('takes effect but closes the connection, so that a token is needed', async () => {
    market.world.faults.add(Fault.parse({ target: 'aws.catalog.StartChangeSet', kind: 'reset' }))
    expect(await refusal(market.start(draft('one'), { ClientRequestToken: 't' }))).toMatchObject({ code: 'ECONNRESET' })
    await market.start(draft('one'), { ClientRequestToken: 't' })
    await market.after(180)
    expect((await market.offers()).EntitySummaryList).toHaveLength(1)
  })
})

describe('a kill between two writes', () => {
  it('is repaired by the next tick, event included', async () => {
    const { world } = market
    await market.start(changeSetOf(CONFIGURABLE))
    const { put, remove } = world.shelf
    for (let survive = 0; survive < 12; survive += 1) {
      let left = survive
      const dying =
        <A extends unknown[]>(write: (...args: A) => Promise<void>) =>
        async (...args: A) => {
          left -= 1
          if (left < 0) throw new Error('killed')
          return write(...args)
        }
      const shelf = { ...world.shelf, put: dying(put), remove: dying(remove) }
      const now = () => new Date(world.now().getTime() + 180_000)
      await openCatalog({ ...world, now, shelf })
        .tick()
        .catch(() => undefined)
    }
    await market.after(180)
    const { EntitySummaryList = [] } = await market.offers()
    expect(EntitySummaryList.map((row) => row.OfferSummary?.State)).toEqual(['Released'])
    expect(new Set(market.events('Offer Released').map((event) => event['id'])).size).toBe(1)
    expect(new Set(market.events('Change Set Succeeded').map((event) => event['id'])).size).toBe(1)
  })
})
