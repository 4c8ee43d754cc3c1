import { describe, expect, it } from 'vitest'
import type { AgreementSnapshot } from '../../../lib/agreements/agreement.ts'
import { reconcileAgreements } from '../../../lib/agreements/commands.ts'
import { syncAgreement } from '../../../lib/agreements/read.ts'
import { unavailable } from '../../../lib/core/errors.ts'
import type { AzureOffer } from '../../../lib/offers/offer.ts'
import { release } from '../../../lib/offers/submission.ts'
import type { NewTransaction } from '../../../lib/transactions/transaction.ts'
import { contextAt, NOW } from '../../support/offers.ts'
import { usd } from '../../support/usd.ts'
import { awsOffer } from '../offers/aws-offer.ts'
import { bundle, csp, discounts, PRODUCT, SEAT_PLAN } from '../offers/azure-offer.ts'
import { agreementOf } from './agreement.ts'
import { LATER, openDesk, RELEASED } from './desk.ts'

describe('taking an agreement in', () => {
  it('books an end before its time once, also when the process dies before the rows are written', async () => {
    const service = { from: '2026-11-06', to: '2027-02-06' }
    const agreement = agreementOf({ service, value: usd(300) })
    const agreements = [agreement]
    let dies = false
    const desk = openDesk(agreements)
    const { record } = desk.dependencies
    desk.dependencies.record = async (row, context) => {
      if (dies && row.providerKey.includes('change')) throw unavailable('the process dies')
      return record(row, context)
    }
    await desk.sync()
    agreements[0] = { ...agreement, status: 'ended', endedOn: '2026-12-01' }
    dies = true
    await expect(desk.sync()).rejects.toMatchObject({ code: 'unavailable' })
    dies = false
    agreements[0] = { ...agreement, status: 'ended', endedOn: '2026-12-05' }
    await desk.sync()
    await desk.sync()
    const booked = [...desk.rows.values()].filter(({ ledger }) => ledger === 'booked')
    expect(booked.map(({ amount, service: { from } = { from: '' } }) => [from, amount.amount])).toEqual([
      ['2026-11-06', 300],
      ['2026-12-06', -100],
      ['2027-01-06', -100],
    ])
  })

  it('marks the offer, attaches its partner and fills the books', async () => {
    const invoices = [{ id: 'inv-1', type: 'invoice' as const, issuedOn: '2026-11-06', amount: usd(10_000_000) }]
    const desk = openDesk([agreementOf({ activatedAt: '2026-11-06T00:00:00.000Z', invoices })])
    await desk.sync()
    expect(await desk.offers.store.get('off_1')).toMatchObject({
      status: 'accepted',
      agreementId: 'agmt-1',
      acceptedAt: '2026-11-05T14:00:00.000Z',
      activatedAt: '2026-11-06T00:00:00.000Z',
    })
    expect([...desk.joined]).toEqual(['par_1 joins acc_1 from 2026-11-05'])
    expect([...desk.rows.keys()]).toEqual(['aws:agmt-1:booked:2026-11-06', 'aws:agmt-1:invoice:inv-1'])
    expect(desk.noted.get('agmt-1')).toEqual({ status: 'active', at: LATER })
  })

  it.each<[string, AzureOffer, AgreementSnapshot['plan'], number]>([
    ['a private plan by its name', bundle(), { id: 'seats_3', name: 'Fabrikam Seats' }, 4_320_000],
    ['a public plan by its id in the catalogue', discounts(), { id: 'seats', name: 'Seats' }, 4_320_000],
  ])('books the price of the one item that was bought, never the sum: %s', async (_, made, plan, amount) => {
    const offer = { ...made, status: 'released', externalId: 'ext-1', releasedAt: '2026-11-03T00:00:00.000Z' } as const
    const asked: object[] = []
    const { value: __, ...agreement } = agreementOf({ marketplace: 'azure', productId: 'insights', ...(plan && { plan }) })
    const desk = openDesk([agreement], offer, { marketplace: 'azure' })
    desk.dependencies.source.catalogued = async (bought) => {
      asked.push(bought)
      return { productId: PRODUCT, planId: SEAT_PLAN }
    }
    await desk.sync()
    await desk.sync()
    expect([...desk.rows.values()].map((row) => [row.productId, row.amount])).toEqual([[PRODUCT, usd(amount)]])
    expect(await desk.offers.store.get('off_1')).toMatchObject({ agreementId: 'agmt-1', boughtItem: 1 })
    const isPublic = made.items?.[0]?.planName === undefined
    expect(asked).toEqual(isPublic ? Array(2).fill({ productId: 'insights', planId: 'seats' }) : [])
  })

  it('waits where it is not told which item was bought, and books it when it is', async () => {
    const offer = { ...bundle(), status: 'released', externalId: 'ext-1', releasedAt: '2026-11-03T00:00:00.000Z' } as const
    const { value: _, ...agreement } = agreementOf({ marketplace: 'azure', plan: { id: 'x', name: 'Renamed' } })
    const agreements = [agreement]
    const desk = openDesk(agreements, offer, { marketplace: 'azure' })
    await expect(desk.sync()).rejects.toMatchObject({ code: 'unprocessable', details: [{ target: 'items' }] })
    expect([...desk.rows.keys()]).toEqual([])
    expect(desk.noted.get('agmt-1')).toMatchObject({
      status: 'unsettled',
      reason: expect.stringContaining('none of the items of offer off_1'),
    })
    expect(await desk.offers.store.get('off_1')).toMatchObject({ status: 'accepted', agreementId: 'agmt-1' })
    agreements[0] = { ...agreement, plan: { id: 'x', name: 'Fabrikam Enterprise' } }
    await desk.sync()
    expect([...desk.rows.values()].map(({ amount }) => amount)).toEqual([usd(4_800_000)])
    expect(await desk.offers.store.get('off_1')).toMatchObject({ boughtItem: 0 })
  })

  it('through an offer to resellers leaves it on sale', async () => {
    const offer = csp({ status: 'released', externalId: 'ext-1' })
    const { dependencies, offers, rows } = openDesk(
      [agreementOf({ marketplace: 'azure' })].map(({ value: _, ...sold }) => sold),
      offer,
      {
        marketplace: 'azure',
      },
    )
    await syncAgreement(dependencies)('agmt-1', contextAt())
    expect(await offers.store.get('off_1')).toEqual(offer)
    expect([...rows.keys()]).toEqual([])
  })

  it('may be repeated at any time', async () => {
    const desk = openDesk([agreementOf({ activatedAt: '2026-11-06T00:00:00.000Z' })])
    await desk.sync()
    const [rows, offer] = [[...desk.rows], await desk.offers.store.get('off_1')]
    await desk.sync()
    expect([[...desk.rows], await desk.offers.store.get('off_1')]).toEqual([rows, offer])
    expect(desk.joined.size).toBe(1)
    expect(desk.offers.types()).toEqual(['offer.accepted.v1', 'offer.purchased.v1', 'offer.activated.v1'])
  })

  it('goes on where a crash stopped it, wherever that was', async () => {
    for (const broken of ['join', 'record', 'save', 'synced'] as const) {
      const desk = openDesk([agreementOf()])
      const { join, record, offers, store } = desk.dependencies
      const crash = async () => {
        throw unavailable('the process ended')
      }
      const dependencies = {
        ...desk.dependencies,
        join: broken === 'join' ? crash : join,
        record: broken === 'record' ? crash : record,
        offers: broken === 'save' ? { ...offers, save: crash } : offers,
        store: broken === 'synced' ? { ...store, synced: crash } : store,
      }
      await expect(syncAgreement(dependencies)('agmt-1', contextAt(LATER))).rejects.toThrow('the process ended')
      expect(desk.noted.get('agmt-1')).toEqual({ status: 'unsettled', reason: 'the process ended', at: '' })
      await desk.sync()
      expect(desk.rows.size).toBe(1)
      expect((await desk.offers.store.get('off_1')).status).toBe('accepted')
      expect(desk.noted.get('agmt-1')?.status).toBe('active')
    }
  })

  it('without an offer goes by the buyer, and attaches nobody', async () => {
    const { offerExternalId: _, ...bought } = agreementOf()
    const desk = openDesk([bought])
    await desk.sync()
    expect([...desk.rows.values()].map(({ accountId, partnerId }) => [accountId, partnerId])).toEqual([['acc_7', undefined]])
    expect(desk.joined.size).toBe(0)
    expect((await desk.offers.store.get('off_1')).status).toBe('released')
  })

  it('of an unknown buyer is refused with the remedy, and kept for another try', async () => {
    const { offerExternalId: _, ...bought } = agreementOf({ buyerId: '999900001111' })
    const desk = openDesk([bought])
    await expect(desk.sync()).rejects.toMatchObject({
      code: 'unprocessable',
      details: [{ target: 'buyerId', message: expect.stringContaining('add 999900001111 to the buyerIds of its account') }],
    })
    expect(desk.noted.get('agmt-1')).toMatchObject({ status: 'unsettled', at: LATER })
    expect(desk.rows.size).toBe(0)
  })

  it('of an offer that we learn of only now catches up first', async () => {
    const sending = awsOffer({ status: 'submitting', submission: { kind: 'create', attempt: 1, startedAt: NOW, open: true } })
    const desk = openDesk([agreementOf()], sending)
    const catchUp = async () => {
      const offer = await desk.offers.store.get('off_1')
      await desk.offers.store.save(release(offer, { externalId: 'ext-1', at: NOW }, contextAt()), offer, contextAt())
    }
    await syncAgreement({ ...desk.dependencies, catchUp })('agmt-1', contextAt())
    expect(await desk.offers.store.get('off_1')).toMatchObject({ status: 'accepted', agreementId: 'agmt-1' })
    expect(desk.offers.types()).toEqual(['offer.released.v1', 'offer.accepted.v1', 'offer.purchased.v1'])
  })

  it('waits where an offer is still on its way: whose agreement it is cannot be told', async () => {
    const catchUp = async () => {
      throw unavailable('offer off_1 is on its way')
    }
    const desk = openDesk([agreementOf({ offerExternalId: 'ext-unknown' })], RELEASED, { catchUp })
    await expect(desk.sync()).rejects.toMatchObject({ code: 'unavailable' })
    expect(desk.noted.get('agmt-1')).toMatchObject({ status: 'unsettled', at: '' })
    expect(desk.rows.size).toBe(0)
  })

  it('records every row that it can where one contradicts the books, and says which', async () => {
    const invoices = [{ id: 'inv-1', type: 'invoice' as const, issuedOn: '2026-11-06', amount: usd(5) }]
    const desk = openDesk([agreementOf({ invoices })])
    const wrong = { providerKey: 'aws:agmt-1:booked:2026-11-06', accountId: 'other' } as NewTransaction
    desk.rows.set(wrong.providerKey, wrong)
    await expect(desk.sync()).rejects.toMatchObject({
      code: 'unprocessable',
      details: [{ target: 'agreement', message: expect.stringContaining('booked:2026-11-06') }],
    })
    expect(desk.rows.has('aws:agmt-1:invoice:inv-1')).toBe(true)
    expect(desk.noted.get('agmt-1')?.status).toBe('unsettled')
  })
})

