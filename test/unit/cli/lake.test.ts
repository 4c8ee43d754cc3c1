import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import type { MetricEvent } from '../../../events/metrics.ts'
import { sha256 } from '../../../lib/runtime/blobs.ts'
import { openDuckDb } from '../../support/duckdb.ts'
import { attached, billed, booked, cost, onboarded, published } from '../metrics/story.ts'
import { run } from './loopback.ts'

const folder = mkdtempSync(join(tmpdir(), 'cosell-lake-'))
afterAll(() => rmSync(folder, { recursive: true }))

const on = (recordedat: string, event: MetricEvent): MetricEvent => ({ ...event, recordedat })
const EVENTS = [
  on('2026-03-02T10:00:00.000Z', billed('fabrikam', 100, '2026-03-01')),
  on('2026-03-01T10:00:00.000Z', attached('fabrikam', 'atlas', 'sourced', '2026-01-01')),
  on('2026-03-02T09:00:00.000Z', booked('fabrikam', 1200, '2026-03-01', '2027-03-01')),
  on('2026-03-01T23:59:59.999Z', onboarded('atlas', '2026-01-10')),
  on('2026-03-04T00:00:00.000Z', cost('support', 'partner', 7, '2026-02', { partnerId: 'atlas' })),
  on('2026-03-04T00:00:00.000Z', published('EUR', 'USD', '2026-03-01', '1.0850')),
]

let files = 0
const fileOf = (lines: (object | string)[], ending = '.ndjson') => {
  const path = join(folder, `events-${++files}${ending}`)
  const text = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('')
  writeFileSync(path, ending.endsWith('.gz') ? gzipSync(text) : text)
  return path
}
const outOf = () => join(folder, `lake-${files}`)
const make = async (lines: (object | string)[], ...more: string[]) =>
  run('lake', '--from', fileOf(lines), '--out', outOf(), ...more)

const jsonIn = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'))

describe('cosell lake', () => {
  it('writes each event once, by the day on which it was recorded, and tells how much it is', async () => {
    const { code, out, err } = await make([...EVENTS, ...EVENTS.slice(0, 2)])
    expect({ code, out, err }).toEqual({ code: 0, out: `6 events of 3 days in ${outOf()}\n`, err: '' })
    expect(readdirSync(join(outOf(), 'events')).sort()).toEqual([
      'recorded_on=2026-03-01',
      'recorded_on=2026-03-02',
      'recorded_on=2026-03-04',
    ])
    const duckdb = await openDuckDb()
    const rows = await duckdb.rows(
      `select event_id, recorded_on, epoch_ms(recorded_at)::bigint as at from read_parquet('${outOf()}/events/*/*.parquet', hive_partitioning = true)`,
    )
    duckdb.close()
    const told = EVENTS.map(({ id, recordedat }) => ({
      event_id: id,
      recorded_on: recordedat.slice(0, 10),
      at: String(Date.parse(recordedat)),
    }))
    const byId = (a: { event_id?: unknown }, b: { event_id?: unknown }) => (String(a.event_id) < String(b.event_id) ? -1 : 1)
    expect(rows.toSorted(byId)).toEqual(told.toSorted(byId))
  })

  it('says of each file what it is, and of all how far they go', async () => {
    await make(EVENTS)
    const day = join(outOf(), 'events/recorded_on=2026-03-02')
    const file = readFileSync(join(day, 'part-0000000001-0000000001.parquet'))
    expect(jsonIn(day, '_manifest.json')).toEqual({
      recordedOn: '2026-03-02',
      parts: [{ name: 'part-0000000001-0000000001.parquet', rows: 2, bytes: file.length, sha256: sha256(file) }],
    })
    const manifest = jsonIn(outOf(), 'manifest.json')
    expect(manifest).toMatchObject({
      watermark: { events: 6, recordedAt: '2026-03-04T00:00:00.000Z' },
      partition: { name: 'recorded_on' },
    })
    expect(readdirSync(outOf()).sort()).toEqual(['events', 'manifest.json'])
  })

  it('takes compressed events, and the same events make the same files', async () => {
    await make(EVENTS)
    const plain = outOf()
    const from = fileOf(EVENTS, '.ndjson.gz')
    await run('lake', '--from', from, '--out', outOf())
    for (const path of readdirSync(plain, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(parquet|json)$/.test(name)))
      expect(readFileSync(join(outOf(), path)).equals(readFileSync(join(plain, path))), path).toBe(true)
  })

  it('writes nothing of a file with bad lines, unless they are to be left out', async () => {
    const lines = [...EVENTS, 'nonsense', { ...EVENTS[0], id: '' }]
    const refused = await make(lines)
    expect(refused.code).toBe(1)
    expect(refused.err).toContain(':7: line: is not JSON\n')
    expect(refused.err).toContain(':8: id: ')
    expect(refused.err).toContain('Nothing is written')
    expect(readdirSync(outOf())).toEqual([])
    const skipped = await run('lake', '--from', join(folder, `events-${files}.ndjson`), '--out', outOf(), '--skip-bad')
    expect([skipped.code, skipped.out]).toEqual([1, `6 events of 3 days in ${outOf()}\n`])
  })

  it.each([
    [['--out', 'x'], '--from is missing'],
    [['--from', 'x'], '--out is missing'],
  ])('asks for what it needs: %j', async (args, message) => {
    const { code, err } = await run('lake', ...args)
    expect(code).toBe(2)
    expect(err).toContain(message)
  })

  it('says that there is no such file, and leaves nothing in the way of the next try', async () => {
    const from = fileOf(EVENTS)
    const { code, err } = await run('lake', '--from', `${from}.x`, '--out', outOf())
    expect(code).toBe(1)
    expect(err).toContain(`${from}.x: ENOENT`)
    expect((await run('lake', '--from', from, '--out', outOf())).code).toBe(0)
  })

  it('mixes no two lakes', async () => {
    const from = fileOf(EVENTS)
    mkdirSync(outOf())
    writeFileSync(join(outOf(), 'mine'), '')
    const { code, err } = await run('lake', '--from', from, '--out', outOf())
    expect([code, err]).toEqual([1, `--out ${outOf()}: the folder is not empty; files of two lakes must not mix\n`])
  })
})
