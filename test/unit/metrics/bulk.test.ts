import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MetricEvent } from '../../../events/metrics.ts'
import { openBlocks, openFiles, openSlices, type Parts } from '../../../infra/cli/bulk/blocks.ts'
import { computeInBulk, type Work } from '../../../infra/cli/bulk/compute.ts'
import { readEventLine } from '../../../infra/cli/event-line.ts'
import { eventColumns } from '../../../lib/lake/event-row.ts'
import { encode } from '../../../lib/metrics/bulk/encode.ts'
import { newNames } from '../../../lib/metrics/bulk/names.ts'
import { newDraft } from '../../../lib/metrics/bulk/record.ts'
import { openScanner } from '../../../lib/metrics/bulk/scanner.ts'
import { documentOf } from '../../../lib/metrics/document.ts'
import { parquetOf } from '../../../lib/runtime/parquet.ts'
import { metricEvent, RATES, story } from '../../support/metric-events.ts'
import { metricsOf } from '../../support/rows-engine.ts'
import { attached, billed, booked } from './story.ts'

const SETTINGS = { currency: 'USD', grossMargin: 8000 }
const ROOM = 64

const bytesOf = (text: string) => {
  const bytes = new TextEncoder().encode(text)
  const roomy = new Uint8Array(bytes.length + ROOM)
  roomy.set(bytes)
  return { bytes: roomy, end: bytes.length }
}

/** Lines in memory, so many to a block. */
const blocksOf = (lines: string[], each: number): Parts => {
  const left = [...lines]
  return {
    next: async () =>
      left.length === 0
        ? undefined
        : bytesOf(
            left
              .splice(0, each)
              .map((line) => `${line}\n`)
              .join(''),
          ),
    giveBack: () => {},
    close: async () => {},
  }
}

const compute = async (lines: string[], work: Partial<Work> = {}) => {
  const { aggregates, problems } = await computeInBulk({
    parts: blocksOf(lines, 7),
    settings: SETTINGS,
    threads: 1,
    partitions: 4,
    memory: 2 ** 30,
    skipBad: false,
    onRead: () => {},
    ...work,
  })
  return { document: aggregates && documentOf(aggregates, work.settings ?? SETTINGS), problems }
}

const asLines = (events: MetricEvent[]) => events.map((one) => JSON.stringify(one))

describe('the metrics computed in bulk', () => {
  it('are those of the rows, whatever the story and its repetitions', async () => {
    const repeated = story.chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray([...events, ...events], { maxLength: events.length * 2 })),
    )
    await fc.assert(
      fc.asyncProperty(repeated, async ([events, again]) => {
        const all = [...again, ...RATES, ...events]
        expect((await compute(asLines(all))).document).toEqual(metricsOf(all, SETTINGS))
      }),
    )
  })
  it('are the same as known at an instant', async () => {
    const instant = fc.integer({ min: 0, max: 5_000 }).map((ms) => new Date(Date.UTC(2026, 0, 1) + ms).toISOString())
    const known = fc.array(fc.tuple(metricEvent, instant), { maxLength: 20, size: 'max' })
    await fc.assert(
      fc.asyncProperty(known, instant, async (told, asOf) => {
        const all = [...RATES, ...told.map(([one, recordedat]) => ({ ...one, recordedat }))]
        const settings = { ...SETTINGS, asOf }
        expect((await compute(asLines(all), { settings })).document).toEqual(metricsOf(all, settings))
      }),
    )
  })
  it('are the same when several threads compute them, and when the records do not fit into memory', async () => {
    const events = [...RATES, ...fc.sample(metricEvent, { numRuns: 600, seed: 7 })]
    const expected = metricsOf(events, SETTINGS)
    for (const memory of [2 ** 30, 1000]) {
      for (const threads of [1, 3]) {
        expect((await compute(asLines(events), { threads, memory })).document).toEqual(expected)
      }
    }
  })
  it('are the same from Parquet files of the lake, also as known at an instant', async () => {
    const instant = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 997).toISOString()
    const events = [...RATES, ...fc.sample(metricEvent, { numRuns: 400, seed: 5 })].map((one, n) => ({
      ...one,
      recordedat: instant(n),
    }))
    const folder = mkdtempSync(join(tmpdir(), 'cosell-lake-'))
    for (const [part, some] of [events.slice(0, 150), events.slice(100)].entries())
      writeFileSync(join(folder, `${part}.parquet`), await parquetOf(eventColumns, some))
    for (const asOf of [undefined, instant(200)]) {
      const settings = { ...SETTINGS, asOf }
      const files = readdirSync(folder).map((name) => ({ path: join(folder, name), size: 1 }))
      for (const threads of [1, 2]) {
        expect((await compute([], { settings, threads, parts: openFiles(files) })).document).toEqual(metricsOf(events, settings))
      }
    }
    rmSync(folder, { recursive: true })
  })
  it('refuse a file that is none of the lake, or is not there, with all that is known of it, from another thread too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cosell-lake-'))
    const path = join(folder, 'other.parquet')
    const other = { ...billed('a', 1, '2025-01-01'), type: 'sale.made.v1' } as unknown as MetricEvent
    writeFileSync(path, await parquetOf(eventColumns, [other]))
    for (const threads of [1, 2]) {
      await expect(compute([], { threads, parts: openFiles([{ path, size: 1 }]) })).rejects.toMatchObject({
        name: 'ServiceError',
        code: 'unprocessable',
        details: [{ target: 'row 1: event_type' }],
      })
      const gone = openFiles([{ path: join(folder, 'gone.parquet'), size: 1 }])
      await expect(compute([], { threads, parts: gone })).rejects.toMatchObject({ code: 'ENOENT' })
    }
    rmSync(folder, { recursive: true })
  })
  it('name bad lines by their number, and are not computed unless those are to be skipped', async () => {
    const good = asLines([billed('a', 5, '2025-01-01'), attached('a', 'p', 'sourced', '2025-01-01')])
    const lines = [...good, '{', '', ...good, good[0]?.replace('2025-01-01', '2025-02-30') ?? '', '{"type":"offer.created.v1"}']
    const { document, problems } = await compute(lines, { threads: 2, parts: blocksOf(lines, 2) })
    expect(document).toBeUndefined()
    expect(problems).toEqual([
      { line: 3, texts: ['line: is not JSON'] },
      { line: 7, texts: [`data.on: must be a day that exists in the calendar (event ${JSON.parse(good[0] ?? '').id})`] },
    ])
    expect((await compute(lines, { skipBad: true })).document).toMatchObject({ knownEvents: 2 })
  })
  it('are the same from a file, wherever it is cut into slices, packed or not, and bad lines keep their numbers', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bulk-'))
    const [path, packed] = [join(folder, 'events.ndjson'), join(folder, 'events.ndjson.gz')]
    const lines = fc.array(
      fc.oneof(
        metricEvent.map((one) => JSON.stringify(one)),
        fc.constantFrom('', '{', '[]', '\r'),
      ),
    )
    const cut = fc.tuple(lines, fc.integer({ min: 1, max: 3000 }), fc.constantFrom('', '\n'))
    await fc.assert(
      fc.asyncProperty(cut, async ([lines, each, end]) => {
        const text = lines.join('\n') + end
        writeFileSync(path, text)
        writeFileSync(packed, gzipSync(text))
        const expected = await compute(lines, { skipBad: true })
        const parts = openSlices({ path, size: Buffer.byteLength(text) }, each)
        expect(await compute([], { parts, skipBad: true })).toEqual(expected)
        expect(await compute([], { parts: openBlocks(packed), skipBad: true })).toEqual(expected)
      }),
      { numRuns: 50 },
    )
    rmSync(folder, { recursive: true })
  })
  it('refuse a sum that passes 2^53, from another thread too', async () => {
    const events = ['a', 'b'].map((id) => billed(id, Number.MAX_SAFE_INTEGER, '2025-03-01'))
    const message = 'revenue of all partners in 2025-03 direct: the sum passes 2^53'
    for (const threads of [1, 2]) await expect(compute(asLines(events), { threads })).rejects.toThrow(message)
  })
})

