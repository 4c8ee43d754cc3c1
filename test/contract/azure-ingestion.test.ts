import { describe, expect, it } from 'vitest'
import { acceptPrivateOffer } from '../../infra/local/marketplaces/azure/customer.ts'
import { AZURE } from '../../infra/local/marketplaces/azure/tenant.ts'
import { testAzure } from '../support/azure.ts'
import {
  absoluteOffer,
  carriedOut,
  configured,
  percentageOffer,
  plan,
  price,
  product,
  readOffer,
} from '../support/azure-offers.ts'

const INGESTION = '/azure/ingestion'
const without = (name: string) => ({ [name]: undefined })
const [item] = percentageOffer().pricing

describe('configure', () => {
  it('answers 202 with a job that has not begun, and ended in the year 1', async () => {
    const azure = await testAzure()
    expect(await configured(azure, percentageOffer())).toMatchObject({
      status: 202,
      body: {
        $schema: 'https://schema.mp.microsoft.com/schema/configure-status/2022-07-01',
        jobStatus: 'notStarted',
        jobResult: 'pending',
        jobStart: '2026-11-02T09:00:00.0000000Z',
        jobEnd: '0001-01-01',
        errors: [],
      },
    })
  })

  it('makes two offers of two equal requests', async () => {
    const azure = await testAzure()
    const first = await carriedOut(azure, percentageOffer())
    const second = await carriedOut(azure, percentageOffer())
    expect(second.offerId).not.toBe(first.offerId)
  })

  it.each([
    ['Müller', 'ü'],
    ['50% off', '%'],
    ['a~b', '~'],
    ['West/East', '/'],
    ['', 'nothing'],
    ['x'.repeat(129), 'too much'],
  ])('refuses the name %j (%s)', async (name) => {
    const azure = await testAzure()
    expect((await configured(azure, percentageOffer({ name }))).status).toBe(400)
  })

  it.each(['富士通', 'x'.repeat(128), 'Plain (2026), a & b'])('takes the name %j', async (name) => {
    const azure = await testAzure()
    expect((await configured(azure, percentageOffer({ name }))).status).toBe(202)
  })

  it.each([
    ['a start besides variableStartDate', { start: '2027-01-01' }],
    ['a fixed start without its date', { variableStartDate: false }],
    ['a live offer without an end', without('end')],
    ['a live offer without acceptBy', without('acceptBy')],
    ['a live offer without beneficiaries', without('beneficiaries')],
    ['a live offer with no beneficiary', { beneficiaries: [] }],
    ['two beneficiaries', { beneficiaries: [{ id: 'a' }, { id: 'b' }] }],
    ['a live offer without pricing', without('pricing')],
    ['a live offer with no pricing item', { pricing: [] }],
    ['eleven pricing items', { pricing: Array(11).fill(item) }],
    ['a percentage of zero', { pricing: [{ ...item, discountPercentage: 0 }] }],
    ['a percentage above 100', { pricing: [{ ...item, discountPercentage: 101 }] }],
    ['a percentage without its number', { pricing: [{ ...item, discountPercentage: undefined }] }],
    ['a markup', { pricing: [{ ...item, markupPercentage: 5 }] }],
    ['a customised plan at a percentage', { offerPricingType: 'saasNewCustomizedPlans' }],
    ['an unknown field', { colour: 'red' }],
    ['a field of multiparty offers', { partners: [] }],
    ['a type that does not exist', { privateOfferType: 'gift' }],
    ['a state that does not exist', { state: 'published' }],
    ['six contacts', { notificationContacts: Array(6).fill('a@b.example') }],
    ['a contact that is no address', { notificationContacts: ['desk'] }],
    ['a day that does not exist', { acceptBy: '2026-02-30' }],
    ['notes of 61 characters', { notes: 'x'.repeat(61) }],
    ['a withdrawal without an id', { state: 'withdrawn' }],
    ['an id of another kind', { id: 'offer/1' }],
  ])('refuses %s', async (_, changes) => {
    const azure = await testAzure()
    expect(await configured(azure, percentageOffer(changes))).toMatchObject({
      status: 400,
      body: {
        error: {
          code: 'badRequest',
          message: expect.any(String),
          details: [{ code: 'invalidValue', message: expect.any(String) }],
        },
      },
    })
  })

  it.each([
    ['no resources', { $schema: 'https://schema.mp.microsoft.com/schema/configure/2022-07-01', resources: [] }],
    ['another schema', { $schema: 'https://example.com/configure/2022-07-01', resources: [percentageOffer()] }],
    ['no JSON', undefined],
  ])('refuses a request with %s', async (_, body) => {
    const { call } = await testAzure()
    expect((await call('POST', `${INGESTION}/configure?$version=2022-07-01`, { body })).status).toBe(400)
  })

  it('takes an incomplete draft', async () => {
    const azure = await testAzure()
    const draft = percentageOffer({ state: 'draft', ...without('end'), ...without('acceptBy'), ...without('pricing') })
    const { offerId } = await carriedOut(azure, draft)
    expect((await readOffer(azure, offerId)).body).toMatchObject({ state: 'draft', subState: null, acceptanceLinks: null })
  })

  it('needs $version everywhere', async () => {
    const { call } = await testAzure()
    for (const path of ['/product', '/plan', '/private-offer/query', '/configure/1/status'])
      expect((await call('GET', INGESTION + path)).status).toBe(400)
  })
})

