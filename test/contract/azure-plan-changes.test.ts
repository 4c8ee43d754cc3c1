import { describe, expect, it } from 'vitest'
import type { DomainEvent } from '../../events/index.ts'
import { acceptPrivateOffer, purchase, reinstate, suspend } from '../../infra/local/marketplaces/azure/customer.ts'
import { begin, type Operation, purchaseOf } from '../../infra/local/marketplaces/azure/operation.ts'
import type { Choice } from '../../infra/local/marketplaces/azure/sale.ts'
import { changePlan, changeQuantity } from '../../infra/local/marketplaces/azure/subscriber.ts'
import { service } from '../../infra/service.ts'
import { parseWebhook } from '../../lib/agreements/azure-webhook.ts'
import { followOperation } from '../../lib/agreements/operation.ts'
import type { LastKnown } from '../../lib/agreements/store.ts'
import { ChangeRule } from '../../lib/agreements/subscription-change.ts'
import type { AzureOffer } from '../../lib/offers/offer.ts'
import { azureAdapter } from '../support/azure-adapter.ts'
import { saas } from '../support/azure-offers.ts'
import { contextAt, memoryOffers } from '../support/offers.ts'
import { azureOffer, bundle, calling, perUser } from '../unit/offers/azure-offer.ts'

const { agreements, azure, fault, released, setFront } = azureAdapter()

const RULE = ChangeRule.parse(JSON.parse(service.policies.SUBSCRIPTION_CHANGE_RULE))

const sold = async (given: AzureOffer) => {
  const offer = await released(calling('create', given))
  await acceptPrivateOffer(azure().world, `private-offer/${offer.externalId}`)
  return offer
}
const planOf = ({ externalId = '' }: AzureOffer, name = 'enterprise') => `${name}_${externalId.slice(0, 8)}`

/** A subscription of an offer, beside it another offer to the same customer, and Cosell's side of it. */
const open = async (given: AzureOffer = azureOffer(), choice: Choice = {}) => {
  const { world } = azure()
  const [bought, other] = [await sold(given), await sold(azureOffer({ id: 'off_2', name: 'Fabrikam plus' }))]
  const { token } = await purchase(world, `private-offer/${bought.externalId}`, choice)
  const { subscriptionId, planId } = await agreements().resolve(token)
  await agreements().activate(subscriptionId, planId)
  const events: DomainEvent[] = []
  const synced: string[] = []
  const add = async (added: DomainEvent[]) => {
    const fresh = added.filter(({ id }) => !events.some((known) => known.id === id))
    events.push(...fresh)
    return fresh.length
  }
  const sync = async (id: string) => void synced.push((await agreements().read(id)).plan?.id ?? '')
  const { store } = memoryOffers(bought, other)
  /** What the books have the subscription under. */
  const kept: LastKnown[] = []
  const follow = (rule = RULE) => {
    const { operationId } = parseWebhook(JSON.stringify(azure().sent.at(-1)?.body))
    const books = { lastKnown: async () => kept[0] }
    const desk = { fulfilment: agreements(), offers: store, store: books, feed: { add }, sync, rule }
    return followOperation(desk)({ subscriptionId, operationId }, contextAt(world.now().toISOString()))
  }
  const tenSecondsLater = async () => {
    azure().advance(10)
    await azure().tick()
  }
  const outcome = async () => {
    const [operation] = (await world.shelf.list<Operation>('azure.operations')).slice(-1)
    const { planId, quantity } = (await saas(azure(), 'GET', `/${subscriptionId}`)).body
    return { status: operation?.status, planId, quantity }
  }
  /** Microsoft names the offer of no plan any more. */
  const forgetOffers = () => {
    const owner = { accountId: 'acc_1', productId: bought.productId, marketplace: 'azure' as const, agreementId: subscriptionId }
    kept.push({ planId, owner: { ...owner, partnerId: bought.partnerId, offerId: bought.id } })
    setFront(async ({ path }) => (path.endsWith('/listAvailablePlans') ? { status: 200, body: { plans: [] } } : undefined))
  }
  const told = () => events.map(({ type, data }) => ({ type, ...data }))
  return { world, bought, other, subscriptionId, forgetOffers, follow, tenSecondsLater, outcome, told, synced }
}

