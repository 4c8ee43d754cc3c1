import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MetricEvent } from '../../events/metrics.ts'
import type { RowChange } from '../../lib/metrics/row-store.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openEngine, type TestEngine } from '../support/engine.ts'
import { batchMetrics, Crash, type CrashPoint, type LiveMetrics, openLiveMetrics } from '../support/live-metrics.ts'
import { metricEvent } from '../support/metric-events.ts'
import { attached, billed, booked, cost, detached, onboarded, published } from '../unit/metrics/story.ts'

let engine: TestEngine

beforeAll(async () => {
  engine = await openEngine()
})
afterAll(() => engine.stop())

const STORY: MetricEvent[] = [
  onboarded('p', '2025-01-10'),
  attached('a', 'p', 'sourced', '2025-01-15'),
  attached('a', 'q', 'influenced', '2025-02-01'),
  booked('a', 120_000, '2025-02-01', '2026-02-01', { transactionId: 'a1' }),
  billed('a', 60_000, '2025-02-01', { transactionId: 'a2', currency: 'EUR' }),
  billed('a', -10_000, '2025-04-01', { kind: 'refund', corrects: 'a2', currency: 'EUR' }),
  billed('b', 7_000, '2025-03-05', { kind: 'usage', currency: 'JPY' }),
  attached('b', 'q', 'influenced', '2025-03-01'),
  cost('acquisition', 'shared', 5_000, '2025-02', { currency: 'EUR' }),
  cost('payout', 'partner', 900, '2025-03', { partnerId: 'p' }),
]
const RATES: MetricEvent[] = [published('EUR', 'USD', '2025-01-01', '1.0850'), published('JPY', 'USD', '2025-01-01', '0.0068')]

/** Takes the changes that are waiting in the stream into the aggregates. */
const settle = async (live: LiveMetrics) => live.sum('shard-1', await live.changes())

const agrees = async (live: LiveMetrics, events: MetricEvent[], period?: string) =>
  expect(await live.read(period)).toBe(batchMetrics(events, period))

/** A log that is added up with each batch. */
const ALWAYS = 1

const AGAIN = ['whole', 'halves', 'regrown'] as const
type Cut = { size: number; crash?: CrashPoint | undefined; again: (typeof AGAIN)[number] }

/** Delivers what waits in batches; after a crash the batch comes again: whole, in halves, or with records that came meanwhile. */
const deliver = async <T>(waiting: T[], cuts: Cut[], handle: (batch: T[], crash?: CrashPoint) => Promise<void>) => {
  let [done, turn, crashes] = [0, 0, 0]
  while (done < waiting.length) {
    const { size, crash, again } = cuts[turn++ % cuts.length] ?? { size: waiting.length, again: 'whole' }
    const batch = waiting.slice(done, done + size)
    const crashed = await handle(batch, crash).then(() => false, isCrash)
    if (crashed) crashes++
    const end = done + size + (crashed && again === 'regrown' ? 2 : 0)
    if (crashed) {
      const middle = again === 'halves' ? done + Math.ceil(size / 2) : end
      await handle(waiting.slice(done, middle))
      if (middle < end) await handle(waiting.slice(middle, end))
    }
    done = end
  }
  return crashes > 0
}

const isCrash = (error: unknown) => {
  if (error instanceof Crash) return true
  throw error
}

/** Lets a work crash before and after its first write, its second, and so on, until it has no such write. */
const atEveryWrite = async (attempt: (crash: CrashPoint, again: Cut['again']) => Promise<boolean>) => {
  for (let write = 1, turn = 0, crashed = true; crashed; write++) {
    for (const when of ['before', 'after'] as const)
      crashed = await attempt({ write, when }, AGAIN[turn++ % AGAIN.length] ?? 'whole')
  }
}

