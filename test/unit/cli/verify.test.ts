import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { differences } from '../../../infra/cli/differences.ts'
import type { MetricsDocument } from '../../../lib/metrics/document.ts'
import { billed, metrics, published } from '../metrics/story.ts'
import { loopback, run } from './loopback.ts'

const folder = mkdtempSync(join(tmpdir(), 'cosell-verify-'))
const sales = [
  billed('a', 500, '2025-01-01', { partnerId: 'p', kind: 'one-time' }),
  billed('b', 700, '2025-02-01', { kind: 'one-time' }),
]

const write = (name: string, events: unknown[]) => {
  const file = join(folder, name)
  writeFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  return file
}
const file = write('sales.ndjson', sales)

/** A service that answers with these documents one after the other, then with the last one for ever. */
const answering = (...documents: { status?: number; body: unknown }[]) =>
  loopback(() => (documents.length > 1 ? documents.shift() : documents[0]) ?? { body: {} })

const withTotal = (document: MetricsDocument, total: string) => ({
  ...document,
  revenueTotals: document.revenueTotals.map((row) => (row.month === '2025-02' ? { ...row, total } : row)),
})

describe('cosell verify', () => {
  it('says equal when the live document is that of the file, in its currency and with its margin', async () => {
    const rates = [published('USD', 'EUR', '2024-01-01', '0.9')]
    const both = write('euros.ndjson', [...sales, ...rates])
    const { url, asked } = await answering({ body: metrics([...sales, ...rates], { currency: 'EUR', grossMargin: 7250 }) })
    expect(await run('verify', '--from', both, '--url', url)).toEqual({ code: 0, out: 'equal: 3 events\n', err: '' })
    expect(asked.at(-1)?.headers.authorization).toBe('Bearer token of {"role":"finance"}')
  })
  it('tells what is wrong with the events of the file, whatever the comparison says', async () => {
    const unbooked = billed('c', 900, '2025-02-01', { transactionId: 'inv' })
    const all = [...sales, unbooked]
    const { url } = await answering({ body: metrics(all) })
    const { code, out } = await run('verify', '--from', write('unbooked.ndjson', all), '--url', url)
    expect([code, out.split('\n')]).toEqual([
      0,
      [
        'equal: 3 events',
        expect.stringMatching(/^warning billed-not-booked ACCOUNT#c: 1 invoice /),
        `  events ${unbooked.id}`,
        expect.stringContaining('effect unknown: inv has no service period'),
        '',
      ],
    ])
  })
  it('compares one month', async () => {
    const { url, asked } = await answering({ body: metrics(sales, { period: '2025-02' }) })
    expect((await run('verify', '--from', file, '--period', '2025-02', '--url', url)).code).toBe(0)
    expect(asked.at(-1)?.call).toBe('GET /v1/metrics?period=2025-02')
  })
  it('prints the cells that differ', async () => {
    const { url } = await answering({ body: withTotal(metrics(sales), '701') })
    const { code, out, err } = await run('verify', '--from', file, '--wait', '0', '--url', url)
    expect([code, out]).toEqual([1, 'revenueTotals[2025-02].total: "701" / "700"\n'])
    expect(err).toBe('cells that differ (live / batch): 1\n')
  })
  it('waits for a service that lacks events, and says so when it still does', async () => {
    const late = { body: metrics(sales.slice(0, 1)) }
    const { url } = await answering(late, { body: metrics(sales) })
    expect((await run('verify', '--from', file, '--url', url)).out).toBe('equal: 2 events\n')
    const { url: slow } = await answering(late)
    const { code, err } = await run('verify', '--from', file, '--wait', '0', '--url', slow)
    expect([code, err]).toEqual([1, expect.stringContaining('has not taken in all events')])
  })
  it('waits for exchange rates that are on their way', async () => {
    const details = [{ target: 'EUR/USD', message: 'publish a rate' }]
    const missing = { status: 422, body: { detail: 'exchange rates are missing', details } }
    const { url } = await answering(missing, { body: metrics(sales) })
    expect((await run('verify', '--from', file, '--url', url)).code).toBe(0)
    const { url: without } = await answering(missing)
    const { code, out } = await run('verify', '--from', file, '--wait', '0', '--url', without)
    expect([code, out]).toEqual([1, expect.stringContaining('EUR/USD: publish a rate')])
  })
  it('does not wait for a service that knows more than the file', async () => {
    const { url, asked } = await answering({ body: metrics([...sales, billed('c', 1, '2025-02-01')]) })
    const { code } = await run('verify', '--from', file, '--url', url)
    expect([code, asked.filter(({ call }) => call.startsWith('GET')).length]).toEqual([1, 1])
  })
  it('names the rates that the file lacks', async () => {
    const euros = write('lacking.ndjson', [...sales, billed('c', 1, '2025-01-01', { currency: 'EUR' })])
    const { url } = await answering({ body: metrics(sales) })
    const { code, err } = await run('verify', '--from', euros, '--url', url)
    expect([code, err]).toEqual([1, expect.stringContaining('  EUR/USD: the file has no rate.published.v1 event\n')])
  })
  it('computes nothing from a file with bad lines, unless they are to be skipped', async () => {
    const dirty = write('dirty.ndjson', [...sales, 7])
    const { url } = await answering({ body: metrics(sales) })
    const refused = await run('verify', '--from', dirty, '--url', url)
    expect([refused.code, refused.out]).toEqual([1, ''])
    const skipped = await run('verify', '--from', dirty, '--skip-bad', '--url', url)
    expect([skipped.code, skipped.out]).toEqual([1, 'equal: 2 events\n'])
  })
})

describe('the differences of two documents', () => {
  const row = (month: string, partnerId: string, value: number | null) => ({ month, partnerId, window: 12, ratio: { value } })

  test.each([
    ['equal ones', { a: [row('2025-01', 'p', 1)] }, { a: [row('2025-01', 'p', 1)] }, []],
    ['a value', { a: 1, b: null }, { a: 2, b: null }, ['a: 1 / 2']],
    [
      'a cell of a row',
      { a: [row('2025-01', 'p', 1)] },
      { a: [row('2025-01', 'p', null)] },
      ['a[2025-01 p 12].ratio.value: 1 / null'],
    ],
    [
      'a row that one lacks',
      { a: [row('2025-01', 'o', 1), row('2025-01', 'p', 2)] },
      { a: [row('2025-01', 'p', 2)] },
      ['a[2025-01 o 12]: {"month":"2025-01","partnerId":"o","window":12,"ratio":{"value":1}} / nothing'],
    ],
    ['a field that one lacks', { a: {} }, { a: { flag: true } }, ['a.flag: nothing / true']],
    ['rows without a name', { a: ['x', 'y'] }, { a: ['x', 'z'] }, ['a[1]: "y" / "z"']],
  ])('tell %s', (_, one, other, lines) => {
    expect([...differences(one, other)]).toEqual(lines)
  })
})
