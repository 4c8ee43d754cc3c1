import { describe, expect, it } from 'vitest'
import { acceptPrivateOffer, suspend } from '../../infra/local/marketplaces/azure/customer.ts'
import type { Offer } from '../../infra/local/marketplaces/azure/offer-state.ts'
import { azureStandIns } from '../../infra/local/marketplaces/azure/stand-ins.ts'
import type { Purchase } from '../../infra/local/marketplaces/azure/subscription.ts'
import type { Message, World } from '../../infra/local/marketplaces/stand-in.ts'
import { testAzure } from '../support/azure.ts'
import { absoluteOffer, carriedOut, configured, percentageOffer, price, readOffer, subscribed } from '../support/azure-offers.ts'

/** The same world, killed at its write number `writes` + 1. */
const mortal = (world: World, writes: number): World => {
  let left = writes
  const live = () => {
    if (left-- <= 0) throw new Error('killed')
  }
  const { put, remove } = world.shelf
  const shelf: World['shelf'] = {
    ...world.shelf,
    put: async (...document) => {
      live()
      return put(...document)
    },
    remove: async (...document) => {
      live()
      return remove(...document)
    },
  }
  return { ...world, shelf }
}

const revived = async (world: World) => {
  const sent: Message[] = []
  const next: World = { ...world, send: async (message) => void sent.push(message) }
  for (const standIn of azureStandIns(next)) await standIn.tick()
  return sent
}

const KILLS = [0, 1, 2, 3, 4, 5, 6, 7, 8]

describe('a kill', () => {
  it.each(KILLS)('at write %i of a suspension leaves it whole or not begun', async (writes) => {
    const azure = await testAzure()
    const { subscriptionId } = await subscribed(azure)
    await suspend(mortal(azure.world, writes), subscriptionId).catch(() => undefined)
    const later = await revived(azure.world)
    const found = await azure.world.shelf.get<Purchase>('azure.subscriptions', subscriptionId)
    const happened = found?.subscription.saasSubscriptionStatus === 'Suspended'
    const operations = await azure.world.shelf.list('azure.operations')
    expect(operations).toHaveLength(happened ? 1 : 0)
    expect(azure.sent.length + later.length > 0).toBe(happened)
    expect(await azure.world.shelf.list('azure.outbox')).toEqual([])
    expect(happened).toBe(writes > 0)
  })

  it.each(KILLS)('at write %i of a job ends in one offer', async (writes) => {
    const azure = await testAzure()
    const { body: job } = await configured(azure, percentageOffer())
    azure.advance(180)
    for (const standIn of azureStandIns(mortal(azure.world, writes))) await standIn.tick().catch(() => undefined)
    await revived(azure.world)
    expect(await azure.world.shelf.list<Offer>('azure.offers')).toMatchObject([{ state: 'live' }])
    const status = await azure.call('GET', `/azure/ingestion/configure/${job.jobId}/status?$version=2022-07-01`)
    expect(status.body.jobResult).toBe('succeeded')
  })
})

describe('work on one world', () => {
  it('does not lose an acceptance to a withdrawal at the same moment', async () => {
    const azure = await testAzure()
    const { offerId } = await carriedOut(azure, price(), absoluteOffer())
    await configured(azure, absoluteOffer({ id: offerId, state: 'withdrawn' }))
    azure.advance(180)
    const outcomes = await Promise.allSettled([
      acceptPrivateOffer(azure.world, offerId),
      ...azure.standIns.map((standIn) => standIn.tick()),
    ])
    const { body } = await readOffer(azure, offerId)
    expect([outcomes[0]?.status, body.state]).toEqual(['rejected', 'draft'])
  })

  it('accepts once, however many try at the same moment', async () => {
    const azure = await testAzure()
    const { offerId } = await carriedOut(azure, percentageOffer())
    const tries = await Promise.allSettled([1, 2, 3].map(() => acceptPrivateOffer(azure.world, offerId)))
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })
})
