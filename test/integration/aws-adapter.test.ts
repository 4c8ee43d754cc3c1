import { CancelChangeSetCommand, MarketplaceCatalogClient, StartChangeSetCommand } from '@aws-sdk/client-marketplace-catalog'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openAgreement } from '../../infra/local/marketplaces/aws/agreement.ts'
import { AGREEMENTS, acceptOffer, cancelAgreement, findAgreement } from '../../infra/local/marketplaces/aws/agreements.ts'
import { invoiceAgreement, invoiceUsage, refundInvoice } from '../../infra/local/marketplaces/aws/billing.ts'
import { openCatalog } from '../../infra/local/marketplaces/aws/catalog.ts'
import { type Offer as Listed, OFFERS } from '../../infra/local/marketplaces/aws/offer.ts'
import { receiveAuthorization, resell, THEIR_PRODUCT } from '../../infra/local/marketplaces/aws/other-seller.ts'
import { seedProducts } from '../../infra/local/marketplaces/aws/products.ts'
import { Fault } from '../../infra/local/marketplaces/faults.ts'
import type { Message } from '../../infra/local/marketplaces/stand-in.ts'
import { awsAgreements } from '../../lib/agreements/aws/source.ts'
import { parseAwsEvent } from '../../lib/agreements/aws-events.ts'
import { isCode } from '../../lib/core/errors.ts'
import { awsMarketplace } from '../../lib/offers/aws/marketplace.ts'
import { requestOf } from '../../lib/offers/aws/plan.ts'
import type { AwsOffer } from '../../lib/offers/offer.ts'
import { serve } from '../support/loopback.ts'
import { usd } from '../support/usd.ts'
import { testWorld } from '../support/world.ts'
import { awsOffer, inInstallments, withoutGrants } from '../unit/offers/aws-offer.ts'

const DAY = 86_400
const BUYER = '310000000009'
const CREATE = { kind: 'create', attempt: 1, startedAt: '2026-11-02T09:00:00.000Z', open: true } as const

const begun = (offer: AwsOffer): AwsOffer => ({ ...offer, status: 'submitting', submission: CREATE })

const open = async () => {
  const { world, sent, advance } = testWorld()
  const standIns = [openCatalog(world), openAgreement(world)]
  await seedProducts(world)
  const { url, close } = await serve(standIns)
  vi.stubEnv('AWS_ENDPOINT_URL', url)
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local')
  const pass = async (seconds: number) => {
    advance(seconds)
    for (const each of standIns) await each.tick()
  }
  const fail = (fault: Partial<Fault>) => world.faults.add(Fault.parse(fault))
  return { world, sent, pass, fail, close, market: awsMarketplace(), agreements: awsAgreements(world) }
}

let aws: Awaited<ReturnType<typeof open>>
beforeEach(async () => {
  aws = await open()
})
afterEach(async () => {
  await aws.close()
  vi.unstubAllEnvs()
})

/** Sends what the submission describes and gives the offer with its job. */
const sent = async (offer: AwsOffer): Promise<AwsOffer> => {
  const answer = await aws.market.send(offer)
  if ('refused' in answer || !offer.submission) throw new Error(`not sent: ${JSON.stringify(answer)}`)
  return { ...offer, submission: { ...offer.submission, jobId: answer.jobId } }
}

const released = async (offer: AwsOffer): Promise<AwsOffer & { externalId: string }> => {
  const working = await sent(begun(offer))
  await aws.pass(600)
  const outcome = await aws.market.observe(working)
  if (outcome.state !== 'succeeded') throw new Error(`not released: ${JSON.stringify(outcome)}`)
  return { ...working, status: 'released', externalId: outcome.externalId }
}

const readings = () => aws.sent.map(({ body }: Message) => parseAwsEvent(body))
const refusal = async (call: Promise<unknown>) => call.then(() => undefined).catch((error: unknown) => error)

