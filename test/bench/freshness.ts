import { randomUUID } from 'node:crypto'
import { startTwin } from '../support/twin.ts'

const PERIOD = '2026-10'
const SALE = {
  ledger: 'billed',
  kind: 'one-time',
  productId: 'prod-1',
  marketplace: 'direct',
  amount: { amount: 100, currency: 'USD' },
  on: `${PERIOD}-15`,
}
const WARM = 10

const quantile = (sorted: number[], part: number) => Math.round(sorted[Math.ceil(sorted.length * part) - 1] ?? 0)

/** Milliseconds from a transaction's answer to a metric that has it, one after the other, in the twin. */
export const freshness = async (sales = 200) => {
  const twin = await startTwin({ startAt: '2026-11-01T00:00:00Z' })
  try {
    const finance = twin.as({ role: 'finance' })
    const { id: accountId } = await twin.as({ role: 'manager' }).post('/accounts', { name: 'Fresh' })
    const totalOf = async () => JSON.stringify((await finance.get(`/metrics/revenue?period=${PERIOD}`))['totals'])
    const waits: number[] = []
    for (let sale = 0; sale < WARM + sales; sale++) {
      const before = await totalOf()
      await finance.post('/transactions', { ...SALE, accountId, providerKey: `inv-${randomUUID()}` })
      const recorded = performance.now()
      while ((await totalOf()) === before);
      if (sale >= WARM) waits.push(performance.now() - recorded)
    }
    const sorted = waits.toSorted((a, b) => a - b)
    const row = { sales, p50Ms: quantile(sorted, 0.5), p95Ms: quantile(sorted, 0.95), p99Ms: quantile(sorted, 0.99) }
    console.table([row])
    return [row]
  } finally {
    await twin.stop()
  }
}
