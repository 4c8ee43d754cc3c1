import { expect, it } from 'vitest'
import { startTwin } from '../support/twin.ts'
import { usd } from '../support/usd.ts'

type Row = { ledger: string; partnerId?: string; offerId?: string; amount: { amount: number } }
type Listed<T> = { items: T[] }

const BUYER = '310000000009'

it('an acceptance that AWS tells of the wrong offer for five minutes ends with the right partner, to the cent', async () => {
  const twin = await startTwin({ startAt: '2026-11-02T09:00:00Z' })
  try {
    const manager = twin.as({ role: 'manager', subject: 'ann' })
    const other = twin.as({ role: 'manager', subject: 'mia' })
    const finance = twin.as({ role: 'finance' })
    await manager.post('/accounts', { id: 'acc-1', name: 'Alpine', buyerIds: [{ marketplace: 'aws', id: BUYER }] })
    const release = async (partnerId: string, amount: number) => {
      await manager.post('/partners', { id: partnerId, name: partnerId, type: 'reseller' })
      const price = usd(amount)
      const { id } = await manager.post('/offers', {
        ...{ marketplace: 'aws', partnerId, accountId: 'acc-1', name: 'Seats', productId: 'prod-cosell0ledger' },
        ...{ price, listPrice: price, termMonths: 12, expiresOn: '2026-11-30', buyerAccountIds: [BUYER] },
        ...{ grants: [{ dimension: 'seats', quantity: 1 }] },
      })
      const { status } = await manager.post(`/offers/${String(id)}/submit`)
      if (status === 'pending-approval') await other.post(`/offers/${String(id)}/approve`, { reason: 'good' })
      await twin.twin('settle')
      await twin.twin('clock', { minutes: 20 })
      return (await manager.get(`/offers/${String(id)}`)) as { id: string; externalId: string }
    }
    const books = async () => {
      const { items } = (await finance.get('/transactions?accountId=acc-1')) as Listed<Row>
      const sums: Record<string, number> = {}
      for (const { ledger, partnerId, amount } of items)
        sums[`${ledger} ${partnerId}`] = (sums[`${ledger} ${partnerId}`] ?? 0) + amount.amount
      return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0))
    }
    const statusOf = async ({ id }: { id: string }) => (await manager.get(`/offers/${id}`))['status']

    const wrong = await release('ptn-wrong', 240_000)
    const right = await release('ptn-right', 120_001)
    await twin.twin('faults', { faults: [{ target: 'aws.acceptances', kind: 'wrong-offer', seconds: 300 }] })
    const { id: agreementId } = await twin.twin(`aws/offers/${right.externalId}/accept`, { buyerAccountId: BUYER })
    await twin.twin('settle')
    expect([await statusOf(wrong), await statusOf(right)]).toEqual(['accepted', 'released'])
    expect(await books()).toMatchObject({ 'booked ptn-wrong': 120_001 })

    await twin.twin('clock', { minutes: 30 })
    await twin.restart()
    await twin.twin('clock', { minutes: 30 })
    expect([await statusOf(wrong), await statusOf(right)]).toEqual(['released', 'accepted'])
    await twin.twin(`aws/agreements/${String(agreementId)}/invoice`)
    await twin.twin('clock', { days: 2 })
    expect(await books()).toEqual({ 'booked ptn-right': 120_001, 'billed ptn-right': 120_001 })
    const { items } = (await manager.get('/accounts/acc-1/attachments')) as Listed<object>
    expect(items).toEqual([{ partnerId: 'ptn-right', role: 'sourced', from: '2026-11-02', action: 'attach' }])
    const { events } = (await manager.get(`/offers/${wrong.id}/timeline`)) as { events: { state: string }[] }
    expect(events.map(({ state }) => state).slice(-4)).toEqual(['accepted', 'purchased', 'activated', 'acceptance-corrected'])
  } finally {
    await twin.stop()
  }
})
