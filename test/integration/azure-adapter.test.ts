import { describe, expect, it } from 'vitest'
import { acceptPrivateOffer } from '../../infra/local/marketplaces/azure/customer.ts'
import { AZURE } from '../../infra/local/marketplaces/azure/tenant.ts'
import { command } from '../../lib/offers/azure/plan.ts'
import type { AzureOffer } from '../../lib/offers/offer.ts'
import { azureAdapter } from '../support/azure-adapter.ts'
import { carriedOut, percentageOffer } from '../support/azure-offers.ts'
import { sending } from '../unit/offers/azure-offer.ts'

const { azure, client, fault, marketplace, released, sent, setFront } = azureAdapter()

const offersThere = async () => (await azure().world.shelf.list('azure.offers')).length
const withdrawing = (offer: AzureOffer): AzureOffer => sending('withdraw', offer, 2)

describe('an offer that is sent to Azure', () => {
  it('is released with an id and a link when its job has ended', async () => {
    const offer = await sent(sending('create'))
    expect(await marketplace().observe(offer)).toEqual({ state: 'running' })
    azure().advance(180)
    expect(await marketplace().observe(offer)).toEqual({
      state: 'succeeded',
      externalId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      externalName: 'Fabrikam 12m (off_1 1)',
      acceptanceLink: expect.stringMatching(/^https:\/\/portal\.azure\.com\//),
      at: '2026-11-02T09:03:00.000Z',
    })
    expect(await azure().world.shelf.list('azure.violations')).toEqual([])
  })

  it('fails with the reasons of Azure, at our fields', async () => {
    const offer = await sent(sending('create', { basePlanId: '20000000-0000-4000-8000-0000000000ff' }))
    azure().advance(180)
    expect(await marketplace().observe(offer)).toEqual({
      state: 'failed',
      retry: false,
      problems: [{ code: 'NotFound', target: 'basePlanId', message: expect.stringContaining('There is no plan/') }],
    })
  })

  it('fails when somebody cancels its job', async () => {
    const offer = await sent(sending('create'))
    await azure().call('POST', `/azure/ingestion/configure/${offer.submission?.jobId}/cancel?$version=2022-07-01`)
    azure().advance(180)
    expect(await marketplace().observe(offer)).toMatchObject({
      state: 'failed',
      retry: false,
      problems: [{ code: 'job_cancelled' }],
    })
  })

  it('is refused at once where a schema forbids it', async () => {
    const answer = await marketplace().send(sending('create', { productId: 'contoso-insights' }))
    expect(answer).toMatchObject({ refused: expect.arrayContaining([expect.objectContaining({ target: 'productId' })]) })
  })
})

describe('an offer whose answer was lost', () => {
  it('is found again when its job has ended, and not sent twice', async () => {
    fault('azure.ingestion.configure', 'reset')
    const offer = sending('create')
    await expect(marketplace().send(offer)).rejects.toMatchObject({ code: 'unavailable' })
    expect(await marketplace().recover(offer)).toBeUndefined()
    azure().advance(180)
    expect(await marketplace().recover(offer)).toMatchObject({
      outcome: { state: 'succeeded', externalId: expect.any(String), acceptanceLink: expect.any(String) },
    })
    expect(await offersThere()).toBe(1)
  })

  it('is found on a later page, by its attempt too', async () => {
    for (let attempt = 1; attempt <= 25; attempt++) {
      await sent(sending('create', {}, attempt))
      azure().advance(1)
    }
    azure().advance(180)
    const offer = sending('create', {}, 25)
    const found = await marketplace().recover(offer)
    const externalId = found && 'outcome' in found && found.outcome.state === 'succeeded' ? found.outcome.externalId : ''
    const { body } = await azure().call('GET', `/azure/ingestion/private-offer/${externalId}?$version=2023-07-15`)
    expect(body.name).toBe('Fabrikam 12m (off_1 25)')
  })

  it('is not taken for a draft of its name, which no customer sees', async () => {
    await carriedOut(azure(), percentageOffer({ name: 'Fabrikam 12m (off_1 1)', state: 'draft' }))
    expect(await offersThere()).toBe(1)
    expect(await marketplace().recover(sending('create'))).toBeUndefined()
  })

  it('leaves no trace when it never arrived', async () => {
    fault('azure.ingestion.configure', 'error', { status: 503 })
    const offer = sending('create')
    await expect(marketplace().send(offer)).rejects.toMatchObject({ code: 'unavailable' })
    azure().advance(1200)
    expect(await marketplace().recover(offer)).toBeUndefined()
    expect(await offersThere()).toBe(0)
  })
})

describe('an offer that is withdrawn', () => {
  it('keeps the name it has at Azure', async () => {
    const offer = withdrawing(await released())
    const posted: unknown[] = []
    setFront(async ({ method, path, body }) => {
      if (method === 'POST' && path.endsWith('/configure')) posted.push(JSON.parse(body))
      return undefined
    })
    await sent(offer)
    expect(posted).toEqual([command('withdraw', offer, { name: 'Fabrikam 12m (off_1 1)' })])
  })

  it('rests as a draft', async () => {
    const offer = await sent(withdrawing(await released()))
    expect(await marketplace().recover(offer)).toBeUndefined()
    azure().advance(180)
    const succeeded = { state: 'succeeded', externalId: offer.externalId }
    expect(await marketplace().observe(offer)).toMatchObject(succeeded)
    expect(await marketplace().recover(offer)).toMatchObject({ outcome: succeeded })
    const { body } = await azure().call('GET', `/azure/ingestion/private-offer/${offer.externalId}?$version=2023-07-15`)
    expect(body.state).toBe('draft')
  })

  it('is not taken back from a customer who has accepted', async () => {
    const offer = withdrawing(await released())
    await acceptPrivateOffer(azure().world, `private-offer/${offer.externalId}`)
    const problems = [expect.objectContaining({ code: 'already_accepted' })]
    expect(await marketplace().send(offer)).toEqual({ refused: problems })
    expect(await marketplace().recover(offer)).toEqual({ outcome: { state: 'failed', retry: false, problems } })
  })

  it('is not taken back from a customer who accepts while the job runs', async () => {
    const offer = await sent(withdrawing(await released()))
    await acceptPrivateOffer(azure().world, `private-offer/${offer.externalId}`)
    azure().advance(180)
    expect(await marketplace().observe(offer)).toMatchObject({ state: 'failed', problems: [{ code: 'already_accepted' }] })
  })
})

describe('an offer that somebody withdraws in Partner Center', () => {
  it('counts as withdrawn although our job fails', async () => {
    const offer = withdrawing(await released())
    await sent(offer)
    const late = await sent(offer)
    azure().advance(180)
    expect(await marketplace().observe(late)).toMatchObject({ state: 'succeeded', externalId: offer.externalId })
  })
})

describe('an acceptance', () => {
  it('is dated by the moment it is seen on its day', async () => {
    const offer = await released()
    expect(await marketplace().acceptance(offer)).toBeUndefined()
    azure().advance(3600)
    await acceptPrivateOffer(azure().world, `private-offer/${offer.externalId}`)
    expect(await marketplace().acceptance(offer)).toEqual({ at: '2026-11-02T10:03:00.000Z' })
  })

  it('is dated by the end of its day when it is seen later', async () => {
    const offer = await released()
    await acceptPrivateOffer(azure().world, `private-offer/${offer.externalId}`)
    azure().advance(2 * 86_400)
    expect(await marketplace().acceptance(offer)).toEqual({ at: '2026-11-02T23:59:59.999Z' })
  })
})

describe('Azure that is not available', () => {
  it.each([
    ['is throttled', () => fault('azure.ingestion.configure', 'throttle'), /try again after 60/],
    ['breaks down', () => fault('azure.ingestion.configure', 'error'), /cannot POST \/configure now \(500\)/],
    ['is locked', () => fault('azure.ingestion.configure', 'lock'), /is busy/],
    ['gives no token', () => fault('azure.login.token', 'error', { status: 401 }), /secret expired/],
  ])('is asked once when it %s', async (_, happen, message) => {
    happen()
    await expect(marketplace().send(sending('create'))).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(message),
    })
    expect([azure().world.faults.pending(), await azure().world.shelf.list('azure.jobs')]).toEqual([[], []])
  })

  it('names the app when it does not let a stranger in', async () => {
    const stranger = marketplace(client({ clientId: AZURE.strangerId, secret: async () => AZURE.strangerSecret }))
    await expect(stranger.send(sending('create'))).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('AZURE_CLIENT_ID'),
    })
  })

  it('gives one token for an hour of calls', async () => {
    const asked: string[] = []
    setFront(async ({ path }) => {
      asked.push(path)
      return undefined
    })
    const one = client()
    const read = () => marketplace(one).recover(sending('create'))
    const tokens = () => asked.filter((path) => path.endsWith('/token')).length
    await read()
    azure().advance(3000)
    await read()
    expect(tokens()).toBe(1)
    azure().advance(400)
    await read()
    expect(tokens()).toBe(2)
  })
})
