import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvReader, type Place } from '../../../lib/settlements/csv.ts'

type Read = { line: number; fields: string[]; isOpenEnded: boolean; next: Place }
type Broken = { line: number; reason: string }

const readAll = (chunks: Uint8Array[], start?: Place) => {
  const records: Read[] = []
  const broken: Broken[] = []
  const reader = csvReader(
    {
      onRecord: ({ line, count, field, isOpenEnded, nextOffset, nextLine }) =>
        records.push({
          line,
          fields: Array.from({ length: count }, (_, index) => field(index)),
          isOpenEnded,
          next: { offset: nextOffset, line: nextLine },
        }),
      onBroken: ({ line, reason }) => broken.push({ line, reason }),
    },
    start,
  )
  for (const chunk of chunks) reader.push(chunk)
  reader.end()
  return { records, broken, ...reader.seen }
}

const bytes = (text: string) => new TextEncoder().encode(text)
const rowsOf = (text: string) => readAll([bytes(text)]).records.map(({ line, fields }) => [line, ...fields])

describe('a CSV file', () => {
  it.each([
    [
      'lines that end with LF',
      'a,b\n1,2\n',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
      ],
    ],
    [
      'lines that end with CR LF',
      'a,b\r\n1,2\r\n',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
      ],
    ],
    [
      'empty fields',
      ',\n,,\n',
      [
        [1, '', ''],
        [2, '', '', ''],
      ],
    ],
    ['commas within quotes', 'a,"b,c",d\n', [[1, 'a', 'b,c', 'd']]],
    ['quotes within quotes', '"say ""hi""",""""\n', [[1, 'say "hi"', '"']]],
    [
      'line breaks within quotes, counted as lines',
      '"a\nb\r\nc",d\ne,f\n',
      [
        [1, 'a\nb\r\nc', 'd'],
        [4, 'e', 'f'],
      ],
    ],
    ['an empty quoted field', 'a,"",b\n', [[1, 'a', '', 'b']]],
    ['a quote in the middle of a field that has none around it', 'a,5" disk,b\n', [[1, 'a', '5" disk', 'b']]],
    ['letters beyond ASCII, quoted or not', 'Zürich,"株式,会社"\n', [[1, 'Zürich', '株式,会社']]],
    [
      'a last line without an end',
      'a,b\n1,2',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
      ],
    ],
    ['a quoted last field without an end of the line', 'a,"b"', [[1, 'a', 'b']]],
    ['a quoted first field', '"a",b\n', [[1, 'a', 'b']]],
    ['nothing', '', []],
  ] as [string, string, unknown[][]][])('may have %s', (_, text, rows) => {
    expect(rowsOf(text)).toEqual(rows)
  })

  it('may begin with a byte order mark, which is no part of the first field', () => {
    const { records, bom } = readAll([bytes('\ufeffa,b\n')])
    expect([records[0]?.fields, bom]).toEqual([['a', 'b'], true])
    expect(readAll([bytes('a,b\n')]).bom).toBe(false)
  })

  it('may have blank lines, which are counted and passed over', () => {
    const { records, blankLines } = readAll([bytes('a\n\n\r\nb\n\n')])
    expect([records.map(({ line }) => line), blankLines]).toEqual([[1, 4], 3])
  })

  it('tells of its last line whether it has an end', () => {
    expect(readAll([bytes('a\nb\n')]).records.map(({ isOpenEnded }) => isOpenEnded)).toEqual([false, false])
    expect(readAll([bytes('a\nb')]).records.map(({ isOpenEnded }) => isOpenEnded)).toEqual([false, true])
  })

  it.each([
    [
      'text after a closing quote',
      'a\n"b"c,d\ne\n',
      [
        [1, 'a'],
        [3, 'e'],
      ],
      /text follows a closing quote/,
    ],
    [
      'a quote that is never closed',
      'a\n"b,c\nd\ne\n',
      [
        [1, 'a'],
        [3, 'd'],
        [4, 'e'],
      ],
      /never closed/,
    ],
    ['a quote that is never closed in the last line', 'a\n"b', [[1, 'a']], /never closed/],
  ] as [string, string, unknown[][], RegExp][])('that has %s loses that line only', (_, text, rows, reason) => {
    const { records, broken } = readAll([bytes(text)])
    expect(records.map(({ line, fields }) => [line, ...fields])).toEqual(rows)
    expect(broken).toEqual([{ line: 2, reason: expect.stringMatching(reason) }])
  })

  it('does not take all that follows an unclosed quote into memory, and goes on with the next line', () => {
    const row = `${'x'.repeat(99)}\n`
    const { records, broken } = readAll([bytes(`a\n"b\n${row.repeat(30_000)}`)])
    expect(broken).toEqual([{ line: 2, reason: expect.stringContaining('longer than 1 MB') }])
    expect([records.length, records[1]?.line, records.at(-1)?.line]).toEqual([30_001, 3, 30_002])
  })

  it('passes over a line that does not end for megabytes', () => {
    const { records, broken } = readAll([
      bytes('a\n'),
      ...Array.from({ length: 40 }, () => bytes('y'.repeat(100_000))),
      bytes('\nb\n'),
    ])
    expect(broken).toEqual([{ line: 2, reason: expect.stringContaining('longer than 1 MB') }])
    expect(records.map(({ line, fields }) => [line, ...fields])).toEqual([
      [1, 'a'],
      [3, 'b'],
    ])
  })
})

const text = fc.string({ unit: fc.constantFrom('a', 'é', '株', ',', '"', '\n', '\r\n', '1', ''), maxLength: 200 })
const cut = (whole: Uint8Array, cuts: number[]) => {
  const at = [...new Set([0, ...cuts.map((each) => each % (whole.length + 1)), whole.length])].toSorted((a, b) => a - b)
  return at.slice(1).map((to, index) => whole.subarray(at[index], to))
}

describe('the reading of a CSV file', () => {
  it('is the same however its bytes are cut into chunks, through characters, quotes and the mark', () => {
    fc.assert(
      fc.property(text, fc.boolean(), fc.array(fc.nat(400), { maxLength: 30 }), (body, hasMark, cuts) => {
        const whole = bytes(`${hasMark ? '\ufeff' : ''}${body}`)
        expect(readAll(cut(whole, cuts))).toEqual(readAll([whole]))
        expect(readAll([...whole].map((byte) => Uint8Array.of(byte)))).toEqual(readAll([whole]))
      }),
    )
  })

  it('can go on after any record as if it had never stopped', () => {
    fc.assert(
      fc.property(text, fc.nat(20), (body, stop) => {
        const whole = bytes(body)
        const all = readAll([whole])
        const from = all.records[stop % Math.max(1, all.records.length)]?.next
        if (!from) return
        const rest = readAll([whole.subarray(from.offset)], from)
        expect(rest.records).toEqual(all.records.filter(({ line }) => line >= from.line))
        expect(rest.broken).toEqual(all.broken.filter(({ line }) => line >= from.line))
      }),
    )
  })

  it('gives back what a writer by RFC 4180 wrote', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'ü', ',', '"', '\n', '\r', ' ') })
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 8 }), (rows) => {
        const quoted = (field: string) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)
        const csv = rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join('')
        expect(readAll([bytes(csv)]).records.map(({ fields }) => fields)).toEqual(rows)
      }),
    )
  })
})
