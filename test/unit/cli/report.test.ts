import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { billed } from '../metrics/story.ts'
import { loopback, run } from './loopback.ts'

const folder = mkdtempSync(join(tmpdir(), 'cosell-report-'))
const sale = billed('a', 70_000, '2026-01-31', { currency: 'EUR', partnerId: 'ann' })
const fileOf = (name: string, ...lines: unknown[]) => {
  const path = join(folder, name)
  writeFileSync(path, lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''))
  return path
}

describe('cosell report', () => {
  it('writes the page of a file of events, without a service', async () => {
    const out = join(folder, 'new', 'report.html')
    const from = fileOf('sales.ndjson', sale)
    const made = await run('report', '--period', '2026-01', '--from', from, '--currency', 'EUR', '--out', out)
    expect(made).toEqual({ code: 0, out: `${out}\n`, err: '' })
    const html = readFileSync(out, 'utf8')
    expect(html).toContain('In January 2026 revenue was EUR\u00a0700.00')
    const printed = await run('report', '--period', '2026-01', '--from', from, '--currency', 'EUR')
    expect(printed).toEqual({ code: 0, out: html, err: '' })
  })
  it('gets the page of a service as it is', async () => {
    const { url, asked } = await loopback(() => ({ text: '<!doctype html><title>January</title>' }))
    const { code, out } = await run('report', '--period', '2026-01', '--url', url)
    expect([code, out]).toEqual([0, '<!doctype html><title>January</title>'])
    expect(asked.map(({ call }) => call)).toEqual(['POST /_twin/token', 'GET /v1/metrics/report?period=2026-01'])
    expect(asked[0]?.body).toEqual({ role: 'finance' })
  })
  it('makes no page of bad lines, or one of the others, and fails', async () => {
    const from = fileOf('bad.ndjson', sale, '{')
    const refused = await run('report', '--period', '2026-01', '--from', from, '--currency', 'EUR')
    expect([refused.code, refused.out, refused.err]).toEqual([1, '', expect.stringContaining('bad.ndjson:2: line: is not JSON')])
    const skipped = await run('report', '--period', '2026-01', '--from', from, '--currency', 'EUR', '--skip-bad')
    expect([skipped.code, skipped.out]).toEqual([1, expect.stringContaining('EUR\u00a0700.00')])
  })
  it('names the exchange rates that a file lacks, and passes on what a service refuses', async () => {
    const { code, out, err } = await run('report', '--period', '2026-01', '--from', fileOf('rates.ndjson', sale))
    expect([code, out]).toEqual([1, ''])
    expect(err).toBe('the file lacks exchange rates\n  EUR/USD: the file has no rate.published.v1 event\n')
    const { url } = await loopback(() => ({ status: 403, body: { detail: 'only finance may do this' } }))
    const refused = await run('report', '--period', '2026-01', '--url', url, '--token', 'x')
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('403: only finance may do this')])
  })
  test.each([
    ['', '--period is missing'],
    ['--period 2026', '--period 2026: a month'],
    ['--period 2026-01 --margin 0.7', '--margin belongs to --from'],
    ['--period 2026-01 --skip-bad', '--skip-bad belongs to --from'],
    ['--period 2026-01 --from f --currency usd', '--currency usd'],
    ['--period 2026-01 --from f --as-of soon', '--as-of soon'],
  ])('refuses "%s"', async (line, message) => {
    const { code, out, err } = await run('report', ...line.split(' ').filter(Boolean))
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(message)
  })
})
