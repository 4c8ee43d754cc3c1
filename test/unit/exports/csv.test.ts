import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Cell, Column } from '../../../lib/core/column.ts'
import { csvOf, moneyColumns } from '../../../lib/exports/csv.ts'

const column = (type: Column<Cell>['type']): Column<Cell> => ({ name: 'x', type, description: '', of: (cell) => cell })
const fieldOf = (type: Column<Cell>['type'], cell: Cell) => csvOf([column(type)], [cell]).slice('x\r\n'.length, -'\r\n'.length)

/** The rows of a CSV file by RFC 4180. */
const parsed = (csv: string) => {
  const rows: string[][] = [[]]
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
    if (end === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}

describe('a CSV file', () => {
  it('has its columns as the first line and ends every line with CR LF', () => {
    const columns = [column('text'), { ...column('integer'), name: 'y' }]
    expect(csvOf(columns, [])).toBe('x,y\r\n')
    expect(csvOf(columns, ['a', 7])).toBe('x,y\r\na,a\r\n7,7\r\n')
  })

  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['Zürich 株式会社', 'Zürich 株式会社'],
    [' kept ', ' kept '],
    ['', ''],
    [null, ''],
    [undefined, ''],
    [0, '0'],
    [false, 'false'],
  ])('quotes %j as %j', (cell, field) => {
    expect(fieldOf('text', cell)).toBe(field)
  })

  it.each([
    ['=1+1', "'=1+1"],
    ['+49', "'+49"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['\rx', '"\'\rx"'],
    ['\nx', '"\'\nx"'],
    ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
    ['a=b', 'a=b'],
  ])('keeps a spreadsheet from taking the text %j for a formula', (cell, field) => {
    expect(fieldOf('text', cell)).toBe(field)
  })

  it.each([
    ['integer', -1200],
    ['decimal', '-12.00'],
  ] as const)('leaves a negative %s the number that it is', (type, cell) => {
    expect(fieldOf(type, cell)).toBe(String(cell))
  })

  it('is read back as it was, however odd the texts, and no field of it begins a formula', () => {
    const texts = fc.array(fc.string({ unit: fc.constantFrom(...'ab,;"\'=+-@\t\r\n é') }), { minLength: 1 })
    fc.assert(
      fc.property(texts, (cells) => {
        const fields = parsed(csvOf([column('text')], cells))
          .slice(1)
          .flat()
        expect(fields.map((field) => field.replace(/^'(?=[=+\-@\t\r\n])/, ''))).toEqual(
          cells.map((cell) => cell.replace(/^'(?=[=+\-@\t\r\n])/, '')),
        )
        expect(fields.filter((field) => /^[=+\-@\t\r\n]/.test(field))).toEqual([])
      }),
    )
  })
})

it.each([
  [123456, 'USD', '123456,1234.56'],
  [-5, 'USD', '-5,-0.05'],
  [1200, 'JPY', '1200,1200'],
  [1234, 'KWD', '1234,1.234'],
])('an amount of %i %s is written for computers and for people', (amount, currency, line) => {
  const columns = moneyColumns<number>('amount', 'what was paid', (row) => ({ amount: row, currency }))
  expect(csvOf(columns, [amount])).toBe(`amount,amount_decimal\r\n${line}\r\n`)
})
