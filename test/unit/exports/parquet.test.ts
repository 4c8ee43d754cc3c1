import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Column } from '../../../lib/core/column.ts'
import { readFeed } from '../../../lib/exports/feed.ts'
import { filesOf } from '../../../lib/exports/files.ts'
import { parquetOf, textsIn } from '../../../lib/runtime/parquet.ts'
import { type DuckDb, openDuckDb } from '../../support/duckdb.ts'
import { attached, billed, booked, cost, metrics, onboarded, published } from '../metrics/story.ts'

const PERIOD = '2026-03'
const STORY = [
  published('EUR', 'USD', '2026-03-20', '1.1000'),
  onboarded('atlas', '2026-01-10'),
  attached('fabrikam', 'atlas', 'sourced', '2025-01-01'),
  booked('fabrikam', 1_200_000, '2026-03-01', '2027-03-01', { offerId: 'off-1' }),
  billed('fabrikam', 150_000, '2026-03-05', { currency: 'EUR', partnerId: 'atlas' }),
  billed('contoso', -50, '2026-03-31', { kind: 'refund', corrects: 'tx-a' }),
  { ...billed('contoso', Number.MAX_SAFE_INTEGER, '2026-03-07', { kind: 'tax' }), recordedat: '2026-03-08T09:10:11.123456Z' },
  cost('support', 'partner', 40_000, '2026-02', { partnerId: 'atlas' }),
]

let folder: string
let duckdb: DuckDb
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cosell-parquet-'))
  duckdb = await openDuckDb()
  const feed = await readFeed(
    (async function* () {
      yield* STORY
    })(),
    PERIOD,
  )
  const sources = { period: PERIOD, document: metrics(STORY, { period: PERIOD }), feed, partnerTypes: new Map([['atlas', 'si']]) }
  for (const { name, body } of await filesOf(sources, ['csv', 'parquet'], parquetOf)) writeFileSync(join(folder, name), body)
})
afterAll(() => {
  duckdb.close()
  rmSync(folder, { recursive: true })
})

const fileOf = async <Row>(name: string, columns: Column<Row>[], rows: Row[]) => {
  const path = join(folder, name)
  writeFileSync(path, await parquetOf(columns, rows))
  return path
}

describe('the Parquet files of an export', () => {
  it.each(['metrics', 'transactions', 'partners', 'dictionary'])('of %s hold what the CSV file holds', async (name) => {
    const parquet = join(folder, `${name}.parquet`)
    const types = await duckdb.rows(`select column_name, column_type from (describe select * from '${parquet}')`)
    const columns = JSON.stringify(Object.fromEntries(types.map((each) => [each['column_name'], each['column_type']])))
    const csv = `read_csv('${join(folder, `${name}.csv`)}', header = true, columns = ${columns.replaceAll('"', "'")})`
    const rows = await duckdb.rows(`select * from '${parquet}'`)
    expect(rows.length).toBeGreaterThan(0)
    expect(rows).toEqual(await duckdb.rows(`select * from ${csv}`))
  })

  it('have money as whole numbers, days as dates, instants as timestamps', async () => {
    const types = await duckdb.rows(
      `describe select amount, amount_decimal, on_date, recorded_at, currency from '${join(folder, 'transactions.parquet')}'`,
    )
    expect(types.map((each) => each['column_type'])).toEqual(['BIGINT', 'DECIMAL(38,4)', 'DATE', 'TIMESTAMP', 'VARCHAR'])
    expect(
      await duckdb.rows(`select max(amount) as most, max(recorded_at) as latest from '${join(folder, 'transactions.parquet')}'`),
    ).toEqual([{ most: String(Number.MAX_SAFE_INTEGER), latest: '2026-03-08 09:10:11.123456' }])
  })
})

describe('a Parquet file', () => {
  const text: Column<string | undefined> = { name: 'word', type: 'text', description: '', of: (row) => row }

  it('has columns also where it has no rows', async () => {
    const path = await fileOf('empty.parquet', [text], [])
    expect(await duckdb.rows(`select count(*)::int as n from '${path}'`)).toEqual([{ n: 0 }])
    expect(await duckdb.rows(`select column_name from (describe select * from '${path}')`)).toEqual([{ column_name: 'word' }])
  })

  it('is the same for the same rows, and its texts are read back', async () => {
    const words = Array.from({ length: 3000 }, (_, i) => `Zürich ${i % 7}`)
    const [first, second] = [await parquetOf([text], words), await parquetOf([text], words)]
    expect(first).toEqual(second)
    expect(await textsIn(first, 'word')).toEqual(words)
  })

  it('says what is null, and refuses that where a column is required', async () => {
    const path = await fileOf('null.parquet', [text], ['a', undefined])
    expect(await duckdb.rows(`select word from '${path}'`)).toEqual([{ word: 'a' }, { word: null }])
    await expect(parquetOf([{ ...text, required: true }], ['a', undefined])).rejects.toThrow(
      'the column word has no value in some row',
    )
  })

  it.each([
    ['-0.05', '-0.0500'],
    ['1200', '1200.0000'],
    ['90071992547409.91', '90071992547409.9100'],
    ['-1.2345', '-1.2345'],
  ])('has the decimal %s as %s', async (cell, expected) => {
    const column: Column<string> = { name: 'x', type: 'decimal', description: '', of: (row) => row }
    expect(await duckdb.rows(`select x from '${await fileOf('decimal.parquet', [column], [cell])}'`)).toEqual([{ x: expected }])
  })

  it('refuses a decimal that it would have to round', async () => {
    const column: Column<string> = { name: 'x', type: 'decimal', description: '', of: (row) => row }
    await expect(parquetOf([column], ['0.00001'])).rejects.toThrow('0.00001 has more than 4 decimal places')
  })
})
