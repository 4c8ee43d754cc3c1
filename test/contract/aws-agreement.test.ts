import {
  DescribeAgreementCommand,
  GetAgreementEntitlementsCommand,
  GetAgreementTermsCommand,
  MarketplaceAgreementClient,
  SearchAgreementsCommand,
  type SearchAgreementsInput,
  ValidationException,
} from '@aws-sdk/client-marketplace-agreement'
import { describe, expect, it } from 'vitest'
import { agreementCreated } from '../../infra/local/marketplaces/aws/agreement-events.ts'
import { AGREEMENTS, acceptOffer, cancelAgreement } from '../../infra/local/marketplaces/aws/agreements.ts'
import { DEFAULT_PRODUCT, SELLER } from '../../infra/local/marketplaces/aws/products.ts'
import { renewAgreement } from '../../infra/local/marketplaces/aws/renewal.ts'
import { Fault } from '../../infra/local/marketplaces/faults.ts'
import { BUYER, but, CONFIGURABLE, changeOf, changeSetOf, refusal, SCHEDULED } from '../support/aws-marketplace.ts'
import { market } from '../support/each-aws-marketplace.ts'

const accepted = async (changes = SCHEDULED, wish = {}) => acceptOffer(market.world, await market.release(changes), BUYER, wish)
const described = (agreementId: string) => market.agreement.send(new DescribeAgreementCommand({ agreementId }))
const termsOf = async (agreementId: string) =>
  (await market.agreement.send(new GetAgreementTermsCommand({ agreementId }))).acceptedTerms ?? []
const resources = (id: string) => [`arn:aws:aws-marketplace::aws:agreement:${id}`]

