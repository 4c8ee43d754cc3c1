import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MetricEvent } from '../../../events/metrics.ts'
import { eventColumns, eventOf } from '../../../lib/lake/event-row.ts'
import { parquetOf } from '../../../lib/runtime/parquet.ts'
import { type DuckDb, openDuckDb } from '../../support/duckdb.ts'
import { fullEvent } from '../../support/full-events.ts'

const folder = mkdtempSync(join(tmpdir(), 'cosell-rows-'))
let duckdb: DuckDb
beforeAll(async () => {
  duckdb = await openDuckDb()
})
afterAll(() => {
  duckdb.close()
  rmSync(folder, { recursive: true })
})

const INSTANT = '%Y-%m-%dT%H:%M:%S.%gZ'
const readBack = async (events: MetricEvent[]) => {
  const path = join(folder, 'events.parquet')
  writeFileSync(path, await parquetOf(eventColumns, events))
  const rows = await duckdb.rows(`
    select * replace (strftime(happened_at, '${INSTANT}') as happened_at, strftime(recorded_at, '${INSTANT}') as recorded_at)
    from '${path}'`)
  return rows.map((row) => eventOf(row as Parameters<typeof eventOf>[0]))
}

describe('an event in the lake', () => {
  it('is one that the catalogue knows, whichever way it is made here', () => {
    fc.assert(fc.property(fullEvent, (event) => MetricEvent.parse(event) !== undefined))
  })

  it('comes out of its row exactly as it went in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fullEvent, { minLength: 1, maxLength: 200 }), async (events) => {
        expect(await readBack(events)).toEqual(events)
      }),
      { numRuns: 15 },
    )
  })

  it('has a column for every field of every type that metrics are made of', () => {
    type Shape = { def: { shape?: Record<string, Shape>; innerType?: Shape; in?: Shape } }
    const leaves = ({ def }: Shape, path: string): string[] => {
      const inner = def.innerType ?? def.in
      if (inner) return leaves(inner, path)
      return def.shape ? Object.entries(def.shape).flatMap(([key, part]) => leaves(part, `${path}.${key}`)) : [path]
    }
    const paths = new Set(MetricEvent.def.options.flatMap((option) => leaves(option as unknown as Shape, '')))
    paths.delete('.specversion')
    expect(paths.size).toBeGreaterThan(25)
    // Each field alone in an otherwise empty event is found by exactly the columns that are made for it.
    const holding = (path: string) => {
      const event = path
        .slice(1)
        .split('.')
        .reduceRight<unknown>((value, key) => ({ [key]: value }), '2026-01-01T00:00:00.000Z')
      const whole = { time: '', recordedat: '', ...(event as object) } as MetricEvent
      return eventColumns.filter(({ of }) => of(whole)).map(({ name }) => name)
    }
    expect([...paths].filter((path) => holding(path).length !== 1)).toEqual([])
    expect(new Set([...paths].flatMap(holding)).size).toBe(paths.size)
    expect(eventColumns).toHaveLength(paths.size + 2)
  })

  it('is written so that every column of every file is encoded in one way, whatever it holds', async () => {
    const encodings = new Set<string>()
    for (const events of [fc.sample(fullEvent, 1), fc.sample(fullEvent, 300)]) {
      await readBack(events)
      const columns = await duckdb.rows(
        `select path_in_schema as name, encodings, compression from parquet_metadata('${join(folder, 'events.parquet')}')`,
      )
      for (const { name, encodings: how, compression } of columns) encodings.add(`${name} ${how} ${compression}`)
    }
    const expected = eventColumns.map(({ name, repeats }) => `${name} ${repeats ? 'PLAIN, RLE_DICTIONARY' : 'PLAIN'} ZSTD`)
    expect([...encodings].sort()).toEqual(expected.sort())
  })

  it('has no column that SQL takes for something else', async () => {
    const reserved = await duckdb.rows(
      "select keyword_name as word from duckdb_keywords() where keyword_category in ('reserved', 'type_function')",
    )
    const words = new Set(reserved.map(({ word }) => word))
    expect(eventColumns.map(({ name }) => name).filter((name) => words.has(name))).toEqual([])
  })
})