/** What the scanner makes of a line; undefined where it leaves it to the schema. */
const scanned = (line: string) => {
  const partners = newNames()
  const scanner = openScanner(partners)
  const { bytes, end } = bytesOf(`${line}\n`)
  scanner.look(bytes)
  return scanner.read(0) === end ? { words: [...scanner.draft.words], partners: partners.list } : undefined
}

/** As Cosell writes it: the fields in the order of the schema. */
const written = (one: MetricEvent) => JSON.stringify(MetricEvent.parse(one))

const encoded = (one: MetricEvent) => {
  const [draft, partners] = [newDraft(), newNames()]
  if (one.type !== 'rate.published.v1') encode(draft, partners, one)
  return { words: [...draft.words], partners: partners.list }
}

/** What the scanner reads; rates are left to the schema. */
const scannable = metricEvent.filter(({ type }) => type !== 'rate.published.v1')

describe('the scanner', () => {
  it('reads every event that Cosell writes as the schema does', () => {
    fc.assert(
      fc.property(scannable, (one) => {
        expect(scanned(written(one))).toEqual(encoded(one))
      }),
    )
  })
  it('reads a zero below zero as the schema does: as zero', () => {
    const line = written(billed('a', 0, '2025-01-01')).replace('"amount":0', '"amount":-0')
    expect(scanned(line)).toEqual(encoded(MetricEvent.parse(JSON.parse(line))))
    expect(scanned(line)).toEqual(scanned(line.replace('-0,', '0,')))
  })
  it('takes nothing that the schema refuses or takes otherwise, however a line is spoilt', () => {
    const spoilt = fc
      .tuple(
        scannable,
        fc.nat(),
        fc.constantFrom(...'0129-:.TZ{}[]",\\ aA\t\u00e9'),
        fc.constantFrom('replace', 'insert', 'delete', 'cut'),
      )
      .map(([one, at, character, how]) => {
        const text = written(one)
        const place = at % text.length
        const rest = text.slice(how === 'insert' ? place : place + 1)
        return how === 'cut' ? text.slice(0, place) : text.slice(0, place) + (how === 'delete' ? '' : character) + rest
      })
    fc.assert(
      fc.property(spoilt, (line) => {
        const found = scanned(line)
        if (!found) return
        const read = readEventLine(line)
        expect(read).toHaveProperty('event')
        if (typeof read === 'object' && 'event' in read) expect(found).toEqual(encoded(read.event))
      }),
      { numRuns: 3000 },
    )
  })
  it.each([
    ['a booking without a service', booked('a', 1, '2025-01-01', '2026-01-01', { service: undefined })],
    ['a service that ends before it begins', billed('a', 1, '2025-01-01', { service: { from: '2025-02-01', to: '2025-01-01' } })],
    ['a service of eleven years', billed('a', 1, '2025-01-01', { service: { from: '2025-02-01', to: '2036-02-01' } })],
    ['an id with a quote', billed('a"b', 1, '2025-01-01')],
    ['an id that is not ASCII', billed('München', 1, '2025-01-01')],
  ])('leaves %s to the schema', (_, one) => {
    expect(scanned(JSON.stringify(one))).toBeUndefined()
  })
})
