import { describe, expect, it } from 'vitest'
import type { Books } from '../../../lib/agreements/booking.ts'
import type { Owned } from '../../../lib/agreements/owned.ts'
import { type Dependencies, syncAgreement } from '../../../lib/agreements/read.ts'
import { conflict, ServiceError, unavailable } from '../../../lib/core/errors.ts'
import { digestOf } from '../../../lib/runtime/digest.ts'
import type { NewTransaction } from '../../../lib/transactions/transaction.ts'
import { contextAt, memoryOffers } from '../../support/offers.ts'
import { usd } from '../../support/usd.ts'
import { awsOffer } from '../offers/aws-offer.ts'
import { agreementOf } from './agreement.ts'

const offerOf = (name: string) =>
  awsOffer({ id: `off_${name}`, partnerId: `par_${name}`, status: 'released', externalId: `ext-${name}` })
const AGREEMENT = agreementOf({
  schedule: [{ on: '2026-12-01', amount: usd(10_000_000) }],
  invoices: [
    { id: 'i1', type: 'invoice', issuedOn: '2026-11-05', amount: usd(10_000_000) },
    { id: 'c1', type: 'credit', issuedOn: '2026-11-05', amount: usd(-300), corrects: 'i1' },
  ],
})
const SOON = '2026-11-05T14:05:00.000Z'
const LATER = '2026-11-05T14:20:00.000Z'

/** A desk whose parts may die: the nth call of any of them, after it has done its work. */
const openDesk = () => {
  const offers = memoryOffers(offerOf('wrong'), offerOf('right'))
  const rows = new Map<string, NewTransaction>()
  const [books, owners, joined] = [new Map<string, Books>(), new Map<string, Owned[]>(), new Set<string>()]
  const said = { offer: 'wrong', life: Number.POSITIVE_INFINITY }
  const dying =
    <Given extends unknown[], T>(work: (...given: Given) => Promise<T>) =>
    async (...given: Given): Promise<T> => {
      if (said.life <= 0) throw unavailable('dead')
      const result = await work(...given)
      said.life -= 1
      if (said.life <= 0) throw unavailable('dies')
      return result
    }
  const dependencies: Dependencies = {
    marketplace: 'aws',
    source: { read: async () => ({ ...AGREEMENT, offerExternalId: `ext-${said.offer}` }), changedSince: async function* () {} },
    store: {
      books: async (_, id) => books.get(id),
      keepBooks: dying(async (_, id, after, before) => {
        if (books.get(id)?.revision !== before?.revision) throw new ServiceError('stale_version', 'x')
        books.set(id, after)
      }),
      owners: async (_, id) => owners.get(id) ?? [],
      keepOwners: dying(async (_, id, after, before) => {
        if ((owners.get(id) ?? []).length !== before.length) throw new ServiceError('stale_version', 'x')
        owners.set(id, after)
      }),
      synced: dying(async () => {}),
      unsettled: async () => {},
      lastKnown: async () => undefined,
      syncedAt: async () => '',
      syncedBefore: async function* () {},
      beginCycle: async () => ({ since: '', startedAt: '' }),
      endCycle: async () => {},
    },
    offers: { ...offers.store, save: dying(offers.store.save) },
    accounts: { ofBuyer: async () => 'acc_7' },
    join: dying(async (_, partnerId) => void joined.add(partnerId)),
    record: dying(async (row) => {
      const known = rows.get(row.providerKey)
      if (known && digestOf(known) !== digestOf(row)) throw conflict(`${row.providerKey} has another content`)
      rows.set(row.providerKey, row)
    }),
    isRecorded: async (row) => {
      const known = rows.get(row.providerKey)
      return known !== undefined && digestOf(known) === digestOf(row)
    },
    idOf: (key) => `txn_${key}`,
    catchUp: async () => {},
  }
  const read = async (offer: string, now = LATER) => {
    said.offer = offer
    await syncAgreement(dependencies)('agmt-1', contextAt(now))
  }
  const sums = () => {
    const found: Record<string, number> = {}
    for (const { ledger, partnerId, amount } of rows.values()) {
      const name = `${ledger} ${partnerId}`
      found[name] = (found[name] ?? 0) + amount.amount
      if (found[name] === 0) delete found[name]
    }
    return found
  }
  const statusOf = async (name: string) => (await offers.store.get(`off_${name}`)).status
  return { said, rows, joined, offers, dependencies, read, sums, statusOf }
}

