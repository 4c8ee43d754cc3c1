import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { MetricEvent } from '../../../events/metrics.ts'
import { billed } from '../metrics/story.ts'
import { type Asked, loopback, run } from './loopback.ts'

const folder = mkdtempSync(join(tmpdir(), 'cosell-ingest-'))
const sales = Array.from({ length: 1050 }, (_, i) => billed(`acc-${i}`, 100 + i, '2025-01-01'))

const write = (name: string, values: unknown[]) => {
  const file = join(folder, name)
  const text = values.map((value) => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`).join('')
  writeFileSync(file, name.endsWith('.gz') ? gzipSync(text) : text)
  return file
}

const eventsIn = ({ body }: Asked) => (body as { events: MetricEvent[] }).events
const batchesIn = (asked: Asked[]) => asked.filter(({ call }) => call === 'POST /v1/events')

/** A service that records each event once. Its first answers wait until `together` requests are there, and then for more. */
const recorder = async (together = 0) => {
  const known = new Set<string>()
  let [open, most] = [0, 0]
  const gate = Promise.withResolvers<void>()
  if (together === 0) gate.resolve()
  const service = await loopback(async (asked) => {
    most = Math.max(most, ++open)
    if (open === together) setTimeout(gate.resolve, 20)
    await gate.promise
    open--
    const events = eventsIn(asked)
    const fresh = events.filter(({ id }) => !known.has(id))
    for (const { id } of fresh) known.add(id)
    return { body: { recorded: fresh.length, known: events.length - fresh.length } }
  })
  return { ...service, known, mostAtOnce: () => most }
}

describe('cosell ingest', () => {
  it('sends all events in batches of 100, four at the same time, with a key each and the token of a platform', async () => {
    const { url, asked, known, mostAtOnce } = await recorder(4)
    const { code, out } = await run('ingest', write('all.ndjson', sales), '--url', url)
    expect([code, out]).toEqual([0, '1050 recorded, 0 known already, 0 bad\n'])
    const batches = batchesIn(asked)
    expect(batches.map((batch) => eventsIn(batch).length).toSorted((a, b) => a - b)).toEqual([50, ...Array(10).fill(100)])
    expect(new Set(batches.map(({ headers }) => headers['idempotency-key'])).size).toBe(11)
    expect(new Set(batches.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer token of {"role":"platform"}']))
    expect([known, mostAtOnce()]).toEqual([new Set(sales.map(({ id }) => id)), 4])
  })
  it('records nothing new the second time, from a compressed file', async () => {
    const { url } = await recorder()
    const file = write('twice.ndjson.gz', sales.slice(0, 150))
    expect((await run('ingest', file, '--url', url)).out).toBe('150 recorded, 0 known already, 0 bad\n')
    expect((await run('ingest', file, '--url', url)).out).toBe('0 recorded, 150 known already, 0 bad\n')
  })
  it('sends an event once that is in a batch twice, and counts it as known', async () => {
    const { url, asked } = await recorder()
    const { out } = await run('ingest', write('double.ndjson', [sales[0], sales[1], sales[0]]), '--url', url)
    expect(out).toBe('2 recorded, 1 known already, 0 bad\n')
    expect(batchesIn(asked).map((batch) => eventsIn(batch).length)).toEqual([2])
  })
  it('names the events under whose ids others are recorded, and exits with 1', async () => {
    const { url } = await loopback(() => ({ body: { recorded: 0, known: 1, differing: ['evt-9'] } }))
    const { code, err } = await run('ingest', write('differing.ndjson', [sales[0]]), '--url', url)
    expect([code, err]).toEqual([1, expect.stringContaining('not recorded, since other events bear their ids: evt-9\n')])
  })
  it('sends nothing when one line is bad, and names file, line and field', async () => {
    const { url, asked } = await recorder()
    const bad = { ...sales[2], data: { ...sales[2]?.data, on: '2025-02-30' } }
    const file = write('bad.ndjson', [...sales.slice(0, 200), bad, '{'])
    const { code, out, err } = await run('ingest', file, '--url', url)
    expect([code, out, batchesIn(asked)]).toEqual([1, '0 recorded, 0 known already, 2 bad\n', []])
    expect(err).toContain(`${file}:201: data.on: `)
    expect(err).toContain(`${file}:202: line: is not JSON\nNothing is sent: `)
  })
  it('sends the rest with --skip-bad, and still fails', async () => {
    const { url } = await recorder()
    const file = write('skip.ndjson', [sales[0], '{', sales[1], { type: 'offer.accepted.v1' }])
    const { code, out, err } = await run('ingest', file, '--skip-bad', '--url', url)
    expect([code, out]).toEqual([1, '2 recorded, 0 known already, 1 bad\n'])
    expect(err).toContain(`${file}:2: line: is not JSON\n`)
    expect(err).toContain('passed over: 1, of kinds that no metric is made from\n')
  })
  it.each([429, 503])('repeats what the service answers %i to, under the same key', async (status) => {
    let refusals = 1
    const { url, asked } = await loopback(() => (refusals-- > 0 ? { status, body: {} } : { body: { recorded: 1, known: 0 } }))
    const { code, out } = await run('ingest', write('busy.ndjson', [sales[0]]), '--url', url)
    expect([code, out]).toEqual([0, '1 recorded, 0 known already, 0 bad\n'])
    const [first, second, ...more] = batchesIn(asked)
    expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key'])
    expect(more).toEqual([])
  })
  it('stops at what the service refuses, with the fields that it names', async () => {
    const details = [{ target: 'events.0.source', message: 'is not known here' }]
    const { url, asked } = await loopback(() => ({ status: 400, body: { code: 'invalid_request', detail: 'wrong', details } }))
    const { code, out, err } = await run('ingest', write('refused.ndjson', [sales[0]]), '--url', url)
    expect([code, out, batchesIn(asked).length]).toEqual([1, '', 1])
    expect(err).toContain(`POST ${url}/v1/events answers 400: wrong\n  events.0.source: is not known here\n`)
  })
  it('says so when what answers is something else, or the file is missing', async () => {
    const { url } = await loopback(() => ({ body: 'hello' }))
    const other = await run('ingest', write('other.ndjson', [sales[0]]), '--url', url)
    expect([other.code, other.err]).toEqual([1, expect.stringContaining('does not answer like Cosell')])
    const missing = await run('ingest', join(folder, 'none.ndjson'), '--url', url)
    expect([missing.code, missing.err]).toEqual([1, expect.stringContaining('none.ndjson: ENOENT')])
  })
})