describe('the live metrics are those of the batch engine', () => {
  it('before the first event', async () => agrees(await openLiveMetrics(), []))

  it('after events in any order, repeated in a batch and between batches', async () => {
    const live = await openLiveMetrics()
    const events = [...RATES, ...STORY]
    await live.project([...events.slice(5), ...events.slice(8, 10)])
    await settle(live)
    await live.project(events.toReversed())
    await live.project(events)
    await settle(live)
    await agrees(live, events)
  })

  it('in a single month, and in one before and after all others', async () => {
    const live = await openLiveMetrics()
    const events = [...RATES, ...STORY]
    await live.project(events)
    await settle(live)
    for (const period of ['2025-01', '2025-03', '2024-01', '2027-12']) await agrees(live, events, period)
  })

  it('after late events, and attachments that begin and end in the past', async () => {
    const live = await openLiveMetrics()
    const events = [...RATES, ...STORY]
    const late = [
      billed('a', 3_300, '2024-11-30'),
      detached('a', 'p', 'sourced', '2025-02-15'),
      attached('b', 'p', 'sourced', '2025-02-20'),
      attached('a', 'r', 'sourced', '2024-12-31'),
      detached('b', 'q', 'influenced', '2025-03-02'),
    ]
    await live.project(events)
    await settle(live)
    for (const [index, event] of late.entries()) {
      await live.project([event])
      await settle(live)
      await agrees(live, [...events, ...late.slice(0, index + 1)])
    }
  })

  it('of events whose corrections come first', async () => {
    const live = await openLiveMetrics()
    const [original, refund] = [
      billed('a', 500, '2025-03-01', { transactionId: 'late', kind: 'one-time', partnerId: 'p' }),
      billed('a', -500, '2025-04-01', { kind: 'refund', corrects: 'late' }),
    ]
    for (const known of [[refund], [refund, original]]) {
      await live.project(known)
      await settle(live)
      await agrees(live, known)
    }
  })

  it('where a transaction corrects one of another account', async () => {
    const events = [
      attached('a', 'p', 'sourced', '2025-01-01'),
      attached('b', 'q', 'sourced', '2025-01-01'),
      onboarded('p', '2025-01-01'),
      billed('a', 500, '2025-03-01', { transactionId: 'there', kind: 'usage' }),
      billed('b', -500, '2025-04-01', { kind: 'refund', corrects: 'there' }),
    ]
    for (const order of [events, events.toReversed()]) {
      const live = await openLiveMetrics()
      for (const event of order) await live.project([event])
      await live.link()
      await settle(live)
      await agrees(live, events)
    }
  })
})

describe('exchange rates', () => {
  const rated = async (...steps: MetricEvent[][]) => {
    const live = await openLiveMetrics()
    for (const events of steps) {
      await live.project(events)
      await live.rerate()
      await settle(live)
    }
    await agrees(live, steps.flat())
  }
  const corrected = published('EUR', 'USD', '2025-01-01', '1.2000', '2025-06-01T00:00:00Z')

  it('are named while they are missing', () => rated(STORY))
  it('hold when they are published before the amounts', () => rated(RATES, STORY))
  it('hold when they are published with the amounts', () => rated([...STORY, ...RATES]))
  it('hold when they are published between the amounts', () => rated(STORY.slice(0, 5), RATES, STORY.slice(5)))
  it('hold when they are published after the amounts, one by one', () => rated(STORY, ...RATES.map((rate) => [rate])))
  it('are corrected', () => rated([...RATES, ...STORY], [corrected]))
  it('of other currencies change nothing', () => rated([...RATES, ...STORY], [published('EUR', 'GBP', '2025-01-01', '0.8')]))

  it('that come in while rows are written leave no row behind', async () => {
    const live = await openLiveMetrics()
    await live.project(RATES)
    await Promise.all([live.project(STORY), live.project([corrected]), live.rerate(), live.project([...STORY, ...RATES])])
    await settle(live)
    await live.rerate()
    await settle(live)
    await agrees(live, [...RATES, ...STORY, corrected])
  })

  it('that come in, and are swept, after a row was decided on and before it is written, hold for it too', async () => {
    const live = await openLiveMetrics()
    await live.project(RATES)
    await live.projectWhile(STORY, async () => {
      await live.project([corrected])
      await live.rerate()
    })
    await settle(live)
    await agrees(live, [...RATES, ...STORY, corrected])
  })

  it('reach all rows where the sweep breaks off at any of its writes and is repeated', () =>
    atEveryWrite(async (crash) => {
      const live = await openLiveMetrics()
      await live.project([...RATES, ...STORY])
      await settle(live)
      await live.project([corrected])
      const crashed = await live.rerate(crash).then(() => false, isCrash)
      await settle(live)
      await live.rerate()
      await settle(live)
      await agrees(live, [...RATES, ...STORY, corrected])
      return crashed
    }))

  it('are read again after a failed read', async () => {
    const live = await openLiveMetrics()
    await live.project([...RATES, ...STORY])
    const changes = await live.changes()
    const sum = live.sumAfterFailedRead()
    await expect(sum('shard-1', changes)).rejects.toThrow(Crash)
    await sum('shard-1', changes)
    await agrees(live, [...RATES, ...STORY])
  })
})

