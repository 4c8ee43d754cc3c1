import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { acceptResold } from '../../../lib/agreements/resold.ts'
import { unavailable } from '../../../lib/core/errors.ts'
import type { OfferStatus } from '../../../lib/offers/offer.ts'
import { contextAt, memoryOffers } from '../../support/offers.ts'
import { inInstallments } from '../offers/aws-offer.ts'

const AT = '2026-11-12T08:00:01Z'
const event = { authorizationId: 'resaleauthz-1', agreementId: 'agmt-1', at: AT }
const authorises = { resellerAccountId: '210000000002' }

const open = (status: OfferStatus = 'released', externalId: string | null = 'resaleauthz-1') => {
  const offers = memoryOffers(inInstallments({ authorises, status, ...(externalId && { externalId }) }))
  const owners = new Map<string, unknown>()
  const joined: string[] = []
  const dependencies = {
    offers: offers.store,
    store: { resold: async (_: string, id: string, owner: unknown) => void owners.set(id, owner) },
    join: async (accountId: string, partnerId: string, from: string) => void joined.push(`${accountId} ${partnerId} ${from}`),
    catchUp: async () => {},
  }
  return { ...offers, owners, joined, dependencies, hear: acceptResold(dependencies) }
}

type Needed = Parameters<typeof acceptResold>[0]

/** The same, but the process dies before or after its nth call. */
const dyingAt = (nth: number, when: 'before' | 'after', { offers, store, join, catchUp }: Needed): Needed => {
  let calls = 0
  const mortal =
    <A extends unknown[], R>(call: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      calls += 1
      if (calls > nth || (calls === nth && when === 'before')) throw new Error('died')
      const result = await call(...given)
      if (calls === nth) throw new Error('died')
      return result
    }
  return {
    offers: { get: mortal(offers.get), ofExternalId: mortal(offers.ofExternalId), save: mortal(offers.save) },
    store: { resold: mortal(store.resold) },
    join: mortal(join),
    catchUp: mortal(catchUp),
  }
}

describe('what a reseller has sold', () => {
  it('is our offer accepted, with the partner at the account and the agreement known to the books', async () => {
    const desk = open()
    await desk.hear(event, contextAt())
    expect(await desk.store.get('off_1')).toMatchObject({ status: 'accepted', acceptedAt: AT, agreementId: 'agmt-1' })
    expect(desk.joined).toEqual(['acc_1 par_1 2026-11-12'])
    expect(desk.owners.get('agmt-1')).toEqual({
      accountId: 'acc_1',
      productId: 'prod-cosell0ledger',
      marketplace: 'aws',
      agreementId: 'agmt-1',
      partnerId: 'par_1',
      offerId: 'off_1',
    })
    expect(desk.types()).toEqual(['offer.accepted.v1', 'offer.purchased.v1'])
  })

  it('is heard once, however often and in whatever order it is told', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('2026-11-12T08:00:01Z', '2026-11-13T08:00:01Z'), { minLength: 1 }),
        async (times) => {
          const desk = open()
          for (const at of times) await desk.hear({ ...event, at }, contextAt())
          expect(desk.types()).toEqual(['offer.accepted.v1', 'offer.purchased.v1'])
          expect(await desk.store.get('off_1')).toMatchObject({ acceptedAt: times[0], agreementId: 'agmt-1' })
        },
      ),
      { numRuns: 20 },
    )
  })

  it.each([1, 2, 3, 4, 5, 6])('is the same after a crash at its call %i, when the event comes again', async (nth) => {
    for (const when of ['before', 'after'] as const) {
      const desk = open()
      await acceptResold(dyingAt(nth, when, desk.dependencies))(event, contextAt()).catch(() => undefined)
      await desk.hear(event, contextAt())
      expect([desk.types(), [...desk.owners.keys()]]).toEqual([['offer.accepted.v1', 'offer.purchased.v1'], ['agmt-1']])
    }
  })

  it.each<OfferStatus>(['expired', 'withdrawn', 'withdrawing'])(
    'counts though we have it as %s: the reseller had made its offer before',
    async (status) => {
      const desk = open(status)
      await desk.hear(event, contextAt())
      expect(await desk.store.get('off_1')).toMatchObject({ status: 'accepted' })
    },
  )

  it('is nothing to Cosell where the authorisation was given elsewhere', async () => {
    const desk = open('released', 'resaleauthz-2')
    await desk.hear(event, contextAt())
    expect([desk.types(), desk.owners.size]).toEqual([[], 0])
  })

  it('is looked for again where the authorisation may be on its way', async () => {
    const desk = open('submitting', null)
    const catchUp = async () => Promise.reject(unavailable('on its way'))
    await expect(acceptResold({ ...desk.dependencies, catchUp })(event, contextAt())).rejects.toThrow('on its way')
  })
})
