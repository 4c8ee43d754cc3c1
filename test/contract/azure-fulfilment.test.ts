import { describe, expect, it } from 'vitest'
import { acceptPrivateOffer, purchase, reinstate, suspend, unsubscribe } from '../../infra/local/marketplaces/azure/customer.ts'
import { AZURE } from '../../infra/local/marketplaces/azure/tenant.ts'
import { testAzure } from '../support/azure.ts'
import { carriedOut, percentageOffer, purchased, saas, subscribed } from '../support/azure-offers.ts'

const GONE = '50000000-0000-4000-8000-00000000dead'
const DAY = 86_400
const seats = {
  product: `product/${AZURE.saasProductId}`,
  plan: `plan/${AZURE.saasProductId}/${AZURE.seatPlanId}`,
  discountType: 'percentage',
  discountPercentage: 10,
}

describe('resolve', () => {
  const start = async () => {
    const azure = await testAzure()
    const bought = await purchased(azure)
    const resolve = (token: string) => saas(azure, 'POST', '/resolve', { headers: { 'x-ms-marketplace-token': token } })
    return { azure, ...bought, resolve }
  }

  it('tells what was bought, before it is activated', async () => {
    const { resolve, token, subscriptionId } = await start()
    expect(await resolve(token)).toMatchObject({
      status: 200,
      body: {
        id: subscriptionId,
        subscriptionName: 'Fabrikam FY27',
        offerId: 'contoso-insights',
        quantity: null,
        subscription: { id: subscriptionId, saasSubscriptionStatus: 'PendingFulfillmentStart', term: { termUnit: 'P1Y' } },
      },
    })
  })

  it('refuses the token as it stands in the URL of the landing page', async () => {
    const { resolve, token } = await start()
    expect(encodeURIComponent(token)).not.toBe(token)
    expect((await resolve(encodeURIComponent(token))).status).toBe(400)
  })

  it('refuses a token after a day, or none', async () => {
    const { azure, resolve, token } = await start()
    azure.advance(DAY - 1)
    expect((await resolve(token)).status).toBe(200)
    azure.advance(1)
    expect((await resolve(token)).status).toBe(400)
    expect((await resolve('')).status).toBe(400)
  })
})

describe('activation', () => {
  it('starts a term of a year today, whose end is inclusive', async () => {
    const azure = await testAzure()
    const { subscriptionId } = await purchased(azure)
    const answer = await saas(azure, 'POST', `/${subscriptionId}/activate`, { body: { planId: 'not even compared' } })
    expect(answer).toMatchObject({ status: 200, body: undefined })
    expect((await saas(azure, 'GET', `/${subscriptionId}`)).body).toMatchObject({
      saasSubscriptionStatus: 'Subscribed',
      term: { startDate: '2026-11-02T00:00:00Z', endDate: '2027-11-01T00:00:00Z', termUnit: 'P1Y' },
    })
  })

  it('starts a term of the month that was bought', async () => {
    const azure = await testAzure('2027-01-31T10:00:00.000Z')
    const { offerId } = await carriedOut(azure, percentageOffer({ acceptBy: '2027-02-20' }))
    await acceptPrivateOffer(azure.world, offerId)
    const { subscriptionId } = await purchase(azure.world, offerId, { termUnit: 'P1M' })
    await saas(azure, 'POST', `/${subscriptionId}/activate`, { body: { planId: 'enterprise' } })
    expect((await saas(azure, 'GET', `/${subscriptionId}`)).body.term).toMatchObject({
      startDate: '2027-01-31T00:00:00Z',
      endDate: '2027-02-27T00:00:00Z',
    })
  })

  it('may be repeated without a new term', async () => {
    const azure = await testAzure()
    const { subscriptionId } = await subscribed(azure)
    azure.advance(5 * DAY)
    expect((await saas(azure, 'POST', `/${subscriptionId}/activate`, { body: { planId: 'x' } })).status).toBe(200)
    expect((await saas(azure, 'GET', `/${subscriptionId}`)).body.term.startDate).toBe('2026-11-02T00:00:00Z')
  })

  it.each([
    ['suspended', suspend, 400],
    ['unsubscribed', unsubscribe, 404],
  ])('is refused for a subscription that is %s', async (_, happens, status) => {
    const azure = await testAzure()
    const { subscriptionId } = await subscribed(azure)
    await happens(azure.world, subscriptionId)
    expect((await saas(azure, 'POST', `/${subscriptionId}/activate`, { body: { planId: 'x' } })).status).toBe(status)
  })

  it('is refused without a plan, and for an unknown subscription', async () => {
    const azure = await testAzure()
    const { subscriptionId } = await purchased(azure)
    expect((await saas(azure, 'POST', `/${subscriptionId}/activate`)).status).toBe(400)
    expect((await saas(azure, 'POST', `/${GONE}/activate`, { body: { planId: 'x' } })).status).toBe(404)
  })

  it('is too late after thirty days: the subscription has ended, and the publisher was told', async () => {
    const azure = await testAzure()
    const { subscriptionId } = await purchased(azure)
    azure.advance(30 * DAY)
    await azure.tick()
    expect((await saas(azure, 'GET', `/${subscriptionId}`)).body.saasSubscriptionStatus).toBe('Unsubscribed')
    expect(azure.sent.map(({ body }) => body['action'])).toEqual(['Unsubscribe'])
  })
})

