import { describe, expect, it } from 'vitest'
import { loopback, run } from './loopback.ts'

const told = { recordedAt: '2026-01-20T00:00:00Z' }
const booking = {
  ...{
    type: 'transaction',
    eventId: 'evt_1',
    ...told,
    transactionId: 'tx_1',
    ledger: 'booked',
    marketplace: 'aws',
    productId: 'prod-1',
    kind: 'contract',
  },
  ...{ amount: { amount: 2400, currency: 'EUR' }, on: '2025-01-01', service: { from: '2025-01-01', to: '2027-01-01' } },
}
const attached = { type: 'attached', eventId: 'evt_2', ...told, partnerId: 'p', role: 'sourced', from: '2025-01-01' }
const rate = { type: 'rate', eventId: 'evt_3', ...told, base: 'EUR', quote: 'USD', on: '2025-01-01', rate: '1.1000' }
const part = { family: 'retention-12', month: '2026-01' }
const line = {
  row: { kind: 'account', id: 'acme' },
  parts: [
    { ...part, measure: 'accounts', amount: 1 },
    { ...part, measure: 'base', amount: 110 },
    { ...part, measure: 'now', amount: 110 },
  ],
  facts: [attached, booking],
  foreign: [],
}
const ratio = { numerator: '110', denominator: '110', value: '1.0000' }
const value = { month: '2026-01', partnerId: 'all', window: 12, accounts: 1, nrr: ratio, grr: ratio }
const HEAD = { definitions: 1, currency: 'USD', grossMargin: '0.8000', asOfDay: '2026-02-01', knownEvents: 3, value }
const explained = (body: object) => loopback(() => ({ body: { ...HEAD, items: [line], rates: [rate], ...body } }))

describe('cosell explain', () => {
  it('shows the rows behind a value, and that they give it again', async () => {
    const { url, asked } = await explained({})
    const { code, out } = await run('explain', 'nrr', '--period', '2026-01', '--as-of', '2026-02-01', '--url', url)
    expect(code).toBe(0)
    expect(asked.at(-1)?.call).toBe('GET /v1/metrics/nrr/lineage?period=2026-01&asOf=2026-02-01T00%3A00%3A00.000Z&limit=100')
    expect(out).toContain('definitions 1, USD, gross margin 0.8000, as of 2026-02-01, 3 events known\n')
    expect(out).toContain('account acme: base in 2026-01: 1.10, now in 2026-01: 1.10\n')
    expect(out).toMatch(/^booked contract tx_1 +2025-01-01 +24\.00 EUR +2025-01-01 to 2027-01-01 +\S+ +evt_1$/m)
    expect(out).toMatch(/^rate EUR\/USD 1\.1000 +2025-01-01 /m)
    expect(out).toMatch(/computed again from 1 rows: equal\n$/)
  })

  it('takes all pages as one', async () => {
    const other = {
      ...line,
      row: { kind: 'account', id: 'bolt' },
      facts: [
        { ...booking, eventId: 'evt_9' },
        { ...attached, eventId: 'evt_8' },
      ],
    }
    const doubled = { numerator: '220', denominator: '220', value: '1.0000' }
    const first = {
      ...HEAD,
      value: { ...value, accounts: 2, nrr: doubled, grr: doubled },
      items: [line],
      rates: [rate],
      cursor: 'next',
    }
    const { url } = await loopback(({ call }) => ({
      body: call.includes('cursor=next') ? { items: [other], rates: [rate] } : first,
    }))
    const { code, out } = await run('explain', 'nrr', '--period', '2026-01', '--json', '--url', url)
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ items: [{ row: { id: 'acme' } }, { row: { id: 'bolt' } }], rates: [rate] })
  })

  it('exits with 1 where the rows give another value', async () => {
    const { url } = await explained({ value: { ...value, accounts: 2 } })
    const { code, out } = await run('explain', 'nrr', '--period', '2026-01', '--url', url)
    expect([code, out]).toEqual([1, expect.stringContaining('computed again: {"accounts":1,')])
  })

  it('computes nothing where facts are withheld', async () => {
    const { url } = await explained({ items: [{ ...line, facts: [], withheld: 2 }] })
    const { code, out } = await run('explain', 'nrr', '--period', '2026-01', '--partner', 'p', '--url', url)
    expect(code).toBe(0)
    expect(out).toMatch(/2 facts of others are not shown\n[\s\S]*not computed again/)
  })

  it.each([
    [[], 'the metric is missing'],
    [['margin', '--period', '2026-01'], 'name: must be one of ttv, cac'],
    [['nrr'], '--period is missing'],
    [['nrr', '--period', '2026-01', '--window', '6'], '--window 6: one of 1, 3, 12'],
    [['ropi', '--period', '2026-01'], 'partnerId: return on investment is of one partner'],
    [['nrr', 'cac', '--period', '2026-01'], 'cac is too much'],
  ])('refuses %j', async (args, message) => {
    const { code, err } = await run('explain', ...args)
    expect([code, err]).toEqual([2, expect.stringContaining(message)])
  })
})