describe('an offer', () => {
  it.each([
    ['upfront', awsOffer()],
    ['in installments', inInstallments()],
  ])('%s is worked on, then released under an id of AWS', async (_, offer) => {
    const working = await sent(begun(offer))
    expect(await aws.market.observe(working)).toEqual({ state: 'running' })
    await aws.pass(600)
    const outcome = await aws.market.observe(working)
    expect(outcome).toEqual({
      state: 'succeeded',
      externalId: expect.stringMatching(/^offer-\w+$/),
      acceptanceLink: expect.stringContaining('offerId=offer-'),
      at: '2026-11-02T09:03:00.000Z',
    })
    expect(readings()).toEqual(
      expect.arrayContaining([
        { kind: 'change-set', changeSetName: 'cosell:off_1:create:1', changeSetId: working.submission?.jobId },
        { kind: 'offer-released', externalId: outcome.state === 'succeeded' && outcome.externalId },
      ]),
    )
  })

  it('that comes with a new dimension is known by its own id, not by that of its product', async () => {
    const dimension = { key: 'fresh', name: 'Fresh', description: 'new', unit: 'Units', type: 'contract' } as const
    const offer = await released(awsOffer({ newDimensions: [dimension], grants: [{ dimension: 'fresh', quantity: 1 }] }))
    expect(offer.externalId).toMatch(/^offer-/)
  })

  it('that AWS refuses comes back with every reason, as fields of our request', async () => {
    const offer = inInstallments({ buyerAccountIds: [BUYER, '000000000001'], grants: [{ dimension: 'sites', quantity: 3 }] })
    const working = await sent(begun(offer))
    await aws.pass(600)
    const outcome = await aws.market.observe(working)
    expect(outcome).toMatchObject({ state: 'failed', retry: false })
    expect(outcome.state === 'failed' && outcome.problems.map(({ code, target }) => [code, target])).toEqual([
      ['INVALID_BUYER_ACCOUNTS', 'buyerAccountIds.1'],
      ['INVALID_GRANTS', 'grants'],
    ])
  })

  it('that is malformed is refused at once, field by field', async () => {
    const offer = begun(awsOffer({ name: 'a<b', buyerAccountIds: ['31'] }))
    expect(await aws.market.send(offer)).toEqual({
      refused: [
        { code: 'FieldValidationFailed', target: 'name', message: expect.any(String) },
        { code: 'FieldValidationFailed', target: 'buyerAccountIds.0', message: expect.any(String) },
      ],
    })
  })

  it('of a product that nobody sells is refused', async () => {
    expect(await aws.market.send(begun(awsOffer({ productId: 'prod-nothing' })))).toMatchObject({
      refused: [{ code: 'NOT_FOUND', target: 'productId' }],
    })
  })

  it('over which AWS breaks down is worth another attempt', async () => {
    aws.fail({ target: 'aws.catalog.ApplyChangeSet', kind: 'error' })
    const working = await sent(begun(awsOffer()))
    await aws.pass(600)
    expect(await aws.market.observe(working)).toMatchObject({ state: 'failed', retry: true })
  })

  it('whose change set someone cancels has failed', async () => {
    const working = await sent(begun(awsOffer()))
    const ChangeSetId = working.submission?.jobId
    await new MarketplaceCatalogClient({ region: 'us-east-1' }).send(
      new CancelChangeSetCommand({ Catalog: 'AWSMarketplace', ChangeSetId }),
    )
    expect(await aws.market.observe(working)).toMatchObject({ state: 'failed', retry: false, problems: [{ code: 'CANCELLED' }] })
  })

  it('that is withdrawn can no longer be accepted', async () => {
    const offer = await released(awsOffer())
    const submission = { kind: 'withdraw', attempt: 2, startedAt: aws.world.now().toISOString(), open: true } as const
    const working = await sent({ ...offer, status: 'withdrawing', submission })
    await aws.pass(600)
    expect(await aws.market.observe(working)).toMatchObject({ state: 'succeeded', externalId: offer.externalId })
    await expect(acceptOffer(aws.world, offer.externalId, BUYER)).rejects.toThrow('expired')
  })
})