const judged = (answer: string) => expect.objectContaining({ type: 'azure.change-judged.v1', answer })

describe('a subscriber who asks for another plan', () => {
  it('of another private offer gets it at once', async () => {
    const desk = await open()
    await changePlan(desk.world, desk.subscriptionId, planOf(desk.other))
    await desk.follow()
    expect(await desk.outcome()).toMatchObject({ status: 'Succeeded', planId: planOf(desk.other) })
    expect(desk.told()).toEqual([judged('confirm')])
    expect(desk.synced).toEqual([planOf(desk.other)])
    expect(await agreements().read(desk.subscriptionId)).toMatchObject({ offerExternalId: desk.other.externalId })
  })

  it('that no offer sells keeps the one that was agreed, also after ten seconds', async () => {
    const desk = await open()
    await changePlan(desk.world, desk.subscriptionId, 'enterprise')
    await desk.follow()
    await desk.tenSecondsLater()
    expect(await desk.outcome()).toMatchObject({ status: 'Failed', planId: planOf(desk.bought) })
    expect(desk.told()).toEqual([judged('refuse')])
  })

  it('that no offer sells gets it where the vendor wants that', async () => {
    const desk = await open()
    await changePlan(desk.world, desk.subscriptionId, 'enterprise')
    await desk.follow({ ...RULE, planLeavingOffer: 'confirm' })
    expect(await desk.outcome()).toMatchObject({ status: 'Succeeded', planId: 'enterprise' })
    expect(await agreements().read(desk.subscriptionId)).not.toHaveProperty('offerExternalId')
  })
})

describe('a subscriber who asks for other users', () => {
  const sales: [string, () => AzureOffer, Choice][] = [
    ['an offer', perUser, {}],
    ['one of the items of an offer', bundle, { plan: 'Fabrikam Seats' }],
  ]
  const cases: [number, string, number][] = [
    [20, 'Succeeded', 20],
    [500, 'Succeeded', 500],
    [501, 'Failed', 30],
    [19, 'Failed', 30],
  ]
  it.each(sales.flatMap(([name, made, choice]) => cases.map((each) => [name, ...each, made, choice] as const)))(
    'of %s, like %i, is answered by %s and has %i',
    async (_, asked, status, quantity, made, choice) => {
      const desk = await open(made(), { ...choice, quantity: 30 })
      await changeQuantity(desk.world, desk.subscriptionId, asked)
      await desk.follow()
      await desk.tenSecondsLater()
      expect(await desk.outcome()).toMatchObject({ status, quantity })
    },
  )
})

it('the offer that the books have a subscription under limits its users also where Microsoft names none', async () => {
  const desk = await open(perUser(), { quantity: 30 })
  desk.forgetOffers()
  await changeQuantity(desk.world, desk.subscriptionId, 501)
  await desk.follow()
  expect(desk.told()).toEqual([judged('refuse')])
})

