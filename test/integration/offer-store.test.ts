import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTables } from '../../infra/local/dynamodb.ts'
import { type Offer, request } from '../../lib/offers/offer.ts'
import { type OfferStore, offerStore } from '../../lib/offers/store.ts'
import { begin, release, started, withdraw } from '../../lib/offers/submission.ts'
import { newContext } from '../../lib/runtime/context.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openEngine, type TestEngine } from '../support/engine.ts'
import { ann, NOW } from '../support/offers.ts'
import { awsOffer } from '../unit/offers/aws-offer.ts'
import {
  azureOffer,
  csp,
  flexible,
  metered,
  originator,
  percentage,
  perUser,
  reservation,
  sellingPartner,
} from '../unit/offers/azure-offer.ts'

let engine: TestEngine
let store: OfferStore

beforeAll(async () => {
  engine = await openEngine()
  await createTables()
  store = offerStore(openTable('records'))
})
afterAll(() => engine.stop())

/** A new offer of a partner in the status that a test needs, as it is stored. */
const stored = async (changes: Partial<Offer> = {}, template: Offer = awsOffer()): Promise<Offer> => {
  const context = newContext()
  const { events } = request(template, ann, context)
  const id = events[0]?.subject ?? ''
  const offer = { ...template, ...changes, id, version: 0 } as Offer
  return store.save({ offer, events }, offer, context)
}

describe('an offer', () => {
  it('is read as it was saved', async () => {
    const azure = [
      azureOffer(),
      percentage(),
      perUser(),
      metered(),
      reservation(),
      flexible(),
      csp(),
      originator(),
      sellingPartner(),
    ]
    for (const template of [awsOffer(), ...azure]) {
      const offer = await stored({}, template)
      expect(await store.get(offer.id)).toEqual(offer)
    }
  })
  it('that is not there is not found', async () => {
    await expect(store.get('off_none')).rejects.toMatchObject({ code: 'not_found' })
  })
  it('is changed only by who has seen its newest version; the other one writes neither state nor event', async () => {
    const offer = await stored()
    const saved = await store.save(begin(offer, newContext()), offer, newContext())
    expect(saved.version).toBe(offer.version + 1)
    const late = store.save(withdraw(offer, 'no need', ann, newContext()), offer, newContext())
    await expect(late).rejects.toMatchObject({ code: 'stale_version' })
    expect(await store.get(offer.id)).toEqual(saved)
    expect((await store.timeline(offer.id)).map(({ type }) => type)).toEqual([
      'offer.requested.v1',
      'offer.submission-started.v1',
    ])
  })
  it('is changed once by many at the same moment', async () => {
    const offer = await stored()
    const tries = Array.from({ length: 5 }, () => store.save(begin(offer, newContext()), offer, newContext()))
    const ended = await Promise.allSettled(tries)
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await store.get(offer.id)).version).toBe(offer.version + 1)
    expect(await store.timeline(offer.id)).toHaveLength(2)
  })
  it('tells its events in the order in which they happened', async () => {
    const offer = await stored()
    const sending = await store.save(begin(offer, newContext()), offer, newContext())
    const running = await store.save(started(sending, 'job-1', newContext()), sending, newContext())
    await store.save(
      release(running, { externalId: 'ext-order', at: '2020-01-01T00:00:00.000Z' }, newContext()),
      running,
      newContext(),
    )
    const [first] = await store.timeline(offer.id)
    expect(first).toMatchObject({ type: 'offer.released.v1', time: '2020-01-01T00:00:00.000Z' })
    expect(await store.timeline(offer.id)).toHaveLength(4)
  })
})