describe('subscriptions', () => {
  it('answers nothing at all while there are none', async () => {
    expect(await saas(await testAzure(), 'GET', '')).toMatchObject({ status: 200, body: undefined })
  })

  it('pages by a hundred, the ended ones too', async () => {
    const azure = await testAzure()
    const { offerId, subscriptionId } = await purchased(azure)
    for (let i = 1; i < 101; i++) await purchase(azure.world, offerId)
    await unsubscribe(azure.world, subscriptionId)
    const first = await saas(azure, 'GET', '')
    const second = await azure.call('GET', first.body['@nextLink'])
    const all = [...first.body.subscriptions, ...second.body.subscriptions]
    expect([first.body.subscriptions.length, second.body.subscriptions.length]).toEqual([100, 1])
    expect(new Set(all.map(({ id }) => id)).size).toBe(101)
    expect(all.filter(({ saasSubscriptionStatus }) => saasSubscriptionStatus === 'Unsubscribed')).toHaveLength(1)
    expect(second.body).not.toHaveProperty('@nextLink')
  })

  it('does not know a subscription that was never bought', async () => {
    expect((await saas(await testAzure(), 'GET', `/${GONE}`)).status).toBe(404)
  })

  it('needs its api-version', async () => {
    const { call } = await testAzure()
    expect((await call('GET', '/azure/marketplace/api/saas/subscriptions')).status).toBe(400)
  })

  it('echoes the ids of a request, or makes them', async () => {
    const azure = await testAzure()
    const { headers } = await saas(azure, 'GET', '', { headers: { 'x-ms-requestid': 'mine' } })
    expect(headers).toMatchObject({ 'x-ms-requestid': 'mine', 'x-ms-correlationid': expect.stringMatching(/^[0-9a-f-]{36}$/) })
  })
})

describe('the available plans', () => {
  const plansOf = async (query: (planId: string) => string) => {
    const azure = await testAzure()
    const { offerId, subscriptionId } = await purchased(azure)
    const { planId } = (await saas(azure, 'GET', `/${subscriptionId}`)).body
    const { body } = await saas(azure, 'GET', `/${subscriptionId}/listAvailablePlans${query(planId)}`)
    return { plans: body.plans, planId, offerId }
  }

  it('name the private offer when the purchased plan is asked for', async () => {
    const { plans, planId, offerId } = await plansOf((id) => `?planId=${id}`)
    expect(plans).toMatchObject([
      {
        planId,
        displayName: 'Fabrikam Enterprise',
        isPrivate: true,
        planComponents: { recurrentBillingTerms: [{ currency: 'USD', price: 48000, termUnit: 'P1Y' }] },
      },
    ])
    expect(`private-offer/${plans[0].sourceOffers[0].externalId}`).toBe(offerId)
  })

  it('do not name it for another plan, nor without a plan', async () => {
    const other = await plansOf(() => '?planId=enterprise')
    const all = await plansOf(() => '')
    expect(other.plans).toMatchObject([{ planId: 'enterprise', isPrivate: false }])
    expect(all.plans.map(({ planId }: { planId: string }) => planId)).toEqual([all.planId, 'enterprise', 'seats'])
    for (const plan of [...other.plans, ...all.plans]) expect(plan).not.toHaveProperty('sourceOffers')
  })

  it('are none for a plan that does not exist', async () => {
    expect((await plansOf(() => '?planId=none')).plans).toEqual([])
  })

  it('show the discounted price of a percentage offer', async () => {
    const azure = await testAzure()
    const { offerId } = await carriedOut(azure, percentageOffer())
    await acceptPrivateOffer(azure.world, offerId)
    const { subscriptionId } = await purchase(azure.world, offerId)
    const { body } = await saas(azure, 'GET', `/${subscriptionId}/listAvailablePlans?planId=enterprise`)
    const prices = body.plans[0].planComponents.recurrentBillingTerms.map(({ price }: { price: number }) => price)
    expect(prices).toEqual([4375, 52_500])
    expect(`private-offer/${body.plans[0].sourceOffers[0].externalId}`).toBe(offerId)
  })
})