describe('an acceptance', () => {
  it('makes an agreement that starts at once and ends after its duration', async () => {
    const { id, offerId } = await accepted()
    expect(id).toMatch(/^agmt-[a-z0-9]{25}$/)
    const { $metadata: _, ...agreement } = await described(id)
    expect(agreement).toEqual({
      agreementId: id,
      acceptor: { accountId: BUYER },
      proposer: { accountId: SELLER.accountId },
      acceptanceTime: new Date('2026-11-02T09:03:00Z'),
      startTime: new Date('2026-11-02T09:03:00Z'),
      endTime: new Date('2027-11-02T09:03:00Z'),
      agreementType: 'PurchaseAgreement',
      estimatedCharges: { currencyCode: 'USD', agreementValue: '100000.00' },
      proposalSummary: { offerId, resources: [{ id: DEFAULT_PRODUCT.id, type: 'SaaSProduct' }] },
      status: 'ACTIVE',
      initialAgreementId: id,
      endTimeBehavior: { type: 'EXPIRE', reasonCode: 'NO_RENEWAL_TERM' },
    })
  })

  it('is told to the proposer', async () => {
    const { id, offerId } = await accepted()
    const [event] = market.events('Purchase Agreement Created - Proposer')
    expect(event).toMatchObject({ source: 'aws.agreement-marketplace', resources: resources(id), time: '2026-11-02T09:03:00Z' })
    expect(event?.['detail']).toEqual({
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      catalog: 'AWSMarketplace',
      agreement: {
        id,
        intent: 'NEW',
        status: 'ACTIVE',
        acceptanceTime: '2026-11-02T09:03:00.000Z',
        startTime: '2026-11-02T09:03:00.000Z',
        endTime: '2027-11-02T09:03:00.000Z',
      },
      resaleAuthorization: { id: null },
      acceptor: { accountId: BUYER },
      proposer: { accountId: SELLER.accountId },
      offer: { id: offerId },
    })
  })

  it('gives the terms with instants instead of dates', async () => {
    const terms = await termsOf((await accepted()).id)
    const of = (name: string) => terms.flatMap((term) => Object.entries(term)).find(([key]) => key === name)?.[1]
    expect(terms.flatMap((term) => Object.keys(term)).toSorted()).toEqual([
      'fixedUpfrontPricingTerm',
      'legalTerm',
      'paymentScheduleTerm',
      'validityTerm',
    ])
    expect(of('paymentScheduleTerm')).toMatchObject({
      type: 'PaymentScheduleTerm',
      currencyCode: 'USD',
      schedule: [
        { chargeDate: new Date('2026-12-01'), chargeAmount: '40000.00' },
        { chargeDate: new Date('2027-03-01'), chargeAmount: '30000.00' },
        { chargeDate: new Date('2027-06-01'), chargeAmount: '30000.00' },
      ],
    })
    expect(of('fixedUpfrontPricingTerm')).toMatchObject({
      duration: 'P12M',
      grants: [{ dimensionKey: 'seats', maxQuantity: 500 }],
    })
    expect(of('legalTerm')).toMatchObject({ documents: [{ type: 'StandardEula', version: '2022-07-14' }] })
  })

  it('takes one of everything for the first duration, unless the buyer selects', async () => {
    const one = await accepted(CONFIGURABLE)
    expect((await described(one.id)).estimatedCharges?.agreementValue).toBe('180.125')
    const two = await accepted(CONFIGURABLE, { duration: 'P24M', quantities: { seats: 300 } })
    expect(await described(two.id)).toMatchObject({
      estimatedCharges: { agreementValue: '102000.00' },
      endTime: new Date('2028-11-02T09:06:00Z'),
    })
    expect(await termsOf(two.id)).toContainEqual({
      configurableUpfrontPricingTerm: expect.objectContaining({
        configuration: { selectorValue: 'P24M', dimensions: [{ dimensionKey: 'seats', dimensionValue: 300 }] },
      }),
    })
  })

  it('refuses a selection that the offer does not have', async () => {
    const offerId = await market.release(CONFIGURABLE)
    for (const wish of [{ duration: 'P36M' }, { quantities: { chairs: 1 } }, { quantities: { seats: 0 } }])
      expect(await refusal(acceptOffer(market.world, offerId, BUYER, wish))).toMatchObject({ code: 'invalid_request' })
  })

  it('starts in the future when the offer says so', async () => {
    const dated = { Terms: [{ Type: 'ValidityTerm', AgreementStartDate: '2027-01-01', AgreementEndDate: '2027-12-31' }] }
    const schedule = [{ ChargeDate: '2027-01-01', ChargeAmount: '100000.00' }]
    const { id } = await accepted(
      but(SCHEDULED, {
        UpdateValidityTerms: dated,
        UpdatePaymentScheduleTerms: { Terms: [{ Type: 'PaymentScheduleTerm', CurrencyCode: 'USD', Schedule: schedule }] },
      }),
    )
    expect(await described(id)).toMatchObject({
      acceptanceTime: new Date('2026-11-02T09:03:00Z'),
      startTime: new Date('2027-01-01T00:00:00Z'),
      endTime: new Date('2027-12-31T23:59:59.999Z'),
    })
    const { agreementEntitlements } = await market.agreement.send(new GetAgreementEntitlementsCommand({ agreementId: id }))
    expect(agreementEntitlements).toMatchObject([{ status: 'SCHEDULED', statusReasonCode: 'FUTURE_START_DATE' }])
  })

  it('tells a renewal term in the unions of the API', async () => {
    const PriceIncrease = { Type: 'PercentageRange', Range: { MinValue: '3.00', MaxValue: '8.00', DefaultValue: '5.00' } }
    const Schedule = [{ ChargeDateOffset: 'P0M', ChargePercentage: '100.00' }]
    const term = {
      ...{ Type: 'RenewalTerm', AdjustmentDeadline: 'P60D', PriceIncrease },
      TermTemplates: [{ Type: 'PaymentScheduleTermTemplate', Schedule }],
    }
    const { id } = await accepted(but(SCHEDULED, { UpdateRenewalTerms: { Terms: [term] } }))
    expect(await termsOf(id)).toContainEqual({
      renewalTerm: expect.objectContaining({
        configuration: { enableAutoRenew: false },
        adjustmentDeadline: 'P60D',
        priceIncrease: { percentageRange: { minValue: '3.00', maxValue: '8.00', defaultValue: '5.00' } },
        termTemplates: [{ paymentScheduleTermTemplate: { schedule: [{ chargeDateOffset: 'P0M', chargePercentage: '100.00' }] } }],
      }),
    })
    expect((await described(id)).endTimeBehavior?.reasonCode).toBe('ACCEPTOR_RENEW_OPTED_OUT')
  })

  it('has no value for usage alone', async () => {
    const RateCards = [{ RateCard: [{ DimensionKey: 'api_calls_1k', Price: '0.08' }] }]
    const { id } = await accepted(
      but(CONFIGURABLE, {
        UpdatePricingTerms: { PricingModel: 'Usage', Terms: [{ Type: 'UsageBasedPricingTerm', CurrencyCode: 'USD', RateCards }] },
        UpdateValidityTerms: { Terms: [{ Type: 'ValidityTerm', AgreementDuration: 'P450D' }] },
      }),
    )
    expect(await described(id)).toMatchObject({
      estimatedCharges: { agreementValue: '0.00' },
      endTime: new Date('2028-01-26T09:03:00Z'),
    })
  })

  it('is refused for another account, a draft, an expired offer, a ghost and a second time', async () => {
    const accept = (offerId: string, buyer = BUYER) => refusal(acceptOffer(market.world, offerId, buyer))
    const offerId = await market.release()
    expect(await accept(offerId, '999988887777')).toMatchObject({ code: 'forbidden' })
    expect(await accept('offer-ghost')).toMatchObject({ code: 'not_found' })
    const draft = await market.run(changeSetOf(but(SCHEDULED, { ReleaseOffer: undefined })))
    expect(await accept(draft.ChangeSet?.[0]?.Entity?.Identifier ?? '')).toMatchObject({ code: 'conflict' })
    await acceptOffer(market.world, offerId, BUYER)
    expect(await accept(offerId)).toMatchObject({ code: 'conflict', message: expect.stringContaining('already') })
    const other = await market.release()
    await market.run([changeOf('UpdateAvailability', { AvailabilityEndDate: '2026-11-01' }, other)])
    expect(await accept(other)).toMatchObject({ code: 'conflict', message: expect.stringContaining('2026-11-01') })
  })

  it('is possible until the end of the last day', async () => {
    const offerId = await market.release()
    await market.after((Date.parse('2026-12-15T23:59:59Z') - market.world.now().getTime()) / 1000)
    expect((await acceptOffer(market.world, offerId, BUYER)).status).toBe('ACTIVE')
  })
})