describe("a marketplace's id", () => {
  const submitting = () =>
    stored({ status: 'submitting', submission: { kind: 'create', attempt: 1, startedAt: NOW, open: true } })
  const released = (offer: Offer, externalId: string) => release(offer, { externalId, at: NOW }, newContext())

  it('leads to its offer', async () => {
    const offer = await submitting()
    await store.save(released(offer, 'ext-own'), offer, newContext())
    expect(await store.ofExternalId('aws', 'ext-own')).toBe(offer.id)
    expect(await store.ofExternalId('azure', 'ext-own')).toBeUndefined()
    expect(await store.ofExternalId('aws', 'ext-none')).toBeUndefined()
  })
  it('belongs to one offer: another one is refused it, and stays as it was', async () => {
    const [first, second] = [await submitting(), await submitting()]
    await store.save(released(first, 'ext-shared'), first, newContext())
    const taking = store.save(released(second, 'ext-shared'), second, newContext())
    await expect(taking).rejects.toMatchObject({ code: 'conflict', target: 'externalId' })
    expect(await store.get(second.id)).toEqual(second)
    expect(await store.ofExternalId('aws', 'ext-shared')).toBe(first.id)
  })
  it('of an offer that we received leads to the last one that published it, and takes no id of our own offers', async () => {
    const open = {
      status: 'submitting' as const,
      submission: { kind: 'create' as const, attempt: 1, startedAt: NOW, open: true },
    }
    const own = await stored(open, azureOffer())
    await store.save(released(own, 'azure-own'), own, newContext())
    const parts = [await stored(open, sellingPartner()), await stored(open, sellingPartner())]
    for (const part of parts) await store.save(released(part, 'azure-received'), part, newContext())
    expect(await store.ofExternalId('azure', 'azure-received')).toBe(parts[1]?.id)
    const third = await stored(open, sellingPartner())
    await expect(store.save(released(third, 'azure-own'), third, newContext())).rejects.toMatchObject({ code: 'conflict' })
  })
  it('stays with the offer through its later changes', async () => {
    const offer = await submitting()
    const live = await store.save(released(offer, 'ext-kept'), offer, newContext())
    const after = await store.save(withdraw(live, 'no need', ann, newContext()), live, newContext())
    expect(after).toMatchObject({ status: 'withdrawing', externalId: 'ext-kept' })
  })
})

describe('the lists', () => {
  const all = async (query: Parameters<OfferStore['list']>[0]): Promise<Offer[]> => {
    const { items, cursor } = await store.list(query)
    return cursor ? [...items, ...(await all({ ...query, cursor }))] : items
  }
  const idsOf = (offers: Offer[]) => offers.map(({ id }) => id).sort()

  it('are by partner and by status, in pages', async () => {
    const mine = [
      await stored({ partnerId: 'par_x', status: 'draft' }),
      await stored({ partnerId: 'par_x', status: 'draft' }),
      await stored({ partnerId: 'par_x', status: 'rejected' }),
    ]
    const other = await stored({ partnerId: 'par_y', status: 'rejected' })
    expect(idsOf(await all({ partnerId: 'par_x', limit: 2 }))).toEqual(idsOf(mine))
    expect(idsOf(await all({ partnerId: 'par_x', status: 'draft', limit: 1 }))).toEqual(idsOf(mine.slice(0, 2)))
    expect(idsOf(await all({ status: 'rejected', limit: 1 }))).toEqual(idsOf([mine[2], other].filter((offer) => !!offer)))
    expect(await all({ partnerId: 'par_z', limit: 5 })).toEqual([])
    expect(idsOf(await all({ limit: 3 }))).toEqual(expect.arrayContaining(idsOf([...mine, other])))
  })
  it('follow an offer into its next status', async () => {
    const offer = await stored({ partnerId: 'par_v', status: 'approved' })
    await store.save(begin(offer, newContext()), offer, newContext())
    expect(await all({ partnerId: 'par_v', status: 'approved', limit: 5 })).toEqual([])
    expect(idsOf(await all({ partnerId: 'par_v', status: 'submitting', limit: 5 }))).toEqual([offer.id])
  })
  it('for the reconciler are of one marketplace', async () => {
    const aws = await stored({ status: 'expired' })
    const azure = await stored({ status: 'expired' }, azureOffer())
    expect(await Array.fromAsync(store.idsWithStatus('expired', 'aws'))).toEqual([aws.id])
    expect(await Array.fromAsync(store.idsWithStatus('expired', 'azure'))).toEqual([azure.id])
  })
})
