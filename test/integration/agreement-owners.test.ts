import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTables } from '../../infra/local/dynamodb.ts'
import { commonOf } from '../../lib/agreements/owned.ts'
import { agreementStore } from '../../lib/agreements/store.ts'
import { accept, unaccept } from '../../lib/offers/acceptance.ts'
import type { Offer } from '../../lib/offers/offer.ts'
import { offerStore } from '../../lib/offers/store.ts'
import { newContext } from '../../lib/runtime/context.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openEngine, type TestEngine } from '../support/engine.ts'
import { NOW } from '../support/offers.ts'
import { agreementOf } from '../unit/agreements/agreement.ts'
import { awsOffer } from '../unit/offers/aws-offer.ts'

let engine: TestEngine
beforeAll(async () => {
  engine = await openEngine()
  await createTables()
})
afterAll(() => engine.stop())

const owner = (accountId: string) => commonOf(agreementOf(), { accountId })

it('owners of an agreement are kept in order; of two readings at once the slower one begins again', async () => {
  const store = agreementStore(openTable('records'))
  const [a, b, c] = ['acc_a', 'acc_b', 'acc_c'].map(owner) as [
    ReturnType<typeof owner>,
    ReturnType<typeof owner>,
    ReturnType<typeof owner>,
  ]
  expect(await store.owners('aws', 'agmt-1')).toEqual([])
  await store.keepOwners('aws', 'agmt-1', [a], [])
  await expect(store.keepOwners('aws', 'agmt-1', [b], [])).rejects.toMatchObject({ code: 'stale_version' })
  await store.keepOwners('aws', 'agmt-1', [a, b], [a])
  await expect(store.keepOwners('aws', 'agmt-1', [a, c], [a])).rejects.toMatchObject({ code: 'stale_version' })
  await store.synced(agreementOf(), { owner: b }, NOW)
  expect(await store.owners('aws', 'agmt-1')).toEqual([a, b])
})

it('an offer is found by the agreement that it was said to be accepted with, also when that is taken back and said again', async () => {
  const store = offerStore(openTable('records'))
  const context = newContext()
  const save = async (offer: Offer, decide: (offer: Offer) => ReturnType<typeof accept>) =>
    store.save(decide(offer), offer, context)
  const draft = awsOffer({ version: 0, status: 'released', externalId: 'ext-claimed' })
  const released = await store.save({ offer: draft, events: [] }, { ...draft, externalId: 'none' }, context)
  const acceptance = { agreementId: 'agmt-7', at: NOW }
  const accepted = await save(released, (offer) => accept(offer, acceptance, context))
  expect(await store.ofAgreement('aws', 'agmt-7')).toEqual(['off_1'])
  const again = await save(accepted, (offer) => unaccept(offer, 'agmt-7', context))
  expect(again).toMatchObject({ status: 'released' })
  expect(await store.get('off_1')).not.toHaveProperty('agreementId')
  await save(again, (offer) => accept(offer, acceptance, context))
  expect(await store.ofAgreement('aws', 'agmt-7')).toEqual(['off_1'])
  expect(await store.ofAgreement('aws', 'agmt-8')).toEqual([])
})