describe('an offer that is extended', () => {
  const extending = (offer: AwsOffer, attempt = 2): AwsOffer => ({
    ...offer,
    status: 'extending',
    extension: { expiresOn: '2027-01-15' },
    submission: { ...CREATE, kind: 'extend', attempt },
  })
  const changeInConsole = async (Identifier: string, AvailabilityEndDate: string) => {
    const Entity = { Type: 'Offer@1.0', Identifier }
    const change = { ChangeType: 'UpdateAvailability', Entity, DetailsDocument: { AvailabilityEndDate } }
    const client = new MarketplaceCatalogClient({ region: 'us-east-1' })
    await client.send(new StartChangeSetCommand({ Catalog: 'AWSMarketplace', ChangeSet: [change] }))
    await aws.pass(600)
  }
  const untilOf = async (id: string) => (await aws.world.shelf.get<Listed>(OFFERS, id))?.availabilityEndDate

  it('has its new last day at AWS', async () => {
    const offer = await released(awsOffer())
    const working = await sent(extending(offer))
    await aws.pass(600)
    expect(await aws.market.observe(working)).toMatchObject({ state: 'succeeded', externalId: offer.externalId })
    expect(await untilOf(offer.externalId)).toBe('2027-01-15')
  })

  it('stays as somebody set it at AWS meanwhile: the problem names that day, and to take it over goes through', async () => {
    const offer = await released(awsOffer())
    await changeInConsole(offer.externalId, '2026-12-24')
    expect(await aws.market.send(extending(offer))).toEqual({
      refused: [{ code: 'CHANGED_ELSEWHERE', target: 'expiresOn', message: expect.stringContaining('extend to 2026-12-24') }],
    })
    await sent({ ...extending(offer, 3), extension: { expiresOn: '2026-12-24' } })
    await aws.pass(600)
    expect(await untilOf(offer.externalId)).toBe('2026-12-24')
  })

  it('changes the revision that was looked at, no later one', async () => {
    const offer = extending(await released(awsOffer()))
    const first = requestOf(offer, '2026-11-02', `${offer.externalId}@1`)
    expect(first.ChangeSet[0]?.Entity?.Identifier).toBe(`${offer.externalId}@1`)
    await changeInConsole(offer.externalId ?? '', '2026-12-24')
    const client = new MarketplaceCatalogClient({ region: 'us-east-1' })
    await expect(client.send(new StartChangeSetCommand(first))).rejects.toThrow('is stale')
    expect(requestOf(offer, '2026-11-02', `${offer.externalId}@2`).ClientRequestToken).not.toBe(first.ClientRequestToken)
  })

  it('is told to be nowhere when the account has no such offer', async () => {
    const offer = extending(await released(awsOffer()))
    const { refused } = Object(await aws.market.send({ ...offer, externalId: 'offer-nowhere000000' }))
    expect(refused).toMatchObject([{ code: 'NOT_FOUND', message: expect.stringContaining('to extend') }])
  })
})