describe('an agreement', () => {
  it('renews into another of the same length, with the price multiplied', async () => {
    const old = await accepted()
    await market.after(86_400)
    const { id } = await renewAgreement(market.world, old.id, { increasePercent: '5.00' })
    expect(await described(id)).toMatchObject({
      acceptanceTime: new Date('2026-11-03T09:03:00Z'),
      startTime: new Date('2027-11-02T09:03:00Z'),
      endTime: new Date('2028-11-02T09:03:00Z'),
      estimatedCharges: { agreementValue: '105000.00' },
      initialAgreementId: old.id,
      proposalSummary: { offerId: old.offerId },
    })
    expect(await described(old.id)).toMatchObject({ status: 'RENEWED' })
    const schedule = (await termsOf(id)).find((term) => term.paymentScheduleTerm)?.paymentScheduleTerm?.schedule
    expect(schedule?.[0]).toEqual({ chargeDate: new Date('2027-12-01'), chargeAmount: '42000.00' })
    const [, created] = market.events('Purchase Agreement Created - Proposer')
    expect(created?.['detail']).toEqual({
      requestId: expect.any(String),
      catalog: 'AWSMarketplace',
      agreement: {
        ...{ id, intent: 'RENEW', status: 'ACTIVE', previousAgreementId: old.id },
        ...{ acceptanceTime: '2026-11-03T09:03:00Z', startTime: '2027-11-02T09:03:00Z', endTime: '2028-11-02T09:03:00Z' },
      },
      acceptor: { accountId: BUYER },
      proposer: { name: SELLER.name, accountId: SELLER.accountId },
      offer: { id: old.offerId },
      product: { id: DEFAULT_PRODUCT.id, title: DEFAULT_PRODUCT.title },
    })
    const [ended] = market.events('Purchase Agreement Ended - Proposer')
    expect(ended).toMatchObject({ detail: { agreement: { id: old.id, status: 'RENEWED' }, offer: { id: old.offerId } } })
  })

  it('has a license of its own after a renewal, and the same initial agreement in the whole chain', async () => {
    const first = await accepted()
    const second = await renewAgreement(market.world, first.id)
    const third = await renewAgreement(market.world, second.id)
    expect(new Set([first, second, third].map((each) => each.licenseArn)).size).toBe(3)
    expect(third).toMatchObject({ initialAgreementId: first.id, previousAgreementId: second.id })
    expect(third.startTime).toBe('2028-11-02T09:03:00.000Z')
  })

  it('is cancelled once, which the event tells without the offer', async () => {
    const { id } = await accepted()
    await cancelAgreement(market.world, id)
    expect((await described(id)).status).toBe('CANCELLED')
    const [ended] = market.events('Purchase Agreement Ended - Proposer')
    expect(ended?.['detail']).toEqual({
      requestId: expect.any(String),
      catalog: 'AWSMarketplace',
      agreement: { id, status: 'CANCELLED' },
      resaleAuthorization: { id: null },
      acceptor: { accountId: BUYER },
      proposer: { accountId: SELLER.accountId },
    })
    expect(await refusal(cancelAgreement(market.world, id))).toMatchObject({ code: 'conflict' })
    expect(await refusal(renewAgreement(market.world, id))).toMatchObject({ code: 'conflict' })
    const { agreementEntitlements } = await market.agreement.send(new GetAgreementEntitlementsCommand({ agreementId: id }))
    expect(agreementEntitlements).toMatchObject([{ status: 'DEPROVISIONED', statusReasonCode: 'AGREEMENT_INACTIVE' }])
  })

  it('without an end has none in the API, the year 9999 in the event, and no renewal', async () => {
    const { endTime: _, ...endless } = await accepted()
    await market.world.shelf.put(AGREEMENTS, endless.id, endless)
    expect((await described(endless.id)).endTime).toBeUndefined()
    expect(agreementCreated(market.world, endless).detail).toMatchObject({ agreement: { endTime: '9999-01-01T00:00:00Z' } })
    expect(await refusal(renewAgreement(market.world, endless.id))).toMatchObject({ code: 'conflict' })
  })

  it('expires at its end', async () => {
    const { id, endTime = '' } = await accepted()
    await market.after((Date.parse(endTime) - market.world.now().getTime()) / 1000 - 1)
    expect((await described(id)).status).toBe('ACTIVE')
    await market.after(1)
    const { status, endTimeBehavior } = await described(id)
    expect([status, endTimeBehavior]).toEqual(['EXPIRED', undefined])
    expect(market.events('Purchase Agreement Ended - Proposer')).toMatchObject([
      { time: '2027-11-02T09:03:00Z', detail: { agreement: { status: 'EXPIRED' } } },
    ])
  })
})

