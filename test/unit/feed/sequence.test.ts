import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Arrival, cursorIn, cursorText, endOf, nextPart, type Part, take } from '../../../lib/feed/sequence.ts'

const entry = (id: string, type = 'offer.requested.v1') => ({ pk: 'OFFER#1', id, type })
const arrival = (shard: string, n: number, at = 1000): Arrival => ({ sequence: String(n), at, entry: entry(`${shard}-${n}`) })

const idsIn = (parts: Part[]) => parts.flatMap(({ entries }) => entries.map(({ id }) => id))

/** Batches of a shard as a Lambda gets them: the next records, or some that came before with more or fewer behind them. */
const batches = fc.array(fc.record({ shard: fc.constantFrom('a', 'b'), back: fc.nat(8), size: fc.integer({ min: 1, max: 9 }) }), {
  maxLength: 40,
})

describe('the sequence of events', () => {
  it('has each event once and those of a shard in their order, however batches are cut and repeated', () => {
    fc.assert(
      fc.property(batches, (all) => {
        const parts: Part[] = []
        const reached: Record<string, number> = { a: 0, b: 0 }
        for (const { shard, back, size } of all) {
          const from = Math.max(0, (reached[shard] ?? 0) - back)
          const batch = Array.from({ length: size }, (_, i) => arrival(shard, from + i + 1))
          reached[shard] = Math.max(reached[shard] ?? 0, from + size)
          const part = nextPart(parts.at(-1), shard, batch)
          if (part) parts.push(part)
        }
        for (const shard of ['a', 'b']) {
          const expected = Array.from({ length: reached[shard] ?? 0 }, (_, i) => `${shard}-${i + 1}`)
          expect(idsIn(parts).filter((id) => id.startsWith(shard))).toEqual(expected)
        }
        for (const [i, part] of parts.entries()) expect(part.first).toBe(endOf(parts[i - 1]))
      }),
    )
  })

  it('forgets how far a shard is when its records are gone for long', () => {
    const day = 86_400
    const old = nextPart(undefined, 'old', [arrival('old', 1, 1000)])
    const soon = nextPart(old, 'new', [arrival('new', 2, 1000 + 2 * day)])
    const late = nextPart(soon, 'new', [arrival('new', 3, 1001 + 2 * day)])
    expect([soon, late].map((part) => Object.keys(part?.marks ?? {}))).toEqual([['old', 'new'], ['new']])
  })
})

describe('a cursor', () => {
  it.each(['0.0', '1200.37'])('%s is the same when it is read and told', (text) => {
    const cursor = cursorIn(text)
    expect(cursor && cursorText(cursor)).toBe(text)
  })

  it.each(['', '1', '1.', '.1', '-1.0', '1.0.0', '1e3.0', 'x'])('is not %j', (text) => expect(cursorIn(text)).toBeUndefined())
})

describe('what is taken from a part', () => {
  const part: Part = {
    first: 10,
    entries: [entry('1'), entry('2', 'rate.published.v1'), entry('3'), entry('4', 'rate.published.v1')],
    marks: {},
  }
  const offers = ({ type }: { type: string }) => type.startsWith('offer.')
  const all = () => true

  it.each([
    ['the first ones', 0, all, 2, ['1', '2'], '10.2'],
    ['all', 0, all, 4, ['1', '2', '3', '4'], '14.0'],
    ['the rest', 2, all, 9, ['3', '4'], '14.0'],
    ['those that are wanted', 0, offers, 2, ['1', '3'], '10.3'],
    ['nothing at its end', 4, all, 2, [], '14.0'],
    ['nothing, where nothing is wanted', 1, () => false, 1, [], '14.0'],
  ])('is %s, with the cursor behind', (_, offset, wanted, most, ids, cursor) => {
    const taken = take(part, { first: 10, offset }, wanted, most)
    expect([taken.found.map(({ entry: { id } }) => id), cursorText(taken.cursor)]).toEqual([ids, cursor])
    for (const { entry, behind } of taken.found)
      expect(behind).toEqual(take(part, { first: 10, offset: 0 }, ({ id }) => id === entry.id, 1).cursor)
  })
})