describe("an offer of another seller's product", () => {
  const receive = () =>
    receiveAuthorization(aws.world, {
      months: 12,
      charges: [
        { on: '2026-12-20', amount: '80000.00' },
        { on: '2027-03-01', amount: '20000.00' },
      ],
      buyerAccountIds: [BUYER],
    })
  const reselling = (authorizationId: string, changes: Partial<AwsOffer> = {}) =>
    withoutGrants({ productId: THEIR_PRODUCT.id, resale: { authorizationId, markupPercent: '5.0' }, ...changes })

  it('is released, accepted and worth the wholesale price with our markup', async () => {
    const { id } = await receive()
    const offer = await released(reselling(id))
    const { id: agreementId } = await acceptOffer(aws.world, offer.externalId, BUYER)
    expect(await aws.market.acceptance(offer)).toMatchObject({ agreementId })
    expect(readings()).toContainEqual({ kind: 'agreement', agreementId })
    expect(await aws.agreements.read(agreementId)).toMatchObject({
      productId: THEIR_PRODUCT.id,
      offerExternalId: offer.externalId,
      value: usd(10_500_000),
      schedule: [
        { on: '2026-12-20', amount: usd(8_400_000) },
        { on: '2027-03-01', amount: usd(2_100_000) },
      ],
    })
  })

  it('comes back with the field that its authorisation does not allow', async () => {
    const { id } = await receive()
    await released(reselling(id))
    const again = await sent(begun(reselling(id, { id: 'off_2', termMonths: 24, buyerAccountIds: [BUYER, '310000000017'] })))
    await aws.pass(600)
    const outcome = await aws.market.observe(again)
    expect(outcome.state === 'failed' && outcome.problems.map(({ code, target }) => `${code} ${target}`).toSorted()).toEqual([
      'INCOMPATIBLE_RESALE_AUTHORIZATION buyerAccountIds.1',
      'INCOMPATIBLE_RESALE_AUTHORIZATION resale.authorizationId',
      'INVALID_DURATION termMonths',
    ])
  })

  const replacing = (agreementId: string, authorizationId: string, changes: Partial<AwsOffer> = {}): AwsOffer => {
    const fields = { id: 'off_2', replaces: agreementId, endsOn: '2028-04-30', ...changes }
    const { buyerAccountIds: _, ...offer } = reselling(authorizationId, fields)
    return offer
  }
  const resold = async () => {
    const { externalId } = await released(reselling((await receive()).id))
    return acceptOffer(aws.world, externalId, BUYER)
  }

  it('takes the place of what was resold, which ends on that day', async () => {
    const old = await resold()
    await aws.pass(10 * DAY)
    const offer = await released(replacing(old.id, (await receive()).id))
    const { id } = await acceptOffer(aws.world, offer.externalId, BUYER)
    expect(await aws.agreements.read(old.id)).toMatchObject({ status: 'ended', endedOn: '2026-11-12' })
    expect(await aws.agreements.read(id)).toMatchObject({
      offerExternalId: offer.externalId,
      value: usd(10_500_000),
      service: { from: '2026-11-12', to: '2028-05-01' },
    })
  })

  it('that cannot take that place comes back with our field', async () => {
    const old = await resold()
    const used = await sent(begun(replacing(old.id, old.resaleAuthorizationId ?? '')))
    const { id } = await receive()
    const ended = await sent(begun(replacing(old.id, id, { id: 'off_3' })))
    await cancelAgreement(aws.world, old.id)
    await aws.pass(600)
    expect(await aws.market.observe(used)).toMatchObject({
      problems: expect.arrayContaining([
        { code: 'INCOMPATIBLE_RESALE_AUTHORIZATION', target: 'resale.authorizationId', message: expect.any(String) },
      ]),
    })
    expect(await aws.market.observe(ended)).toMatchObject({ problems: [{ code: 'INCOMPATIBLE_AGREEMENT', target: 'replaces' }] })
    expect(await aws.market.send(begun(replacing(old.id, id, { id: 'off_4' })))).toMatchObject({
      refused: [{ target: 'replaces' }],
    })
    expect(await aws.market.send(begun(replacing('agmt-nobody', id, { id: 'off_5' })))).toMatchObject({
      refused: [{ code: 'NOT_FOUND', target: 'replaces' }],
    })
    expect(await aws.market.send(begun(replacing(old.id, 'resaleauthz-unknown', { id: 'off_6' })))).toMatchObject({
      refused: [{ code: 'NOT_FOUND', target: 'resale.authorizationId' }],
    })
  })

  it('is refused where nobody gave the authorisation to us', async () => {
    expect(await aws.market.send(begun(reselling('resaleauthz-unknown')))).toMatchObject({
      refused: [{ code: 'NOT_FOUND', target: 'resale.authorizationId' }],
    })
  })
})

describe('an authorisation that a reseller gets of us', () => {
  const RESELLER = '210000000002'
  const given = () => inInstallments({ authorises: { resellerAccountId: RESELLER } })
  const sale = { buyerAccountId: BUYER, markupPercent: '10' }

  it('is released under its own id, without a link for a buyer', async () => {
    const working = await sent(begun(given()))
    await aws.pass(600)
    expect(await aws.market.observe(working)).toEqual({
      state: 'succeeded',
      externalId: expect.stringMatching(/^resaleauthz-\w+$/),
      at: '2026-11-02T09:03:00.000Z',
    })
  })

  it('is found again after a lost answer', async () => {
    const { submission } = await sent(begun(given()))
    expect(await aws.market.recover(begun(given()))).toEqual({ jobId: submission?.jobId })
  })

  it('is accepted by an event alone: nothing can be asked for', async () => {
    const offer = await released(given())
    const { agreementId } = await resell(aws.world, offer.externalId, sale)
    expect(await aws.market.acceptance(offer)).toBeUndefined()
    expect(readings()).toContainEqual({
      kind: 'resold',
      authorizationId: offer.externalId,
      agreementId,
      at: aws.world.now().toISOString(),
    })
  })

  it('that is withdrawn makes no more offers', async () => {
    const offer = await released(given())
    const submission = { kind: 'withdraw', attempt: 2, startedAt: aws.world.now().toISOString(), open: true } as const
    const working = await sent({ ...offer, status: 'withdrawing', submission })
    await aws.pass(600)
    expect(await aws.market.observe(working)).toMatchObject({ state: 'succeeded', externalId: offer.externalId })
    await expect(resell(aws.world, offer.externalId, sale)).rejects.toThrow('Restricted')
  })
})