describe('the search for agreements', () => {
  const REQUIRED = { PartyType: 'Proposer', AgreementType: 'PurchaseAgreement' }
  const search = (filters: Record<string, string | string[]>, more: Partial<SearchAgreementsInput> = {}) =>
    market.agreement.send(
      new SearchAgreementsCommand({
        catalog: 'AWSMarketplace',
        filters: Object.entries({ ...REQUIRED, ...filters }).map(([name, values]) => ({ name, values: [values].flat() })),
        ...more,
      }),
    )
  const found = async (...args: Parameters<typeof search>) =>
    ((await search(...args)).agreementViewSummaries ?? []).map((row) => row.agreementId)

  it('finds by offer, buyer, product, state, chain, license and end', async () => {
    const one = await accepted()
    await market.after(3600)
    const two = await accepted()
    const three = await renewAgreement(market.world, two.id)
    expect(await found({ OfferId: one.offerId })).toEqual([one.id])
    expect(await found({ AcceptorAccountId: '999988887777' })).toEqual([])
    expect(await found({ ResourceIdentifier: DEFAULT_PRODUCT.id, ResourceType: 'SaaSProduct' })).toHaveLength(3)
    expect(await found({ Status: 'RENEWED' })).toEqual([two.id])
    expect((await found({ InitialAgreementId: two.id })).toSorted()).toEqual([two.id, three.id].toSorted())
    expect(await found({ LicenseArn: three.licenseArn })).toEqual([three.id])
    expect((await found({ EndTimeBehaviorReasonCode: 'NO_RENEWAL_TERM' })).toSorted()).toEqual([one.id, three.id].toSorted())
    expect(await found({ AfterEndTime: '2028-01-01T00:00:00Z' })).toEqual([three.id])
  })

  it('gives the summary of an agreement', async () => {
    const { id, licenseArn } = await accepted()
    const [row] = (await search({})).agreementViewSummaries ?? []
    expect(row).toMatchObject({
      agreementId: id,
      lastUpdateTime: new Date('2026-11-02T09:03:00Z'),
      entitlements: [{ licenseArn }],
      endTimeBehaviorType: 'EXPIRE',
    })
  })

  it('finds what changed since, oldest first', async () => {
    const one = await accepted()
    await market.after(3600)
    const two = await accepted()
    await market.after(3600)
    await cancelAgreement(market.world, one.id)
    const sort = { sortBy: 'LastUpdateTime', sortOrder: 'ASCENDING' } as const
    expect(await found({ AfterLastUpdateTime: '2026-11-02T10:00:00Z' }, { sort })).toEqual([two.id, one.id])
    expect(await found({ AfterLastUpdateTime: '2026-11-02T10:30:00Z' }, { sort })).toEqual([one.id])
  })

  it('gives pages', async () => {
    for (let count = 0; count < 3; count += 1) await accepted()
    const first = await search({}, { maxResults: 2 })
    const second = await search({}, { maxResults: 2, ...(first.nextToken && { nextToken: first.nextToken }) })
    expect([first.agreementViewSummaries?.length, second.agreementViewSummaries?.length]).toEqual([2, 1])
    expect(second.nextToken).toBeUndefined()
  })

  it.each([
    ['MISSING_PARTY_TYPE', { filters: [{ name: 'AgreementType', values: ['PurchaseAgreement'] }] }],
    ['UNSUPPORTED_FILTERS', { filters: [{ name: 'PartyType', values: ['Proposer'] }] }],
    ['INVALID_CATALOG', { catalog: 'Other' }],
    ['INVALID_SORT_BY', { sort: { sortBy: 'Name', sortOrder: 'ASCENDING' as const } }],
    ['INVALID_MAX_RESULTS', { maxResults: 51 }],
    ['INVALID_NEXT_TOKEN', { nextToken: 'nonsense' }],
  ])('refuses with %s', async (reason, more) => {
    const error = await refusal(search({}, more))
    expect(error).toBeInstanceOf(ValidationException)
    expect(error).toMatchObject({ reason, fields: [{ name: expect.any(String) }], $metadata: { httpStatusCode: 400 } })
  })

  it.each([
    ['INVALID_FILTER_NAME', { Colour: 'blue' }],
    ['INVALID_FILTER_VALUES', { Status: ['ACTIVE', 'EXPIRED'] }],
    ['INVALID_FILTER_VALUES', { AfterLastUpdateTime: '2026-11-02T09:00:00.000Z' }],
    ['INVALID_FILTER_VALUES', { AfterLastUpdateTime: 'yesterday' }],
    ['INVALID_PARTY_TYPE', { PartyType: 'Acceptor' }],
    ['INVALID_AGREEMENT_TYPE', { AgreementType: 'VendorInsightsAgreement' }],
  ])('refuses filters with %s (%#)', async (reason, filters) => {
    expect(await refusal(search(filters))).toMatchObject({ name: 'ValidationException', reason })
  })
})