describe('a job', () => {
  const watch = async (...resources: unknown[]) => {
    const azure = await testAzure()
    const { body: job } = await configured(azure, ...resources)
    const at = `${INGESTION}/configure/${job.jobId}`
    const status = async () => (await azure.call('GET', `${at}/status?$version=2022-07-01`)).body
    const detail = () => azure.call('GET', `${at}?$version=2023-07-15`)
    const cancel = () => azure.call('POST', `${at}/cancel?$version=2022-07-01`)
    return { azure, job, status, detail, cancel }
  }

  it('runs after 30 seconds and ends after 180', async () => {
    const { azure, status } = await watch(percentageOffer())
    azure.advance(29)
    expect(await status()).toMatchObject({ jobStatus: 'notStarted', jobResult: 'pending' })
    azure.advance(1)
    expect(await status()).toMatchObject({ jobStatus: 'running', jobResult: 'pending', jobEnd: '0001-01-01' })
    azure.advance(149)
    expect(await status()).toMatchObject({ jobStatus: 'running' })
    azure.advance(1)
    expect(await status()).toMatchObject({ jobStatus: 'completed', jobResult: 'succeeded' })
  })

  it('ends at its own time, however late somebody asks, and names another host', async () => {
    const { azure, job, status } = await watch(percentageOffer())
    azure.advance(86_400)
    await azure.tick()
    expect(await status()).toMatchObject({
      jobEnd: '2026-11-02T09:03:00.0000000Z',
      resourceUri: `https://product-ingestion.mp.microsoft.com/configure/${job.jobId}`,
    })
  })

  it('tells its result only after the end', async () => {
    const { azure, detail } = await watch(percentageOffer())
    azure.advance(179)
    expect((await detail()).status).toBe(404)
    azure.advance(1)
    expect(await detail()).toMatchObject({ status: 200, body: { resources: [{ state: 'live', subState: 'pendingAcceptance' }] } })
  })

  it('can be cancelled while it runs, and leaves nothing', async () => {
    const { azure, status, cancel } = await watch(percentageOffer())
    azure.advance(60)
    expect((await cancel()).body).toMatchObject({
      jobStatus: 'completed',
      jobResult: 'cancelled',
      jobEnd: '2026-11-02T09:01:00.0000000Z',
    })
    azure.advance(200)
    expect(await status()).toMatchObject({ jobResult: 'cancelled' })
    expect((await azure.call('GET', `${INGESTION}/private-offer/query?$version=2023-07-15`)).body.privateOffers).toEqual([])
  })

  it('cannot be cancelled after its end', async () => {
    const { azure, cancel } = await watch(percentageOffer())
    azure.advance(180)
    expect(await cancel()).toMatchObject({ status: 400, body: { error: { code: 'badRequest' } } })
  })

  it('is unknown under another id', async () => {
    const { azure } = await watch(percentageOffer())
    expect((await azure.call('GET', `${INGESTION}/configure/none/status?$version=2022-07-01`)).status).toBe(404)
  })

  it('notes polls that are less than a minute apart, and answers them', async () => {
    const { azure, job, status } = await watch(percentageOffer())
    await status()
    azure.advance(60)
    await status()
    azure.advance(59)
    expect(await status()).toMatchObject({ jobStatus: 'running' })
    expect(await azure.world.shelf.list('azure.violations')).toMatchObject([
      { rule: 'poll-interval', jobId: job.jobId, seconds: 59 },
    ])
  })

  const unknownGuid = '20000000-0000-4000-8000-00000000dead'
  it.each([
    ['neither start nor variableStartDate', [percentageOffer(without('variableStartDate'))], 'Conflict', /start date/],
    [
      'an unknown product',
      [percentageOffer({ pricing: [{ ...item, product: `product/${unknownGuid}` }] })],
      'NotFound',
      /product/,
    ],
    [
      'an unknown plan',
      [percentageOffer({ pricing: [{ ...item, plan: `plan/${AZURE.saasProductId}/${unknownGuid}` }] })],
      'NotFound',
      /plan/,
    ],
    [
      'a plan of another product',
      [percentageOffer({ pricing: [{ ...item, plan: `plan/${AZURE.vmProductId}/${AZURE.vmPlanId}` }] })],
      'NotFound',
      /plan/,
    ],
    ['a price that is not in the request', [absoluteOffer()], 'NotFound', /price/],
    ['a price that comes after its offer', [absoluteOffer(), price()], 'NotFound', /price/],
    [
      'the price of another plan',
      [price({ plan: `plan/${AZURE.saasProductId}/${AZURE.seatPlanId}` }), absoluteOffer()],
      'Conflict',
      /price/,
    ],
    ['an acceptBy that is past', [percentageOffer({ acceptBy: '2026-11-01' })], 'Conflict', /acceptBy/],
    [
      'an end before the start',
      [percentageOffer({ variableStartDate: false, start: '2027-02-01', end: '2027-01-31' })],
      'Conflict',
      /end/,
    ],
    ['an unknown offer', [percentageOffer({ id: `private-offer/${unknownGuid}` })], 'NotFound', /private-offer/],
    [
      'an unknown predecessor',
      [percentageOffer({ upgradedFrom: { name: 'x', id: `private-offer/${unknownGuid}` } })],
      'NotFound',
      /upgrade/,
    ],
  ])('fails for %s and writes nothing', async (_, resources, code, message) => {
    const azure = await testAzure()
    const { status, detail } = await carriedOut(azure, ...resources)
    expect(status).toMatchObject({
      jobStatus: 'completed',
      jobResult: 'failed',
      errors: [{ code, message: expect.stringMatching(message) }],
    })
    expect(status).not.toHaveProperty('resourceUri')
    expect(detail.body.resources).toEqual([])
  })

  it('writes all its offers or none', async () => {
    const azure = await testAzure()
    await carriedOut(azure, percentageOffer(), percentageOffer({ acceptBy: '2026-11-01' }))
    expect(await azure.world.shelf.list('azure.offers')).toEqual([])
  })
})

