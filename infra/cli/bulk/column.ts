import type { Numbers, Texts, Words } from '../../../lib/metrics/bulk/lake-rows.ts'
import { DICTIONARY, type Page, type Pages, PLAIN, unpackRuns } from './page.ts'

/** With all that is behind the bytes, which may be looked at. */
const viewOf = ({ buffer, byteOffset }: Uint8Array) => new DataView(buffer, byteOffset)

const rowsIn = ({ pages }: Pages) => pages.reduce((rows, page) => rows + page.rows, 0)

const has = ({ present }: Page, row: number) => present === undefined || present[row] === 1

const mustBe = (is: boolean, what: string) => {
  if (!is) throw new RangeError(`a column is not encoded ${what}`)
}

const wordsIn = ({ dictionary }: Pages): Texts => {
  const { values, data } = dictionary ?? { values: 0, data: new Uint8Array(8) }
  const texts = { view: viewOf(data), starts: new Int32Array(values), ends: new Int32Array(values) }
  for (let i = 0, at = 0; i < values; i++) {
    texts.starts[i] = at + 4
    at += 4 + texts.view.getUint32(at, true)
    texts.ends[i] = at
  }
  return texts
}

/** A column of texts that repeat: words, and for each row the number of its word; -1 where it has none. */
export const wordsOf = (pages: Pages): Words => {
  const codes = new Int32Array(rowsIn(pages)).fill(-1)
  let first = 0
  for (const page of pages.pages) {
    mustBe(page.encoding === DICTIONARY || page.values === 0, 'by a dictionary')
    const numbers = new Int32Array(page.values)
    if (page.values > 0) unpackRuns({ bytes: page.data, at: 1 }, page.data[0] ?? 0, numbers)
    for (let row = 0, next = 0; row < page.rows; row++) if (has(page, row)) codes[first + row] = numbers[next++] ?? -1
    first += page.rows
  }
  return { words: wordsIn(pages), codes }
}

const longAt = (view: DataView, at: number) => view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true)

/** A column of numbers; NaN where a row has none. */
export const numbersOf = (pages: Pages, bytes: 4 | 8): Numbers => {
  const numbers = new Float64Array(rowsIn(pages)).fill(Number.NaN)
  let first = 0
  for (const page of pages.pages) {
    mustBe(page.encoding === PLAIN, 'plainly')
    const view = viewOf(page.data)
    for (let row = 0, at = 0; row < page.rows; row++) {
      if (!has(page, row)) continue
      numbers[first + row] = bytes === 4 ? view.getInt32(at, true) : longAt(view, at)
      at += bytes
    }
    first += page.rows
  }
  return numbers
}

/** A column of texts of which nearly each is another one: where those of each row lie. */
export const textsOf = (pages: Pages): Texts => {
  const rows = rowsIn(pages)
  const [starts, ends] = [new Int32Array(rows).fill(-1), new Int32Array(rows)]
  const data = new Uint8Array(pages.pages.reduce((length, page) => length + page.data.length, 0) + 8)
  let [first, offset] = [0, 0]
  for (const page of pages.pages) {
    mustBe(page.encoding === PLAIN, 'plainly')
    const view = viewOf(page.data)
    data.set(page.data, offset)
    for (let row = 0, at = 0; row < page.rows; row++) {
      if (!has(page, row)) continue
      const length = view.getUint32(at, true)
      starts[first + row] = offset + at + 4
      ends[first + row] = offset + at + 4 + length
      at += 4 + length
    }
    first += page.rows
    offset += page.data.length
  }
  return { view: viewOf(data), starts, ends }
}