const of = (name: string) => ({
  [`booked par_${name}`]: 10_000_000,
  [`scheduled par_${name}`]: 10_000_000,
  [`billed par_${name}`]: 9_999_700,
})

describe('an agreement that names another offer than before', () => {
  it('is taken from the wrong offer and partner, and given to the right ones', async () => {
    const desk = openDesk()
    await desk.read('wrong', SOON)
    expect([desk.sums(), await desk.statusOf('wrong')]).toEqual([of('wrong'), 'accepted'])
    await desk.read('right')
    expect(desk.sums()).toEqual(of('right'))
    expect([await desk.statusOf('wrong'), await desk.statusOf('right')]).toEqual(['released', 'accepted'])
    expect(desk.offers.types()).toEqual([
      ...['offer.accepted.v1', 'offer.purchased.v1', 'offer.acceptance-corrected.v1'],
      ...['offer.accepted.v1', 'offer.purchased.v1'],
    ])
  })

  it('attaches only the partner of the offer that it names when ten minutes have passed', async () => {
    const desk = openDesk()
    await desk.read('wrong', SOON)
    expect([...desk.joined]).toEqual([])
    await desk.read('right')
    expect([...desk.joined]).toEqual(['par_right'])
  })

  it('may be read again at any time, and changes its mind as often as it likes', async () => {
    const desk = openDesk()
    for (const name of ['wrong', 'wrong', 'right', 'right', 'wrong', 'right']) {
      await desk.read(name)
      const size = desk.rows.size
      await desk.read(name)
      expect([desk.sums(), desk.rows.size]).toEqual([of(name), size])
    }
    expect([await desk.statusOf('wrong'), await desk.statusOf('right')]).toEqual(['released', 'accepted'])
  })

  it('comes out alike wherever the process dies, in the wrong reading or in the right one', async () => {
    for (const dyingIn of ['wrong', 'right'] as const) {
      for (let life = 1; life <= 20; life += 1) {
        const desk = openDesk()
        if (dyingIn === 'right') await desk.read('wrong', SOON)
        desk.said.life = life
        await desk.read(dyingIn, SOON).catch(() => {})
        desk.said.life = Number.POSITIVE_INFINITY
        await desk.read('right')
        expect([life, desk.sums()]).toEqual([life, of('right')])
        expect([await desk.statusOf('wrong'), await desk.statusOf('right')]).toEqual(['released', 'accepted'])
      }
    }
  })

  it('takes an acceptance back that was seen by another way than reading the agreement', async () => {
    const desk = openDesk()
    const wrong = await desk.offers.store.get('off_wrong')
    const accepted = { ...wrong, status: 'accepted' as const, agreementId: 'agmt-1', acceptedAt: SOON }
    await desk.offers.store.save({ offer: accepted, events: [] }, wrong, contextAt())
    await desk.read('right')
    expect(await desk.statusOf('wrong')).toBe('released')
    expect(await desk.offers.store.get('off_wrong')).not.toHaveProperty('acceptedAt')
  })

  it('on Azure goes on with a new offer: what the old one brought stays its own', async () => {
    const desk = openDesk()
    const subscription = { ...agreementOf({ value: usd(500) }), marketplace: 'azure' as const }
    const next = { from: '2027-11-06', to: '2028-11-06' }
    desk.dependencies.source.read = async () => ({ ...subscription, offerExternalId: 'ext-wrong' })
    await syncAgreement(desk.dependencies)('agmt-1', contextAt(LATER))
    desk.dependencies.source.read = async () => ({ ...subscription, service: next, offerExternalId: 'ext-right' })
    await syncAgreement(desk.dependencies)('agmt-1', contextAt(LATER))
    expect(desk.sums()).toEqual({ 'booked par_wrong': 500, 'booked par_right': 500 })
    expect([await desk.statusOf('wrong'), await desk.statusOf('right')]).toEqual(['accepted', 'accepted'])
  })

  it('is not believed where a newer answer was kept while this one was on its way', async () => {
    const desk = openDesk()
    await desk.read('wrong')
    const { source } = desk.dependencies
    const answers = ['wrong', 'right']
    desk.dependencies.source = {
      ...source,
      read: async () => {
        const answer = answers.shift() ?? 'right'
        if (answer === 'wrong') {
          desk.dependencies.source = source
          await desk.read('right')
        }
        return { ...AGREEMENT, offerExternalId: `ext-${answer}` }
      },
    }
    await syncAgreement(desk.dependencies)('agmt-1', contextAt(LATER))
    expect(desk.sums()).toEqual(of('right'))
  })
})
