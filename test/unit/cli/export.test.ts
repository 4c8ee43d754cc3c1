import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loopback, run } from './loopback.ts'

const CSV = 'month,total\n2026-01,700\n'
const sha256 = createHash('sha256').update(CSV).digest('hex')
const requested = {
  id: 'exp_1',
  version: 1,
  period: '2026-01',
  status: 'requested',
  requestedAt: '2026-02-01T00:00:00Z',
  requestedBy: 'ann',
  folder: '2026-01/exp_1/',
}
const done = { ...requested, status: 'done', files: [{ name: 'metrics.csv', rows: 1, bytes: CSV.length, sha256 }] }

/** A service that makes the export while it is asked for the second time, and lends its files. */
const exporting = (...states: object[]) => exportingWith(CSV, ...states)

const exportingWith = async (csv: string, ...states: object[]) => {
  let address = ''
  const service = await loopback(({ call }) => {
    if (call === 'POST /v1/exports') return { status: 202, body: requested }
    const [, name] = /\/files\/(.+)$/.exec(call) ?? []
    if (name) return { body: { name, url: `${address}/bucket/${name}`, expiresAt: '2026-02-01T00:15:00Z' } }
    if (call.startsWith('GET /bucket/')) return { text: call.endsWith('.csv') ? csv : '{}' }
    return { body: states.length > 1 ? states.shift() : states[0] }
  })
  address = service.url
  return service
}

describe('cosell export', () => {
  it('asks, waits, and prints the folder in the bucket', async () => {
    const { url, asked } = await exporting(requested, done)
    expect(await run('export', '--period', '2026-01', '--url', url)).toEqual({ code: 0, out: '2026-01/exp_1/\n', err: '' })
    expect(asked.map(({ call }) => call)).toEqual([
      'POST /_twin/token',
      'POST /v1/exports',
      'GET /v1/exports/exp_1',
      'GET /v1/exports/exp_1',
    ])
    expect(asked[1]?.body).toEqual({ period: '2026-01', format: 'csv' })
  })
  it('downloads the files, and the manifest last', async () => {
    const { url } = await exporting(done)
    const out = join(mkdtempSync(join(tmpdir(), 'cosell-export-')), 'january')
    const { code, out: told } = await run('export', '--period', '2026-01', '--out', out, '--url', url)
    expect([code, told]).toEqual([0, `${join(out, 'metrics.csv')}\n${join(out, 'manifest.json')}\n`])
    expect([readdirSync(out).length, readFileSync(join(out, 'metrics.csv'), 'utf8')]).toEqual([2, CSV])
  })
  it('refuses a file that is not what the service wrote', async () => {
    const { url } = await exportingWith(`${CSV}2026-02,1\n`, done)
    const out = mkdtempSync(join(tmpdir(), 'cosell-export-'))
    const { code, err } = await run('export', '--period', '2026-01', '--out', out, '--url', url)
    expect([code, err]).toEqual([1, 'metrics.csv is not what the service wrote: its sha256 differs\n'])
  })
  it('tells why an export failed, and when it takes too long', async () => {
    const failed = await exporting({ ...requested, status: 'failed', reason: 'exchange rates are missing' })
    const { code, err } = await run('export', '--period', '2026-01', '--url', failed.url)
    expect([code, err]).toEqual([1, 'the export of 2026-01 failed: exchange rates are missing\n'])
    const slow = await exporting(requested)
    const late = await run('export', '--period', '2026-01', '--wait', '0', '--url', slow.url)
    expect([late.code, late.err]).toEqual([1, 'the export exp_1 is not done after 0 seconds: give it more with --wait\n'])
  })
})