describe('a crash', () => {
  it('of the first stage, at any of its writes, costs and doubles nothing', async () => {
    const events = [...STORY.slice(0, 6), ...RATES, ...STORY.slice(6)]
    await atEveryWrite(async (crash, again) => {
      const live = await openLiveMetrics()
      const crashed = await deliver(
        events,
        [
          { size: 9, crash, again },
          { size: 9, again },
        ],
        live.project,
      )
      await live.rerate()
      await settle(live)
      await agrees(live, events)
      return crashed
    })
  })

  it.each([
    ['leaving all in the log', undefined],
    ['adding each batch to the aggregates', ALWAYS],
  ])('of the second stage %s, at any of its writes, costs and doubles nothing', async (_, foldAt) => {
    const events = [
      attached('a', 'p', 'sourced', '2025-01-01'),
      booked('a', 600, '2025-01-01', '2025-03-01'),
      billed('a', 60, '2025-02-01', { transactionId: 'inv' }),
      billed('a', -60, '2025-03-01', { kind: 'refund', corrects: 'inv' }),
      onboarded('p', '2025-01-01'),
    ]
    const source = await openLiveMetrics()
    for (const event of events) await source.project([event])
    const changes = await source.changes()
    await atEveryWrite(async (crash, again) => {
      const live = await openLiveMetrics(foldAt)
      const sum = (batch: RowChange[], point?: CrashPoint) => live.sum('shard-1', batch, point)
      const crashed = await deliver(
        changes,
        [
          { size: 3, crash, again },
          { size: 3, again },
        ],
        sum,
      )
      await agrees(live, events)
      return crashed
    })
  })

  it('after which the batch comes again with later records that take back the first ones counts both', async () => {
    const events = [
      billed('a', 100, '2025-03-01'),
      attached('a', 'p', 'sourced', '2025-01-01'),
      detached('a', 'p', 'sourced', '2025-02-01'),
    ]
    const source = await openLiveMetrics()
    for (const event of events) await source.project([event])
    const changes = await source.changes()
    for (const done of [1, 2, 3]) {
      for (const again of [1, 2, 3].filter((size) => size >= done)) {
        const live = await openLiveMetrics(done % 2 ? ALWAYS : undefined)
        await live.sum('shard-1', changes.slice(0, done))
        await live.sum('shard-1', changes.slice(0, again))
        await live.sum('shard-1', changes.slice(again))
        await agrees(live, events)
      }
    }
  })

  it('leaves a batch that was done a repeat without effect', async () => {
    const live = await openLiveMetrics()
    await live.project([...RATES, ...STORY])
    const changes = await live.changes()
    for (const batch of [changes, changes, changes.slice(0, 2), changes.slice(2)]) await live.sum('shard-1', batch)
    await agrees(live, [...RATES, ...STORY])
  })
})