describe('the errors of the Agreement API', () => {
  it('name a missing id and an agreement that does not exist', async () => {
    expect(await refusal(described(''))).toMatchObject({ name: 'ValidationException', reason: 'MISSING_AGREEMENT_ID' })
    expect(await refusal(described('agmt-ghost'))).toMatchObject({
      name: 'ResourceNotFoundException',
      resourceId: 'agmt-ghost',
      resourceType: 'Agreement',
    })
  })

  it('refuse a signature for another region', async () => {
    const stranger = new MarketplaceAgreementClient({ ...market.config, region: 'eu-west-1' })
    const call = stranger.send(new DescribeAgreementCommand({ agreementId: 'agmt-1' }))
    expect(await refusal(call)).toMatchObject({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 403 } })
    stranger.destroy()
  })

  it.each([
    ['error', 'InternalServerException', 502],
    ['throttle', 'ThrottlingException', 429],
    ['lock', 'ConflictException', 409],
  ])('come of the fault %s', async (kind, name, status) => {
    market.world.faults.add(Fault.parse({ target: 'aws.agreement.DescribeAgreement', kind, status: 502 }))
    expect(await refusal(described('agmt-1'))).toMatchObject({ name, $metadata: { httpStatusCode: status } })
    expect(await refusal(described('agmt-1'))).toMatchObject({ name: 'ResourceNotFoundException' })
  })
})