describe('a call that does not come through', () => {
  it.each([
    ['the offer is locked', { kind: 'lock' }],
    ['AWS is down', { kind: 'error', status: 503, times: 9 }],
    ['the connection breaks', { kind: 'reset', times: 9 }],
  ] as const)('may be asked again when %s', async (_, fault) => {
    aws.fail({ target: 'aws.catalog.StartChangeSet', ...fault })
    expect(isCode(await refusal(aws.market.send(begun(awsOffer()))), 'unavailable')).toBe(true)
  })

  it('names the permission that is missing', async () => {
    const { url, close } = await serve([
      {
        answer: async () => ({ status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' }, body: { Message: 'no' } }),
        tick: async () => {},
      },
    ])
    vi.stubEnv('AWS_ENDPOINT_URL', url)
    const error = await refusal(awsMarketplace().send(begun(awsOffer())))
    expect(isCode(error, 'unavailable') && error.message).toContain('aws-marketplace:StartChangeSet')
    await close()
  })

  it('is repeated by the client without doubling its effect', async () => {
    aws.fail({ target: 'aws.catalog.StartChangeSet', kind: 'reset' })
    const working = await sent(begun(awsOffer()))
    await aws.pass(600)
    expect(readings().filter(({ kind }) => kind === 'offer-released')).toHaveLength(1)
    expect(await aws.market.observe(working)).toMatchObject({ state: 'succeeded' })
  })

  it('is recovered by name when its answer is lost for good', async () => {
    expect(await aws.market.recover(begun(awsOffer()))).toBeUndefined()
    aws.fail({ target: 'aws.catalog.StartChangeSet', kind: 'reset', times: 9 })
    await refusal(aws.market.send(begun(awsOffer())))
    aws.world.faults.clear()

    const found = await aws.market.recover(begun(awsOffer()))
    expect(await aws.market.send(begun(awsOffer()))).toEqual(found)
    const next = { ...begun(awsOffer()), submission: { ...CREATE, attempt: 11 } }
    expect(await aws.market.recover(next)).toBeUndefined()
  })
})

describe('an agreement', () => {
  const accepted = async (offer: AwsOffer) => {
    const live = await released(offer)
    const { id } = await acceptOffer(aws.world, live.externalId, BUYER)
    return { live, id }
  }

  it('is how an offer is known to be accepted', async () => {
    const live = await released(awsOffer())
    expect(await aws.market.acceptance(live)).toBeUndefined()
    const { id } = await acceptOffer(aws.world, live.externalId, BUYER)
    expect(await aws.market.acceptance(live)).toEqual({ agreementId: id, at: '2026-11-02T09:10:00.000Z' })
  })

  it('paid upfront has the price as its value and one invoice', async () => {
    const { live, id } = await accepted(awsOffer())
    await invoiceAgreement(aws.world, id)
    expect(await aws.agreements.read(id)).toEqual({
      marketplace: 'aws',
      id,
      status: 'active',
      offerExternalId: live.externalId,
      buyerId: BUYER,
      productId: live.productId,
      acceptedAt: '2026-11-02T09:10:00.000Z',
      activatedAt: '2026-11-02T09:10:00.000Z',
      service: { from: '2026-11-02', to: '2027-11-02' },
      value: live.price,
      initialId: id,
      schedule: [],
      invoices: [{ id: expect.any(String), type: 'invoice', issuedOn: '2026-11-02', amount: live.price }],
    })
  })

  it('in installments has their schedule, the invoices so far, and a refund that names its invoice', async () => {
    const { live, id } = await accepted(inInstallments())
    await aws.pass(130 * DAY)
    const [, second] = await invoiceAgreement(aws.world, id)
    await refundInvoice(aws.world, id, second?.id ?? '', '250.50', 'OTHER')

    const snapshot = await aws.agreements.read(id)
    expect(snapshot.schedule).toEqual(live.schedule)
    expect(snapshot.value).toEqual(live.price)
    expect(snapshot.invoices.map(({ type, issuedOn, amount }) => [type, issuedOn, amount.amount])).toEqual([
      ['invoice', '2026-12-01', 4_000_000],
      ['invoice', '2027-03-01', 3_000_000],
      ['credit', '2027-03-12', -25_050],
    ])
    expect(snapshot.invoices.map(({ corrects }) => corrects)).toEqual([undefined, undefined, second?.id])
  })

  it('that is cancelled has ended, and every event of it says to look at it', async () => {
    const { id } = await accepted(awsOffer())
    await cancelAgreement(aws.world, id)
    expect((await aws.agreements.read(id)).status).toBe('ended')
    const looks = readings().filter(({ kind }) => kind === 'agreement')
    expect(looks.length).toBeGreaterThanOrEqual(2)
    expect(new Set(looks.map((each) => JSON.stringify(each))).size).toBe(1)
  })

  it('that is cancelled ended on the day of the cancellation, however late it is read', async () => {
    const { id } = await accepted(awsOffer())
    expect(await aws.agreements.read(id)).not.toHaveProperty('endedOn')
    await aws.pass(10 * DAY)
    await cancelAgreement(aws.world, id)
    const day = aws.world.now().toISOString().slice(0, 10)
    await aws.pass(3 * DAY)
    expect(await aws.agreements.read(id)).toMatchObject({ status: 'ended', endedOn: day })
  })

  it('tells what was metered apart from what was bought ahead', async () => {
    const { id } = await accepted(awsOffer({ usage: [{ dimension: 'api_calls_1k', price: '0.08' }] }))
    await invoiceAgreement(aws.world, id)
    await aws.pass(30 * DAY)
    await invoiceUsage(aws.world, id, { month: '2026-11', amount: '123.40' })
    expect((await aws.agreements.read(id)).invoices).toEqual([
      expect.not.objectContaining({ usage: expect.anything() }),
      expect.objectContaining({ amount: usd(12_340), usage: { from: '2026-11-01', to: '2026-12-01' } }),
    ])
  })

  it('that is metered only has no value, and every invoice is for usage', async () => {
    const usage = [{ dimension: 'api_calls_1k', price: '0.08' }]
    const { id } = await accepted(withoutGrants({ usage, price: usd(0), listPrice: usd(0) }))
    await invoiceUsage(aws.world, id, { month: '2026-11', amount: '5.00' })
    expect(await aws.agreements.read(id)).toMatchObject({ value: usd(0), invoices: [{ usage: { from: '2026-11-01' } }] })
  })

  it('whose place another one took ended on the day of that acceptance', async () => {
    const { id } = await accepted(inInstallments())
    await aws.pass(40 * DAY)
    const { buyerAccountIds: _, ...offer } = inInstallments({
      id: 'off_2',
      replaces: id,
      endsOn: '2028-04-30',
      expiresOn: '2026-12-31',
      price: usd(7_000_000),
      schedule: [{ on: '2027-03-01', amount: usd(7_000_000) }],
    })
    const next = await accepted(offer)
    expect(await aws.agreements.read(id)).toMatchObject({ status: 'ended', endedOn: '2026-12-12' })
    expect(await aws.agreements.read(next.id)).toMatchObject({
      status: 'active',
      value: usd(7_000_000),
      service: { from: '2026-12-12', to: '2028-05-01' },
    })
  })

  it('that nobody knows is not found', async () => {
    expect(isCode(await refusal(aws.agreements.read('agmt-nothing')), 'not_found')).toBe(true)
  })

  it('can be asked for again later when AWS is down', async () => {
    const { id } = await accepted(awsOffer())
    aws.fail({ target: 'aws.agreement.DescribeAgreement', kind: 'error', times: 9 })
    expect(isCode(await refusal(aws.agreements.read(id)), 'unavailable')).toBe(true)
  })

  const idsSince = async (instant: string) => {
    const ids: string[] = []
    for await (const each of aws.agreements.changedSince(instant)) ids.push(each)
    return ids
  }

  it('is found on whichever page it is', async () => {
    const { id } = await accepted(awsOffer())
    const agreement = await findAgreement(aws.world, id)
    for (let i = 0; i < 60; i++) await aws.world.shelf.put(AGREEMENTS, `agmt-${i}`, { ...agreement, id: `agmt-${i}` })
    expect(new Set(await idsSince('2026-11-02T00:00:00.000Z')).size).toBe(61)
  })

  it('is found by when it changed, to the very second', async () => {
    const { id } = await accepted(awsOffer())
    expect(await idsSince('2026-11-02T09:10:00.000Z')).toEqual([id])
    expect(await idsSince('2026-11-02T09:10:00.999Z')).toEqual([id])
    expect(await idsSince('2026-11-02T09:10:02.000Z')).toEqual([])
    await aws.pass(DAY)
    await cancelAgreement(aws.world, id)
    expect(await idsSince('2026-11-03T00:00:00.000Z')).toEqual([id])
  })
})
