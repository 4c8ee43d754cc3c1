import { describe, expect, it } from 'vitest'
import { loopback, run } from './loopback.ts'

const LEDGER = {
  ...{ currency: 'USD', booked: 12_000_000, scheduled: 12_000_000, billed: 6_000_000, fees: -90_000, taxes: 0, cash: 2_909_999 },
  ...{ settled: 2_909_999, waiting: 0, different: 3_000_001, excess: 0 },
}
const REPORT = {
  ...{ asOf: '2027-03-20T00:20:00Z', failedAccounts: 0, accounts: 5, agreements: 1, accepted: [], ledgers: [LEDGER] },
  open: [
    {
      ...{ kind: 'payout-missing', currency: 'USD', count: 1, amount: 3_000_000, size: 3_000_000 },
      ...{ oldestSince: '2027-03-17', oldestDays: 3 },
    },
  ],
}

describe('cosell reconcile', () => {
  it('prints the exceptions and the ledgers', async () => {
    const { url, asked } = await loopback(() => ({ body: REPORT }))
    const { code, out } = await run('reconcile', '--url', url)
    expect(code).toBe(0)
    expect(asked.at(-1)?.call).toBe('GET /v1/reconciliation/report')
    expect(out).toContain('as of 2027-03-20T00:20:00Z: 1 agreements of 5 accounts\n')
    expect(out).toMatch(/^payout-missing +USD +1 +30000\.00 +30000\.00 +2027-03-17 +3$/m)
    expect(out).toMatch(
      /^USD +120000\.00 +120000\.00 +60000\.00 +-900\.00 +0\.00 +29099\.99 +29099\.99 +0\.00 +30000\.01 +0\.00$/m,
    )
  })

  it('asks for a month, and prints the answer as JSON', async () => {
    const { url, asked } = await loopback(() => ({ body: { ...REPORT, period: '2027-01' } }))
    const { out } = await run('reconcile', '--period', '2027-01', '--json', '--url', url)
    expect(asked.at(-1)?.call).toBe('GET /v1/reconciliation/report?period=2027-01')
    expect(JSON.parse(out)).toEqual({ ...REPORT, period: '2027-01' })
  })

  it('says what it is when nothing is open, and before the first run', async () => {
    const { url } = await loopback(({ call }) => ({
      body: { ...REPORT, open: [], failedAccounts: 2, ...(call.includes('period') && { asOf: null }) },
    }))
    expect((await run('reconcile', '--url', url)).out).toMatch(/2 accounts could not be read[\s\S]*No open exceptions/)
    expect((await run('reconcile', '--period', '2027-01', '--url', url)).out).toContain('nothing is reconciled yet')
  })

  it.each([
    [['--period', 'January'], '--period January: a month'],
    [['2027-01'], '2027-01 is too much'],
  ])('refuses %j', async (args, message) => {
    const { code, err } = await run('reconcile', ...args)
    expect([code, err]).toEqual([2, expect.stringContaining(message)])
  })
})