describe("the publisher's changes", () => {
  const start = async () => {
    const azure = await testAzure()
    const bought = await subscribed(azure)
    const at = `/${bought.subscriptionId}`
    const read = async () => (await saas(azure, 'GET', at)).body
    return { azure, ...bought, at, read }
  }

  it('of a plan take ten seconds and are told at the end', async () => {
    const { azure, at, read } = await start()
    const answer = await saas(azure, 'PATCH', at, { body: { planId: 'enterprise' } })
    const operation = () => azure.call('GET', answer.headers['operation-location'] ?? '')
    expect(answer).toMatchObject({ status: 202, body: undefined })
    expect((await operation()).body).toMatchObject({ action: 'ChangePlan', planId: 'enterprise', status: 'InProgress' })
    azure.advance(10)
    await azure.tick()
    expect((await operation()).body).toMatchObject({ status: 'Succeeded' })
    expect(await read()).toMatchObject({ planId: 'enterprise' })
    expect(azure.sent).toMatchObject([{ body: { action: 'ChangePlan', status: 'Succeeded', operationRequestSource: 'Partner' } }])
  })

  it('of the end unsubscribe', async () => {
    const { azure, at, read } = await start()
    expect((await saas(azure, 'DELETE', at)).status).toBe(202)
    azure.advance(10)
    expect(await read()).toMatchObject({ saasSubscriptionStatus: 'Unsubscribed' })
    expect((await saas(azure, 'DELETE', at)).status).toBe(400)
  })

  it('wait for each other', async () => {
    const { azure, at } = await start()
    await saas(azure, 'PATCH', at, { body: { planId: 'enterprise' } })
    expect(await saas(azure, 'PATCH', at, { body: { planId: 'seats' } })).toMatchObject({
      status: 400,
      body: { code: 'Failed', target: 'update' },
    })
    expect((await saas(azure, 'DELETE', at)).status).toBe(409)
  })

  it.each([
    ['a plan and a quantity', { planId: 'seats', quantity: 3 }],
    ['neither', {}],
    ['an unknown plan', { planId: 'none' }],
    ['a quantity for a flat rate', { quantity: 3 }],
    ['a quantity that is no number', { quantity: 'three' }],
  ])('are refused for %s', async (_, body) => {
    const { azure, at } = await start()
    expect((await saas(azure, 'PATCH', at, { body })).status).toBe(400)
  })

  it('are refused for the plan that it has, and before activation', async () => {
    const { azure, at, read } = await start()
    const { planId } = await read()
    const { subscriptionId } = await purchased(azure)
    expect((await saas(azure, 'PATCH', at, { body: { planId } })).status).toBe(400)
    expect((await saas(azure, 'PATCH', `/${subscriptionId}`, { body: { planId: 'seats' } })).status).toBe(400)
  })

  it('are not confirmed by the publisher itself: the service breaks', async () => {
    const { azure, at } = await start()
    const { headers } = await saas(azure, 'DELETE', at)
    expect((await azure.call('PATCH', headers['operation-location'] ?? '', { body: { status: 'Success' } })).status).toBe(500)
  })
})