describe('the log of a shard', () => {
  const at = (changes: RowChange[], days: number) =>
    changes.map((change) => ({ ...change, at: 1_800_000_000 + Math.round(days * 86_400) }))
  const programme = (live: LiveMetrics) => openTable(live.name).get({ pk: 'AGG#revenue#2025', sk: 'all partners' })
  const marksIn = async (live: LiveMetrics) => Object.keys((await programme(live)) ?? {}).filter((name) => name.startsWith('wm:'))
  const logOf = (live: LiveMetrics) =>
    Array.fromAsync(
      openTable(live.name).query({ KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': 'LOG' } }),
    )
  const days = ['2025-01-01', '2025-01-02', '2025-01-03'].map((on) => billed('a', 100, on))

  it('takes one write for a batch, until it is worth adding to the aggregates', async () => {
    const live = await openLiveMetrics(1_500)
    const events = [...STORY, ...RATES]
    await live.project(events)
    await settle(live)
    expect(await programme(live)).toBeUndefined()
    expect(await logOf(live)).toHaveLength(1)
    const more = Array.from({ length: 150 }, (_, i) => billed(`acc-${i}`, 1_000 + i * i, `20${10 + (i % 60)}-0${1 + (i % 9)}-01`))
    await live.project(more)
    await settle(live)
    expect(await programme(live)).toBeDefined()
    expect(await logOf(live)).toMatchObject([{ waiting: 0 }])
    await agrees(live, [...events, ...more])
  })

  it('reads the same while it is being added to the aggregates, wherever that breaks off', async () => {
    const events = [attached('a', 'p', 'sourced', '2025-01-01'), billed('a', 60, '2025-02-01', { kind: 'one-time' })]
    await atEveryWrite(async (crash) => {
      const live = await openLiveMetrics(ALWAYS)
      await live.project(events)
      const changes = await live.changes()
      const crashed = await live.sum('shard-1', changes, crash).then(() => false, isCrash)
      if (crash.write > 1 || crash.when === 'after') await agrees(live, events)
      await live.sum('shard-1', changes)
      const late = billed('a', 100, '2025-03-01')
      await live.project([late])
      await settle(live)
      await agrees(live, [...events, late])
      expect(await logOf(live)).toMatchObject([{ waiting: 0 }])
      return crashed
    })
  })

  it('is looked after by its successors when it is closed, also by two at the same time', async () => {
    const live = await openLiveMetrics()
    const batches: RowChange[][] = []
    for (const event of days) {
      await live.project([event])
      batches.push(await live.changes())
    }
    const [first = [], second = [], third = []] = batches
    await live.sum('shard-0', at(first, 0))
    expect(await programme(live)).toBeUndefined()
    await Promise.all([live.sum('shard-1', at(second, 0.1)), live.sum('shard-2', at(third, 0.1))])
    expect(await marksIn(live)).toEqual(['wm:shard-0'])
    await agrees(live, days)
  })

  it('counts once where one who adds it is slow, and others add and forget it meanwhile', async () => {
    const live = await openLiveMetrics()
    const events = [1, 2, 3, 4, 5].map((day) => billed('a', 100, `2025-01-0${day}`))
    const batches: RowChange[][] = []
    for (const event of events) {
      await live.project([event])
      batches.push(await live.changes())
    }
    const [one = [], two = [], three = [], four = [], five = []] = batches
    // What waits over a quiet weekend is added on Monday.
    await live.sum('friday-1', at(one, 0))
    await live.sum('friday-2', at(two, 0))
    await live.sumWhile('monday-1', at(three, 2.7), 'AGG#', async () => {
      await live.sum('monday-2', at(four, 2.7))
      await live.fold('monday-2', at(five, 2.7))
    })
    await agrees(live, events)
  })

  it('counts once where one who adds a part is slow, and others add it with what cancels it out', async () => {
    const live = await openLiveMetrics()
    const [sale, rate] = [billed('a', 100, '2025-01-01', { currency: 'EUR' }), published('EUR', 'USD', '2025-01-01', '1.1000')]
    const other = billed('b', 5, '2025-01-02')
    await live.project([sale])
    await live.sum('idle', at(await live.changes(), 0))
    await live.project([other])
    await live.sumWhile('busy', at(await live.changes(), 0.05), 'AGG#missing-rates', async () => {
      await live.project([rate])
      await live.rerate()
      await live.fold('idle', at(await live.changes(), 0.05))
    })
    await agrees(live, [sale, rate, other])
  })

  it('is added in parts where it is long, some more with each batch', async () => {
    const live = await openLiveMetrics()
    const events = Array.from({ length: 12 }, (_, i) => billed(`acc-${i}`, 1_000 + i, `20${10 + i}-01-01`))
    const waiting = async () => (await logOf(live)).filter((item) => item['sums']).length
    const changes: RowChange[] = []
    for (const event of events) {
      await live.project([event])
      changes.push(...(await live.changes()))
    }
    for (const change of changes.slice(0, 8)) await live.sum('shard-1', [change])
    const left = [await waiting()]
    for (const [done, change] of changes.slice(8).entries()) {
      await live.fold('shard-1', [change], 5)
      left.push(await waiting())
      await agrees(live, events.slice(0, 9 + done))
    }
    expect(left[0]).toBe(8)
    expect(left.at(-1)).toBeGreaterThan(0)
    for (const [i, each] of left.slice(1).entries()) expect(each).toBeLessThan(left[i] ?? 0)
  })

  it('and the watermarks of shards whose records are gone are forgotten', async () => {
    const live = await openLiveMetrics(ALWAYS)
    for (const [index, event] of days.entries()) {
      await live.project([event])
      await live.sum(`shard-${index}`, at(await live.changes(), [0, 1, 4][index] ?? 0))
    }
    await agrees(live, days)
    expect(await marksIn(live)).toEqual(['wm:shard-2'])
    expect((await logOf(live)).map(({ sk }) => String(sk).split('#')[0])).toEqual(['shard-2'])
  })

  it('holds a batch that is larger than an item in pieces', async () => {
    const partners = Array.from({ length: 110 }, (_, i) => i)
    const of = (i: number) => [
      attached(`acc-${i}`, `ptn-${i}`, 'sourced', '2015-01-01'),
      ...Array.from({ length: 84 }, (_, m) =>
        billed(
          `acc-${i}`,
          1_000_000 + ((i * 7919 + m * 104_729) % 999_983),
          `20${16 + Math.floor(m / 12)}-${String(1 + (m % 12)).padStart(2, '0')}-01`,
          {
            kind: 'usage',
          },
        ),
      ),
    ]
    const live = await openLiveMetrics()
    const events = partners.flatMap(of)
    await live.project(events)
    await settle(live)
    expect((await logOf(live)).length).toBeGreaterThan(1)
    await agrees(live, events)
  })
})

it('a batch without its shard is refused, since its repeat could not be told', async () => {
  const live = await openLiveMetrics()
  await expect(live.sum('', [])).rejects.toThrow('tumbling window')
})

const crashPoint = fc.record({
  write: fc.integer({ min: 1, max: 30 }),
  when: fc.constantFrom('before' as const, 'after' as const),
})
const cut = fc.record({
  size: fc.integer({ min: 2, max: 8 }),
  crash: fc.option(crashPoint, { nil: undefined }),
  again: fc.constantFrom(...AGAIN),
})
const cuts = fc.array(cut, { minLength: 1, maxLength: 4 })

const halfOf = (key: string, half: number) => key.charCodeAt(key.length - 1) % 2 === half
const rowOf = ({ data, type }: MetricEvent) => ('accountId' in data ? data.accountId : type)

it('any events, delivered in any pieces by two workers that crash anywhere, give the metrics of the batch engine', async () => {
  const phase = fc.array(metricEvent, { maxLength: 8 })
  const run = async (phases: MetricEvent[][], cutsOf: Cut[], sweep: CrashPoint, foldAt: number) => {
    const live = await openLiveMetrics(foldAt)
    for (const events of phases) {
      const halves = [0, 1].map((half) => events.filter((event) => halfOf(rowOf(event), half)))
      await Promise.all(halves.map((half) => deliver(half, cutsOf, live.project)))
      await live.link(sweep).catch(isCrash)
      await live.link()
      await live.rerate(sweep).catch(isCrash)
      await live.rerate()
      const changes = await live.changes()
      const shards = [0, 1].map((half) => changes.filter(({ after }) => halfOf(after.key, half)))
      await Promise.all(shards.map((shard, i) => deliver(shard, cutsOf, (batch, crash) => live.sum(`shard-${i}`, batch, crash))))
    }
    await agrees(live, phases.flat())
  }
  const law = fc.asyncProperty(fc.tuple(phase, phase), cuts, crashPoint, fc.constantFrom(ALWAYS, 600, 1_000_000), run)
  await fc.assert(law, { numRuns: 30 })
})