describe('an answer', () => {
  const asking = async () => {
    const desk = await open()
    await changePlan(desk.world, desk.subscriptionId, 'enterprise')
    return desk
  }
  const patches = () => {
    const seen: string[] = []
    setFront(async ({ method, body }) => {
      if (method === 'PATCH') seen.push(body)
      return undefined
    })
    return seen
  }

  it('that comes after ten seconds is not given, and what is holds', async () => {
    const desk = await asking()
    const sent = patches()
    await desk.tenSecondsLater()
    await desk.follow()
    expect(await desk.outcome()).toMatchObject({ status: 'Succeeded', planId: 'enterprise' })
    expect([sent, desk.told(), desk.synced]).toEqual([[], [], ['enterprise']])
  })

  it('is given once, however often the message comes', async () => {
    const desk = await asking()
    const sent = patches()
    await desk.follow()
    await desk.follow()
    expect(sent).toEqual(['{"status":"Failure"}'])
    expect(desk.told()).toEqual([judged('refuse')])
  })

  it('of two copies of a message at the same moment is one', async () => {
    const desk = await asking()
    await Promise.all([desk.follow(), desk.follow()])
    expect(await desk.outcome()).toMatchObject({ status: 'Failed' })
    expect(desk.told()).toEqual([judged('refuse')])
  })

  it.each([
    ['broke down', 'error', { status: 500 }],
    ['was busy', 'throttle', {}],
    ['took it and was not heard', 'reset', {}],
  ] as const)('is sent once more where Microsoft %s', async (_, kind, more) => {
    const desk = await asking()
    fault('azure.fulfilment.answer', kind, more)
    await desk.follow()
    expect(await desk.outcome()).toMatchObject({ status: 'Failed', planId: planOf(desk.bought) })
    expect(desk.told()).toEqual([judged('refuse')])
  })

  it('that Microsoft cannot take in time leaves the message for later, which follows what is', async () => {
    const desk = await asking()
    fault('azure.fulfilment.answer', 'error', { times: 2 })
    await expect(desk.follow()).rejects.toMatchObject({ code: 'unavailable' })
    await desk.tenSecondsLater()
    await desk.follow()
    expect([await desk.outcome(), desk.synced]).toEqual([expect.objectContaining({ planId: 'enterprise' }), ['enterprise']])
  })

  it('that is overtaken by the ten seconds is told to be', async () => {
    const desk = await asking()
    setFront(async ({ method }) => {
      if (method === 'PATCH') await desk.tenSecondsLater()
      return undefined
    })
    await desk.follow()
    const refused = {
      type: 'azure.answer-refused.v1',
      answer: 'refuse',
      status: 'Succeeded',
      reason: expect.stringContaining('ended'),
    }
    expect(desk.told()).toEqual([judged('refuse'), expect.objectContaining(refused)])
    expect(desk.synced).toEqual(['enterprise'])
  })

  it.each([400, 404])('that Microsoft refuses with %i is told, and the subscription is read all the same', async (status) => {
    const desk = await asking()
    setFront(async ({ method }) =>
      method === 'PATCH'
        ? { status, body: { error: { code: 'BadRequest', message: 'There is no such operation.' } } }
        : undefined,
    )
    await desk.follow()
    expect(desk.told()).toEqual([
      judged('refuse'),
      expect.objectContaining({ status: 'InProgress', reason: expect.stringContaining('no such operation') }),
    ])
    expect(desk.synced).toHaveLength(1)
  })

  it('to an operation that the publisher began breaks the service: its end is read later', async () => {
    const desk = await open()
    const found = await purchaseOf(desk.world, desk.subscriptionId)
    if (!found) throw new Error('no subscription')
    const { id: operationId } = await begin(desk.world, found, 'ChangePlan', { planId: 'enterprise' }, 'Partner')
    azure().sent.push({
      channel: 'azure.webhook',
      headers: {},
      body: { id: operationId, subscriptionId: desk.subscriptionId, action: 'ChangePlan' },
    })
    await expect(desk.follow()).rejects.toMatchObject({ code: 'unavailable' })
    await desk.tenSecondsLater()
    await desk.follow()
    expect(desk.synced).toEqual(['enterprise'])
  })

  it('is not given to a reinstatement, which cannot be refused', async () => {
    const desk = await open()
    await suspend(desk.world, desk.subscriptionId)
    await reinstate(desk.world, desk.subscriptionId)
    const sent = patches()
    await desk.follow()
    expect([sent, desk.told(), desk.synced]).toEqual([[], [], [planOf(desk.bought)]])
  })
})

describe('the plans that a subscriber may choose', () => {
  it('are those of its own offers and the public ones, and only one at a time is changed', async () => {
    const desk = await open()
    const { world, subscriptionId } = desk
    const { body } = await saas(azure(), 'GET', `/${subscriptionId}/listAvailablePlans`)
    expect(body.plans.map(({ planId }: { planId: string }) => planId)).toEqual([
      ...[planOf(desk.bought), planOf(desk.other), 'enterprise', 'seats'],
    ])
    for (const planId of ['none', planOf(desk.bought)])
      await expect(changePlan(world, subscriptionId, planId)).rejects.toMatchObject({ target: 'planId' })
    await expect(changeQuantity(world, subscriptionId, 3)).rejects.toMatchObject({ target: 'quantity' })
    await changePlan(world, subscriptionId, 'seats')
    await expect(changePlan(world, subscriptionId, 'enterprise')).rejects.toMatchObject({ code: 'conflict' })
    await desk.tenSecondsLater()
    expect(await desk.outcome()).toEqual({ status: 'Succeeded', planId: 'seats', quantity: 1 })
  })
})
