import { describe, expect, it } from 'vitest'
import { begin, EMPTY_LAKE, end, MAX_ROWS, portionsOf } from '../../../lib/lake/lake.ts'
import { billed } from '../metrics/story.ts'

const batch = (number: number, events: number) => ({ number, key: `k${number}`, events })

describe('a run of the lake', () => {
  it.each([
    ['nothing waits', [], undefined],
    ['all of it is one file', [batch(1, 10), batch(2, 20)], 2],
    ['a file is full', [batch(1, MAX_ROWS - 5), batch(2, 5), batch(3, 1)], 2],
    ['one batch alone is more than a file', [batch(1, MAX_ROWS + 1), batch(2, 1)], 1],
  ])('begins where %s', (_, waiting, pending) => {
    expect(begin(EMPTY_LAKE, waiting)?.pending).toBe(pending)
  })

  it('goes on with what was begun, whatever came in since', () => {
    const begun = { ...EMPTY_LAKE, version: 3, written: 4, pending: 6 }
    expect(
      begin(
        begun,
        [5, 6, 7].map((number) => batch(number, 1)),
      ),
    ).toBe(begun)
  })

  it('ends with all that was begun, knowing the latest instant to any fraction', () => {
    const at = (recordedat: string) => ({ ...billed('a', 1, '2026-01-01'), recordedat })
    const events = [at('2026-01-01T00:00:00.5Z'), at('2026-01-01T00:00:00.123456Z'), at('2025-12-31T23:59:59Z')]
    const state = { version: 3, written: 4, pending: 6, events: 10, recordedAt: '2026-01-01T00:00:00Z' }
    expect(end(state, events)).toEqual({ version: 3, written: 6, events: 13, recordedAt: '2026-01-01T00:00:00.5Z' })
  })
})

it('events of a day are cut into files of a size, each once', async () => {
  const [a, b, c, d, e] = Array.from({ length: 5 }, (_, n) => billed('acc', n, '2026-01-01')) as [
    ReturnType<typeof billed>,
    ...ReturnType<typeof billed>[],
  ]
  const all = [[a, b], [a], [c, d, b], [e], [e]] as (typeof a)[][]
  const portions = await Array.fromAsync(
    portionsOf(
      (async function* () {
        yield* all
      })(),
      2,
    ),
  )
  expect(portions).toEqual([[a, b], [c, d], [e]])
})