describe('operations', () => {
  const suspended = async () => {
    const azure = await testAzure()
    const { subscriptionId } = await subscribed(azure)
    await suspend(azure.world, subscriptionId)
    return { azure, subscriptionId, at: `/${subscriptionId}/operations` }
  }
  const reinstating = async () => {
    const started = await suspended()
    await reinstate(started.azure.world, started.subscriptionId)
    const { body } = await saas(started.azure, 'GET', started.at)
    return { ...started, operation: body.operations[0] }
  }

  it('are listed while they are open', async () => {
    const { azure, at, operation } = await reinstating()
    expect(operation).toMatchObject({ action: 'Reinstate', status: 'InProgress' })
    azure.advance(10)
    expect((await saas(azure, 'GET', at)).body).toEqual({ operations: [] })
  })

  it.each(['Success', 'Failure', 'anything'])('reinstate whatever the publisher says (%s)', async (status) => {
    const { azure, at, subscriptionId, operation } = await reinstating()
    expect((await saas(azure, 'PATCH', `${at}/${operation.id}`, { body: { status } })).status).toBe(200)
    expect((await saas(azure, 'GET', `/${subscriptionId}`)).body.saasSubscriptionStatus).toBe('Subscribed')
    expect((await saas(azure, 'PATCH', `${at}/${operation.id}`, { body: { status } })).status).toBe(409)
  })

  it('need a status', async () => {
    const { azure, at, operation } = await reinstating()
    expect((await saas(azure, 'PATCH', `${at}/${operation.id}`, { body: {} })).status).toBe(400)
  })

  it('can be read after they ended', async () => {
    const { azure, at } = await suspended()
    const [message] = azure.sent
    expect((await saas(azure, 'GET', `${at}/${message?.body['id']}`)).body).toMatchObject({
      action: 'Suspend',
      status: 'Succeeded',
      errorStatusCode: '',
      errorMessage: '',
    })
  })

  it('answer 400 for an unknown one, and an empty list for an unknown subscription', async () => {
    const { azure, at } = await suspended()
    expect((await saas(azure, 'GET', `${at}/${GONE}`)).status).toBe(400)
    expect((await saas(azure, 'PATCH', `${at}/${GONE}`, { body: { status: 'Success' } })).status).toBe(400)
    expect(await saas(azure, 'GET', `/${GONE}/operations`)).toMatchObject({ status: 200, body: { operations: [] } })
  })

  it('of another subscription are unknown', async () => {
    const { azure } = await suspended()
    const { subscriptionId } = await subscribed(azure)
    expect((await saas(azure, 'GET', `/${subscriptionId}/operations/${azure.sent[0]?.body['id']}`)).status).toBe(400)
  })
})

describe('a purchase', () => {
  it('needs an accepted offer within its dates, and a term that is sold', async () => {
    const azure = await testAzure()
    const dates = { variableStartDate: false, start: '2026-12-01', end: '2026-12-31' }
    const { offerId } = await carriedOut(azure, percentageOffer(dates))
    await expect(purchase(azure.world, offerId)).rejects.toMatchObject({ code: 'conflict' })
    await acceptPrivateOffer(azure.world, offerId)
    await expect(purchase(azure.world, offerId)).rejects.toMatchObject({ code: 'conflict' })
    azure.advance(30 * DAY)
    await expect(purchase(azure.world, offerId, { termUnit: 'P9Y' })).rejects.toMatchObject({ target: 'termUnit' })
    await expect(purchase(azure.world, offerId)).resolves.toMatchObject({ token: expect.any(String) })
    azure.advance(30 * DAY)
    await expect(purchase(azure.world, offerId)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('of seats begins with the smallest quantity', async () => {
    const azure = await testAzure()
    const { offerId } = await carriedOut(azure, percentageOffer({ pricing: [seats] }))
    await acceptPrivateOffer(azure.world, offerId)
    const { subscriptionId } = await purchase(azure.world, offerId)
    await saas(azure, 'POST', `/${subscriptionId}/activate`, { body: { planId: 'seats' } })
    expect((await saas(azure, 'GET', `/${subscriptionId}`)).body.quantity).toBe(1)
    expect((await saas(azure, 'PATCH', `/${subscriptionId}`, { body: { quantity: 0 } })).status).toBe(400)
    await saas(azure, 'PATCH', `/${subscriptionId}`, { body: { quantity: 20 } })
    azure.advance(10)
    expect((await saas(azure, 'GET', `/${subscriptionId}`)).body.quantity).toBe(20)
  })
})