describe('a private offer', () => {
  const live = async (offer: unknown = percentageOffer()) => {
    const azure = await testAzure()
    const { offerId } = await carriedOut(azure, offer)
    const command = async (state: string) => (await carriedOut(azure, percentageOffer({ id: offerId, state }))).status.jobResult
    const read = async () => (await readOffer(azure, offerId)).body
    return { azure, offerId, command, read }
  }

  it('is pending acceptance with a link for its beneficiary', async () => {
    const { offerId, read } = await live()
    expect(await read()).toMatchObject({
      id: offerId,
      state: 'live',
      subState: 'pendingAcceptance',
      acceptanceLinks: [{ beneficiaryId: AZURE.billingAccountId, link: expect.stringContaining('https://portal.azure.com/') }],
      pricing: [{ productName: 'Contoso Insights', planName: 'Enterprise', discountPercentage: 12.5 }],
      lastModified: '2026-11-02',
    })
  })

  it('rests in draft after a withdrawal and can be published again', async () => {
    const { command, read } = await live()
    expect(await command('withdrawn')).toBe('succeeded')
    expect(await read()).toMatchObject({ state: 'draft', subState: null, acceptanceLinks: null })
    expect(await command('live')).toBe('succeeded')
    expect(await read()).toMatchObject({ state: 'live', subState: 'pendingAcceptance' })
  })

  it('is withdrawn by a command without its other fields, which it keeps', async () => {
    const { azure, offerId, read } = await live()
    const { $schema, name, privateOfferType, offerPricingType } = percentageOffer()
    await carriedOut(azure, { $schema, id: offerId, name, privateOfferType, offerPricingType, state: 'withdrawn' })
    expect(await read()).toMatchObject({ state: 'draft', acceptBy: '2026-12-20', pricing: [{ discountPercentage: 12.5 }] })
  })

  it('is gone after its deletion, whose job names no resource', async () => {
    const { azure, offerId, command } = await live()
    await command('withdrawn')
    const { status } = await carriedOut(azure, percentageOffer({ id: offerId, state: 'deleted' }))
    expect(status).toMatchObject({ jobResult: 'succeeded' })
    expect(status).not.toHaveProperty('resourceUri')
    expect((await readOffer(azure, offerId)).status).toBe(404)
  })

  it.each(['deleted', 'draft', 'live'])('cannot become %s while it is live', async (state) => {
    const { command, read } = await live()
    expect(await command(state)).toBe('failed')
    expect(await read()).toMatchObject({ subState: 'pendingAcceptance' })
  })

  it('can be accepted on the last day, and then never be withdrawn', async () => {
    const { azure, offerId, command, read } = await live(percentageOffer({ acceptBy: '2026-11-03' }))
    azure.advance(86_400)
    await acceptPrivateOffer(azure.world, offerId)
    expect(await read()).toMatchObject({ state: 'live', subState: 'accepted', lastModified: '2026-11-03' })
    expect(await command('withdrawn')).toBe('failed')
  })

  it('cannot be accepted after acceptBy, which the API does not show as a state', async () => {
    const { azure, offerId, read } = await live(percentageOffer({ acceptBy: '2026-11-03' }))
    azure.advance(2 * 86_400)
    await expect(acceptPrivateOffer(azure.world, offerId)).rejects.toMatchObject({ code: 'conflict' })
    expect(await read()).toMatchObject({ state: 'live', subState: 'pendingAcceptance' })
  })

  it('cannot be accepted twice, nor as a draft, nor when it does not exist', async () => {
    const { azure, offerId } = await live()
    await acceptPrivateOffer(azure.world, offerId)
    const { offerId: draft } = await carriedOut(azure, percentageOffer({ state: 'draft' }))
    await expect(acceptPrivateOffer(azure.world, offerId)).rejects.toMatchObject({ code: 'conflict' })
    await expect(acceptPrivateOffer(azure.world, draft)).rejects.toMatchObject({ code: 'conflict' })
    await expect(acceptPrivateOffer(azure.world, 'private-offer/none')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('is there after a tick, without a request in between', async () => {
    const azure = await testAzure()
    await configured(azure, percentageOffer())
    azure.advance(180)
    await azure.tick()
    const [offer] = await azure.world.shelf.list<{ guid: string }>('azure.offers')
    await acceptPrivateOffer(azure.world, offer?.guid ?? '')
    expect((await readOffer(azure, `private-offer/${offer?.guid}`)).body.subState).toBe('accepted')
  })

  it('can be sent back as it was read', async () => {
    const azure = await testAzure()
    const { offerId } = await carriedOut(azure, price(), absoluteOffer({ state: 'draft' }))
    const { body } = await readOffer(azure, offerId)
    expect(body.pricing[0].priceDetails).toMatch(/^price-and-availability-private-offer-plan\//)
    const { status } = await carriedOut(azure, { ...body, state: 'live' })
    expect(status.errors).toEqual([])
    expect((await readOffer(azure, offerId)).body).toMatchObject({ state: 'live', pricing: body.pricing })
  })
})

describe('the query', () => {
  it('pages through all offers under privateOffers', async () => {
    const azure = await testAzure()
    const names = Array.from({ length: 45 }, (_, i) => `Deal ${i}`)
    await carriedOut(azure, ...names.map((name) => percentageOffer({ name })))
    const pages: string[][] = []
    let next: string | undefined = `${INGESTION}/private-offer/query?$version=2023-07-15`
    while (next) {
      const { body } = await azure.call('GET', next)
      pages.push(body.privateOffers.map(({ name }: { name: string }) => name))
      next = body['@nextLink']
      if (next)
        expect(next).toMatch(
          /^http:\/\/twin\.local\/azure\/ingestion\/private-offer\?%24version=2023-07-15&continuationToken=\S+$/,
        )
    }
    expect(pages.map(({ length }) => length)).toEqual([20, 20, 5])
    expect(pages.flat().toSorted()).toEqual(names.toSorted())
  })

  it('tells of an offer what identifies it', async () => {
    const azure = await testAzure()
    const { offerId } = await carriedOut(azure, percentageOffer())
    const { body } = await azure.call('GET', `${INGESTION}/private-offer/query?$version=2023-07-15`)
    expect(body).toEqual({
      privateOffers: [
        {
          id: offerId,
          name: 'Fabrikam FY27',
          privateOfferType: 'customerPromotion',
          state: 'live',
          subState: 'pendingAcceptance',
          end: '2027-12-31',
          acceptBy: '2026-12-20',
          lastModified: '2026-11-02',
        },
      ],
    })
  })
})

describe('the catalogue', () => {
  it('lists products and filters them', async () => {
    const { call } = await testAzure()
    const all = await call('GET', `${INGESTION}/product?$version=2022-07-01`)
    const one = await call('GET', `${INGESTION}/product?$version=2022-07-01&externalID=contoso-insights`)
    expect(all.body.value).toHaveLength(3)
    expect(one.body.value).toMatchObject([{ id: product, type: 'softwareAsAService' }])
  })

  it('lists the plans of a product', async () => {
    const { call } = await testAzure()
    const { body } = await call('GET', `${INGESTION}/plan?product=${AZURE.saasProductId}&$version=2022-07-01`)
    expect(body.value.map((each: { identity: unknown }) => each.identity)).toEqual([
      { externalId: 'enterprise' },
      { externalId: 'seats' },
    ])
  })

  it("answers a plan's price so that it can be edited and sent back", async () => {
    const azure = await testAzure()
    const url = `${INGESTION}/price-and-availability-private-offer-plan/${AZURE.saasProductId}?plan=${plan}&$version=2023-07-15`
    const { body } = await azure.call('GET', url)
    const { status } = await carriedOut(azure, { ...body, resourceName: 'fabrikamPrice' }, absoluteOffer())
    expect(status.jobResult).toBe('succeeded')
    expect((await azure.call('GET', url.replace(AZURE.planId, AZURE.vmPlanId))).status).toBe(404)
  })
})

describe('faults', () => {
  const fault = { target: 'azure.ingestion.configure', times: 1, status: 503, seconds: 7 }

  it('answer an error without effect', async () => {
    const azure = await testAzure()
    azure.world.faults.add({ ...fault, kind: 'error' })
    expect(await configured(azure, percentageOffer())).toMatchObject({
      status: 503,
      body: { error: { code: expect.any(String) } },
    })
    expect(await azure.world.shelf.list('azure.jobs')).toEqual([])
  })

  it('throttle with the seconds to wait', async () => {
    const azure = await testAzure()
    azure.world.faults.add({ ...fault, kind: 'throttle' })
    expect(await configured(azure, percentageOffer())).toMatchObject({ status: 429, headers: { 'retry-after': '7' } })
  })

  it('answer a conflict for a lock', async () => {
    const azure = await testAzure()
    azure.world.faults.add({ ...fault, kind: 'lock' })
    expect((await configured(azure, percentageOffer())).status).toBe(409)
  })

  it('reset the connection after the job was made', async () => {
    const azure = await testAzure()
    azure.world.faults.add({ ...fault, kind: 'reset' })
    await expect(configured(azure, percentageOffer())).rejects.toThrow('reset')
    expect(await azure.world.shelf.list('azure.jobs')).toHaveLength(1)
  })
})
