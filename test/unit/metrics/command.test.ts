import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { MetricEvent } from '../../../events/metrics.ts'
import { isMetricEvent } from '../../../infra/cli/metric-event-check.ts'
import { metricsCommand } from '../../../infra/cli/metrics.ts'
import { eventColumns } from '../../../lib/lake/event-row.ts'
import { parquetOf } from '../../../lib/runtime/parquet.ts'
import { attached, billed, booked, cost, onboarded, published } from './story.ts'

const folder = mkdtempSync(join(tmpdir(), 'cosell-metrics-'))
const sales = [billed('a', 500, '2025-01-01'), billed('a', 700, '2025-02-01')]
const linesOf = (values: unknown[]) =>
  values.map((value) => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`).join('')

const run = (name: string, content: string | Buffer, ...args: string[]) => {
  writeFileSync(join(folder, name), content)
  return runOn(name, ...args)
}

const runOn = (name: string, ...args: string[]) => runWith({}, name, ...args)

const runWith = async (terminal: { isTTY?: boolean }, name: string, ...args: string[]) => {
  const file = join(folder, name)
  const [out, err]: string[][] = [[], []]
  const into = (texts: string[] = []) =>
    new Writable({
      write: (chunk, _, done) => {
        texts.push(String(chunk))
        done()
      },
    })
  const code = await metricsCommand(['--from', file, ...args], { stdout: into(out), stderr: Object.assign(into(err), terminal) })
  return { code, out: out?.join('') ?? '', err: err?.join('').replaceAll(`${folder}/`, '') ?? '' }
}

describe('cosell metrics', () => {
  it('prints the document as JSON, from plain and from compressed files', async () => {
    const plain = await run('plain.ndjson', linesOf(sales), '--json')
    expect([plain.code, plain.err, JSON.parse(plain.out).knownEvents]).toEqual([0, '', 2])
    expect(await run('packed.ndjson.gz', gzipSync(linesOf(sales)), '--json')).toEqual(plain)
    expect(await run('crlf.ndjson', linesOf(sales).trimEnd().replaceAll('\n', '\r\n\r\n'), '--json')).toEqual(plain)
  })
  it('shows on a terminal how far it is', async () => {
    writeFileSync(join(folder, 'watched.ndjson'), linesOf(sales))
    const { code, err } = await runWith({ isTTY: true }, 'watched.ndjson', '--json')
    expect([code, err]).toEqual([0, expect.stringContaining(' 100 % · 0 of 0 MB')])
  })
  it('prints tables for people without --json', async () => {
    const { code, out } = await run('table.ndjson', linesOf(sales))
    expect(code).toBe(0)
    expect(out).toMatch(/^Revenue in 2025-02, USD\n.*\nall +0\.00 +0\.00 +7\.00 +7\.00/m)
  })
  it('names file, line and field of bad lines, and computes nothing', async () => {
    const bad = { ...sales[0], data: { ...sales[0]?.data, amount: { amount: 1.5, currency: 'USD' }, on: '2025-02-30' } }
    const { code, out, err } = await run(
      'bad.ndjson',
      linesOf([...sales, bad, '{"id":', '7', { type: 'account.attached.v2' }]),
      '--json',
    )
    expect([code, out]).toEqual([1, ''])
    for (const place of [
      'bad.ndjson:3: data.amount.amount: ',
      'bad.ndjson:3: data.on: ',
      'bad.ndjson:4: line: ',
      'bad.ndjson:5: line: ',
      'bad.ndjson:6: type: ',
    ]) {
      expect(err).toContain(place)
    }
    expect(err).toContain('--skip-bad')
  })
  it('computes the rest with --skip-bad, and still fails', async () => {
    const { code, out, err } = await run('skip.ndjson', linesOf([...sales, '{']), '--json', '--skip-bad')
    expect([code, JSON.parse(out).knownEvents, err]).toEqual([1, 2, 'skip.ndjson:3: line: is not JSON\n'])
  })
  it('reads a lake as it reads its lines, with what is wrong with its events', async () => {
    const events = [billed('a', 500, '2025-01-01'), onboarded('p', '2025-01-01'), attached('a', 'p', 'sourced', '2025-01-01')]
    mkdirSync(join(folder, 'lake-of-sales'))
    writeFileSync(join(folder, 'lake-of-sales', '1.parquet'), await parquetOf(eventColumns, events))
    const lines = await run('as-lines.ndjson', linesOf(events))
    expect(lines.out).toContain('billed-not-booked')
    expect(await runOn('lake-of-sales')).toEqual(lines)
    const earlier = ['--as-of', '2019-01-01T00:00:00Z']
    expect((await runOn('lake-of-sales', ...earlier)).out).not.toContain('billed-not-booked')
    expect(await runOn('lake-of-sales', ...earlier)).toEqual(await runOn('as-lines.ndjson', ...earlier))
  })
  it('says what a folder lacks, and which Parquet file is none of the lake', async () => {
    mkdirSync(join(folder, 'lake'))
    expect(await runOn('lake', '--json')).toMatchObject({ code: 1, err: expect.stringContaining('there is no Parquet file') })
    const other = await parquetOf([{ name: 'event_type', type: 'text', description: '', of: () => 'sale' }], [{}])
    writeFileSync(join(folder, 'lake', 'other.parquet'), other)
    expect(await runOn('lake', '--json')).toMatchObject({ code: 1, err: expect.stringContaining('other.parquet') })
  })
  it('passes over events that no metric is made from', async () => {
    const { code, out } = await run('other.ndjson', linesOf([...sales, { type: 'offer.change-requested.v3' }]), '--json')
    expect([code, JSON.parse(out).knownEvents]).toEqual([0, 2])
  })
  it('names missing exchange rates', async () => {
    const { code, out } = await run('rates.ndjson', linesOf(sales), '--json', '--currency', 'EUR')
    expect([code, JSON.parse(out)]).toEqual([1, { error: 'missing-rates', pairs: ['USD/EUR'] }])
  })
  it('says so where the file is missing or cut off', async () => {
    const none = await runOn('none.ndjson', '--json')
    expect([none.code, none.out]).toEqual([1, ''])
    expect(none.err).toContain('none.ndjson: ')
    const cut = await run('cut.ndjson.gz', gzipSync(linesOf(sales)).subarray(0, 60), '--json')
    expect([cut.code, cut.out]).toEqual([1, ''])
    expect(cut.err).toContain('cut.ndjson.gz: ')
  })
  test.each([
    [['--margin', '0.80001'], '--margin 0.80001'],
    [['--period', '2025-13'], '--period 2025-13'],
    [['--currency', 'usd'], '--currency usd'],
    [['--as-of', 'soon'], '--as-of soon'],
    [['--nonsense'], '--nonsense'],
  ])('refuses %j', async (args, message) => {
    const { code, err } = await run('plain.ndjson', linesOf(sales), ...args)
    expect(code).toBe(2)
    expect(err).toContain(message)
  })
})

describe('the quick check of an event', () => {
  const right: MetricEvent[] = [
    ...sales,
    booked('a', 1, '2025-01-31', '2025-02-28'),
    attached('a', 'p', 'managed', '2025-12-31'),
    onboarded('p', '2025-01-29'),
    cost('payout', 'shared', -5, '2025-01', { partnerId: 'p' }),
    published('EUR', 'USD', '2025-01-01', '1.0850'),
  ]
  const odd = fc.oneof(
    fc.constantFrom(
      undefined,
      null,
      '',
      'x y',
      '2025-02-29',
      '2025-02-30',
      '2025-06-31',
      '2024-01-15',
      'booked',
      'refund',
      'usd',
      'USD',
      'EUR',
      '0.0',
      '1.5',
      '1.0',
      {},
      [],
    ),
    fc.constantFrom(
      '2025-01-01T00:00:00Z',
      '2025-01-01T24:00:00Z',
      '2025-01-01T00:00:00+01:00',
      { from: '2025-01-02', to: '2025-01-02' },
      'x'.repeat(201),
      1e20,
      -0,
      0.5,
      true,
    ),
    fc.string(),
  )
  const spoil = (value: unknown, path: string[], by: unknown): unknown => {
    const [key, ...rest] = path
    if (key === undefined) return by
    return typeof value === 'object' && value !== null ? { ...value, [key]: spoil(Reflect.get(value, key), rest, by) } : value
  }
  const pathsOf = (value: unknown): string[][] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => [[key], ...pathsOf(inner).map((path) => [key, ...path])])
      : []

  it('accepts what is right', () => {
    expect(right.filter((event) => !isMetricEvent(event))).toEqual([])
  })
  it('accepts nothing that the schema refuses', () => {
    const spoiled = fc
      .constantFrom(...right)
      .chain((event) =>
        fc
          .tuple(fc.constantFrom(...pathsOf(event), ['data', 'service'], ['data', 'corrects'], ['data', 'partnerId']), odd)
          .map(([path, by]) => spoil(event, path, by)),
      )
    fc.assert(
      fc.property(spoiled, (value) => {
        fc.pre(isMetricEvent(value))
        expect(MetricEvent.safeParse(value).error).toBeUndefined()
      }),
      { numRuns: 2000, maxSkipsPerRun: 100 },
    )
  })
})
