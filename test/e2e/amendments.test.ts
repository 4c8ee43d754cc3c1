import { expect, it } from 'vitest'
import { startTwin } from '../support/twin.ts'
import { usd } from '../support/usd.ts'

type Row = { ledger: string; kind: string; amount: { amount: number }; service?: { from: string } }

it('an offer is extended, accepted, replaced by a larger one, and that one cancelled: the books lose and gain the months to come', async () => {
  const twin = await startTwin({ startAt: '2026-11-02T09:00:00Z' })
  try {
    const [manager, other, finance] = ['ann', 'mia', 'finn'].map((subject) =>
      twin.as({ subject, role: subject === 'finn' ? 'finance' : 'manager' }),
    ) as [ReturnType<typeof twin.as>, ReturnType<typeof twin.as>, ReturnType<typeof twin.as>]
    await manager.post('/partners', { id: 'ptn-1', name: 'Northwind', type: 'reseller' })
    await manager.post('/accounts', { id: 'acc-1', name: 'Alpine', buyerIds: [{ marketplace: 'aws', id: '310000000009' }] })
    const request = {
      ...{ marketplace: 'aws', partnerId: 'ptn-1', accountId: 'acc-1', name: 'Seats', productId: 'prod-cosell0ledger' },
      ...{ termMonths: 12, expiresOn: '2026-11-30', grants: [{ dimension: 'seats', quantity: 10 }] },
    }
    const priced = (amount: number, on: string) => ({
      price: usd(amount),
      listPrice: usd(amount),
      schedule: [{ on, amount: usd(amount) }],
    })
    const pass = async () => {
      await twin.twin('settle')
      await twin.twin('clock', { minutes: 20 })
    }
    const release = async (body: object) => {
      const { id } = await manager.post('/offers', { ...request, ...body })
      const { status } = await manager.post(`/offers/${String(id)}/submit`)
      if (status === 'pending-approval') await other.post(`/offers/${String(id)}/approve`, { reason: 'good' })
      await pass()
      return (await manager.get(`/offers/${String(id)}`)) as {
        id: string
        status: string
        externalId: string
        agreementId: string
      }
    }
    const accept = async ({ id, externalId }: { id: string; externalId: string }) => {
      await twin.twin(`aws/offers/${externalId}/accept`, { buyerAccountId: '310000000009' })
      await pass()
      return (await manager.get(`/offers/${id}`)) as { status: string; agreementId: string }
    }

    const first = await release({ ...priced(120_000, '2026-12-15'), buyerAccountIds: ['310000000009'] })
    await manager.post(`/offers/${first.id}/extend`, { expiresOn: '2026-12-31' })
    await pass()
    expect(await manager.get(`/offers/${first.id}`)).toMatchObject({ status: 'released', expiresOn: '2026-12-31' })
    await twin.twin('clock', { to: '2026-12-10T00:00:00Z' })
    const { status, agreementId } = await accept(first)
    expect(status).toBe('accepted')

    await twin.twin('clock', { to: '2027-03-05T00:00:00Z' })
    const second = await release({
      ...priced(240_000, '2027-04-01'),
      replaces: agreementId,
      endsOn: '2028-03-31',
      expiresOn: '2027-03-20',
    })
    expect(second).toMatchObject({ status: 'released' })
    await twin.twin('clock', { to: '2027-03-10T00:00:00Z' })
    const replacement = await accept(second)

    await twin.twin('clock', { to: '2027-12-01T00:00:00Z' })
    await twin.twin(`aws/agreements/${replacement.agreementId}/cancel`)
    await pass()

    for (const { id } of [first, second]) {
      const chain = (await manager.get(`/offers/${id}/agreements`)) as { items: object[] }
      expect(chain.items).toMatchObject([
        { id: agreementId, intent: 'new', endedAs: 'replaced', endedOn: '2027-03-10', offerId: first.id },
        { id: replacement.agreementId, intent: 'replace', endedAs: 'cancelled', offerId: second.id, value: usd(240_000) },
      ])
    }

    const { items } = (await finance.get('/transactions?accountId=acc-1&limit=100')) as { items: Row[] }
    const booked = items.filter(({ ledger }) => ledger === 'booked').map(({ amount, service }) => [service?.from, amount.amount])
    expect(booked.toSorted()).toEqual(
      [
        // 100.00 a month from the acceptance on; the replacement took the last nine months away.
        ['2026-12-10', 120_000],
        ...['03', '04', '05', '06', '07', '08', '09', '10', '11'].map((month) => [`2027-${month}-10`, -10_000]),
        // To the end of March 2028, 388 days; cancelled on the first of December: 31, 31, 29 and 31 days of it are lost.
        ['2027-03-10', 240_000],
        ['2027-12-01', -19_175],
        ['2028-01-01', -19_175],
        ['2028-02-01', -17_938],
        ['2028-03-01', -19_175],
      ].toSorted(),
    )
  } finally {
    await twin.stop()
  }
}, 60_000)