describe('the reconciler', () => {
  const run = (desk: ReturnType<typeof openDesk>, changes: { now?: string; isOver?: () => boolean } = {}) => {
    const errors: string[] = []
    const { now = NOW, isOver = () => false } = changes
    const onError = async (_: unknown, id: string) => void errors.push(id)
    return reconcileAgreements(desk.dependencies)({ context: () => contextAt(now), isOver, onError }).then(() => errors)
  }
  const { offerExternalId: _, ...bought } = agreementOf()

  it('reads what changed, once in a cycle, and one that fails does not hold up the others', async () => {
    const desk = openDesk([
      { ...bought, id: 'agmt-1', buyerId: 'nobody' },
      { ...bought, id: 'agmt-2' },
    ])
    expect(await run(desk)).toEqual(['agmt-1'])
    expect(desk.asked.sort()).toEqual(['agmt-1', 'agmt-2'])
    expect(desk.noted.get('agmt-2')?.status).toBe('active')
    expect(desk.cycle.ended).toBe(NOW)
  })
  it('reads once a day what may still bring invoices', async () => {
    const desk = openDesk([{ ...bought, id: 'agmt-2' }])
    await run(desk)
    const quiet = { ...desk.dependencies, source: { ...desk.dependencies.source, changedSince: async function* () {} } }
    const again = (now: string) => run({ ...desk, dependencies: quiet }, { now })
    await again('2026-11-03T08:59:59.000Z')
    expect(desk.asked).toEqual(['agmt-2'])
    await again('2026-11-03T09:00:01.000Z')
    expect(desk.asked).toEqual(['agmt-2', 'agmt-2'])
  })
  it('that can neither read an agreement nor note that leaves the cycle open, so that it is not forgotten', async () => {
    const desk = openDesk([agreementOf()])
    desk.dependencies.source.read = async () => {
      throw unavailable('no answer')
    }
    desk.dependencies.store.unsettled = async () => {
      throw unavailable('no table')
    }
    const run = { context: contextAt, isOver: () => false, onError: async () => {} }
    await expect(reconcileAgreements(desk.dependencies)(run)).rejects.toMatchObject({ code: 'unavailable' })
    expect(desk.cycle.ended).toBe('')
  })

  it('that must stop leaves the cycle open for the next run', async () => {
    const desk = openDesk([
      { ...bought, id: 'agmt-1' },
      { ...bought, id: 'agmt-2' },
    ])
    await run(desk, { isOver: () => true })
    expect(desk.asked).toEqual([])
    expect(desk.cycle.ended).toBe('')
    await run(desk)
    expect(desk.noted.size).toBe(2)
  })
})
