import { describe, expect, it } from 'vitest'
import { emit } from '../../../events/envelope.ts'
import type { DomainEvent } from '../../../events/index.ts'
import { mustHaveCaughtUp, readFeed } from '../../../lib/exports/feed.ts'
import { attached, billed, cost, detached, metrics, onboarded, published } from '../metrics/story.ts'

const PERIOD = '2026-03'
const context = { now: '2030-01-01T00:00:00.000Z', newId: (prefix: string) => `${prefix}_1` }
const asked = emit(context, 'export.requested.v1', 'exp', { exportId: 'exp', period: PERIOD, by: 'fin' })

const STORY = [
  onboarded('atlas', '2026-01-10'),
  attached('fabrikam', 'atlas', 'sourced', '2025-01-01'),
  detached('fabrikam', 'atlas', 'sourced', '2026-01-01'),
  published('EUR', 'USD', '2026-01-01', '1.1000'),
  cost('support', 'partner', 40_000, '2026-02', { partnerId: 'atlas' }),
  billed('fabrikam', 90_000, '2026-04-05'),
]

const read = (events: DomainEvent[]) =>
  readFeed(
    (async function* () {
      yield* events
    })(),
    PERIOD,
  )

describe('the feed', () => {
  it('counts the events of all types that metrics are made of, each once, and no others', async () => {
    expect(await read([...STORY, asked])).toEqual({ events: 6, recordedAt: '2020-01-01T00:00:00Z', transactions: [] })
    expect((await read([...STORY, ...STORY])).events).toBe(6)
  })

  it('is as many events as the batch engine knows', async () => {
    for (let length = 0; length <= STORY.length; length++)
      expect((await read(STORY.slice(0, length))).events).toBe(metrics(STORY.slice(0, length)).knownEvents)
  })

  it('tells the latest instant at which one was recorded, whatever the order and the digits', async () => {
    const [first, second, third] = ['2026-03-04T00:00:00Z', '2026-03-04T00:00:00.5Z', '2026-03-04T00:00:00.25Z'].map((at) => ({
      ...billed('fabrikam', 1, '2020-01-01'),
      recordedat: at,
    }))
    if (!first || !second || !third) throw new Error('three events make the test')
    for (const events of [
      [first, second, third],
      [third, second, first],
      [second, third, first],
    ])
      expect((await read(events)).recordedAt).toBe('2026-03-04T00:00:00.5Z')
    expect((await read([asked])).recordedAt).toBeNull()
  })
})

describe('metrics', () => {
  it.each([
    ['fewer', 5, 'the metrics know 5 of 6 events as yet'],
    ['as many', 6, undefined],
    ['more', 7, undefined],
  ])('that know %s events than the feed are refused or taken', async (_, knownEvents, refusal) => {
    const feed = await read(STORY)
    const check = () => mustHaveCaughtUp({ ...metrics(STORY), knownEvents }, feed)
    if (refusal)
      expect(check).toThrow(expect.objectContaining({ code: 'unavailable', message: expect.stringContaining(refusal) }))
    else expect(check).not.toThrow()
  })
})
