import { describe, expect, it } from 'vitest'
import type { AgreementSnapshot } from '../../../lib/agreements/agreement.ts'
import { syncAgreement } from '../../../lib/agreements/read.ts'
import { unavailable } from '../../../lib/core/errors.ts'
import type { Offer } from '../../../lib/offers/offer.ts'
import { contextAt } from '../../support/offers.ts'
import { usd } from '../../support/usd.ts'
import { azureOffer, bundle } from '../offers/azure-offer.ts'
import { agreementOf } from './agreement.ts'
import { openDesk } from './desk.ts'

const BASIC = azureOffer({
  ...{ id: 'off_basic', partnerId: 'par_basic', price: usd(120_000), status: 'released', externalId: 'ext-basic' },
  releasedAt: '2026-11-01T00:00:00.000Z',
})
/** Made and accepted while the subscription ran. */
const PLUS = azureOffer({
  ...{ id: 'off_plus', partnerId: 'par_plus', price: usd(240_000), status: 'accepted', externalId: 'ext-plus' },
  ...{ releasedAt: '2027-01-30T00:00:00.000Z', acceptedAt: '2027-02-01T10:00:00.000Z' },
})

const told = (
  plan: string | { id: string; name: string },
  offerExternalId?: string,
  changes: Partial<AgreementSnapshot> = {},
): AgreementSnapshot => {
  const {
    value: _,
    offerExternalId: __,
    ...agreement
  } = agreementOf({
    marketplace: 'azure',
    plan: typeof plan === 'string' ? { id: plan } : plan,
    ...changes,
  })
  return { ...agreement, activatedAt: '2026-11-06T00:00:00.000Z', ...(offerExternalId && { offerExternalId }) }
}

const open = (...offers: Offer[]) => {
  const agreements = [told('basic', 'ext-basic')]
  const desk = openDesk(agreements, [BASIC, PLUS, ...offers], {
    marketplace: 'azure',
    accounts: { ofBuyer: async () => undefined },
  })
  const read = async (day: string, snapshot: AgreementSnapshot) => {
    agreements[0] = snapshot
    await syncAgreement(desk.dependencies)('agmt-1', contextAt(`${day}T12:00:00.000Z`))
  }
  const sums = () => {
    const found: Record<string, number> = {}
    for (const { partnerId = 'nobody', amount } of desk.rows.values()) found[partnerId] = (found[partnerId] ?? 0) + amount.amount
    return found
  }
  return { ...desk, read, sums }
}

describe('reading a subscription that has another plan', () => {
  it('of another offer makes it that one from when it was accepted, and credits its partner from then on', async () => {
    const { read, sums, joined, offers } = open()
    await read('2026-11-06', told('basic', 'ext-basic'))
    await read('2027-02-07', told('plus', 'ext-plus'))
    expect(sums()).toEqual({ par_basic: 40_000, par_plus: 160_000 })
    expect([...joined]).toEqual(['par_basic joins acc_1 from 2026-11-05', 'par_plus joins acc_1 from 2027-02-01'])
    const at = '2027-02-01T10:00:00.000Z'
    expect(await offers.store.get('off_plus')).toMatchObject({ agreementId: 'agmt-1', acceptedAt: at, activatedAt: at })
    expect(await offers.store.get('off_basic')).toMatchObject({ status: 'accepted', agreementId: 'agmt-1' })
  })

  it('of the same name in an offer that somebody else made is no more of the offer before: its price is not known', async () => {
    const { read, sums, books } = open()
    await read('2026-11-06', told('basic', 'ext-basic'))
    await read('2027-11-07', told('basic', 'ext-made-by-hand', { service: { from: '2027-11-06', to: '2028-11-06' } }))
    expect(sums()).toEqual({ par_basic: 120_000 })
    expect(books.get('agmt-1')?.owner).not.toHaveProperty('offerId')
  })

  it('of no offer stays with its account, although its buyer is nobody that we know', async () => {
    const { read, sums, noted, books } = open()
    await read('2026-11-06', told('basic', 'ext-basic'))
    await read('2027-02-07', told('listed'))
    expect([sums(), noted.get('agmt-1')?.status]).toEqual([{ par_basic: 40_000 }, 'active'])
    expect(books.get('agmt-1')?.owner).toEqual({
      accountId: 'acc_1',
      productId: 'prod-at-purchase',
      marketplace: 'azure',
      agreementId: 'agmt-1',
    })
  })

  it('believes that the offer still sells the plan where Microsoft only does not name it', async () => {
    const { read, sums } = open()
    await read('2026-11-06', told('basic', 'ext-basic'))
    await read('2027-02-07', told('basic'))
    expect(sums()).toEqual({ par_basic: 120_000 })
    await read('2027-02-08', told('basic', undefined, { status: 'ended', endedOn: '2027-02-08' }))
    expect(sums()).toEqual({ par_basic: 40_000 })
  })

  it('of another item of the same offer books its price from then on, also where Microsoft does not name it again', async () => {
    const offer = {
      ...bundle(),
      id: 'off_all',
      status: 'released',
      externalId: 'ext-all',
      releasedAt: '2026-11-01T00:00:00.000Z',
    } as const
    const { read, sums, offers } = open(offer)
    await read('2026-11-06', told({ id: 'e', name: 'Fabrikam Enterprise' }, 'ext-all'))
    expect(sums()).toEqual({ par_1: 4_800_000 })
    // 400,000 for each of four months, and 360,000 for each of eight.
    const seats = { quantity: 100 }
    await read('2027-02-07', told({ id: 's', name: 'Fabrikam Seats' }, 'ext-all', seats))
    expect(sums()).toEqual({ par_1: 4_480_000 })
    await read('2027-02-08', told('s', undefined, seats))
    expect(sums()).toEqual({ par_1: 4_480_000 })
    expect(await offers.store.get('off_all')).toMatchObject({ boughtItem: 0 })
  })

  it('ends in the same books wherever the process dies, and however often it is read', async () => {
    for (let life = 0; life < 12; life++) {
      const desk = open()
      await desk.read('2026-11-06', told('basic', 'ext-basic'))
      const { record } = desk.dependencies
      let written = 0
      desk.dependencies.record = async (row, context) => {
        if (written++ === life) throw unavailable('the process dies')
        return record(row, context)
      }
      await desk.read('2027-02-07', told('plus', 'ext-plus')).catch(() => undefined)
      for (const day of ['2027-02-07', '2027-02-08']) await desk.read(day, told('plus', 'ext-plus'))
      expect(desk.sums()).toEqual({ par_basic: 40_000, par_plus: 160_000 })
    }
  })
})
