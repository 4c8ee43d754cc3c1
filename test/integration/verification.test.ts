import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MetricEvent } from '../../events/metrics.ts'
import type { StoredRow } from '../../lib/metrics/row-store.ts'
import { metricsStore } from '../../lib/metrics/store.ts'
import { openEngine, type TestEngine } from '../support/engine.ts'
import { Crash } from '../support/live-metrics.ts'
import { openVerifiedMetrics, type VerifiedMetrics } from '../support/verification.ts'
import { attached, billed, booked, cost, onboarded, published } from '../unit/metrics/story.ts'

let engine: TestEngine

beforeAll(async () => {
  engine = await openEngine()
})
afterAll(() => engine.stop())

const sale = billed('a', 60_000, '2025-02-01', { transactionId: 'a2', currency: 'EUR' })
const refund = billed('b', -10_000, '2025-04-01', { kind: 'refund', corrects: 'a2', currency: 'EUR' })
const STORY: MetricEvent[] = [
  published('EUR', 'USD', '2025-01-01', '1.0850'),
  onboarded('p', '2025-01-10'),
  attached('a', 'p', 'sourced', '2025-01-15'),
  booked('a', 120_000, '2025-02-01', '2026-02-01', { transactionId: 'a1' }),
  sale,
  refund,
  attached('b', 'q', 'influenced', '2025-03-01'),
  billed('b', 7_000, '2025-03-05', { kind: 'usage' }),
  cost('payout', 'partner', 900, '2025-03', { partnerId: 'p' }),
  cost('support', 'partner', 900, '2025-03', { partnerId: 'q' }),
]

const openStory = async (foldAt?: number) => {
  const all = await openVerifiedMetrics(foldAt)
  await all.record(STORY)
  await all.settle()
  return all
}

const storeOf = ({ metrics }: VerifiedMetrics) => metricsStore(metrics, 'USD')

/** Changes a row behind the back of the service; `summed`: its change reaches the sums, as any does. */
const tamper = async (all: VerifiedMetrics, key: string, change: (stored: StoredRow) => void) => {
  const stored = await storeOf(all).row(key)
  change(stored)
  await storeOf(all).saveRow(stored)
  await all.settle()
}

const addToCell = async ({ metrics }: VerifiedMetrics, pk: string, sk: string, cell: string, value: number) =>
  void (await metrics.update({
    Key: { pk, sk },
    UpdateExpression: 'ADD #cell :value',
    ExpressionAttributeNames: { '#cell': cell },
    ExpressionAttributeValues: { ':value': value },
  }))

/** Ways in which derived data goes wrong, and what a verification must say of each. */
const DAMAGES: [what: string, damage: (all: VerifiedMetrics) => Promise<unknown>, cells: boolean, facts: string[]][] = [
  ['a sum changed by hand', (all) => addToCell(all, 'AGG#revenue#2025', 'p', '02.sourced', 7), true, []],
  ['a sum that nothing adds up to', (all) => addToCell(all, 'AGG#revenue#2031', 'nobody', '01.sourced', -3), true, []],
  ['a day counted by hand', (all) => addToCell(all, 'AGG#onboarding#2024', 'p', '12.24', 1), true, []],
  [
    'a contribution that was added twice',
    async (all) => {
      await all.record([billed('a', 500, '2025-05-01')])
      const changes = await all.live.changes()
      await all.live.sum('shard-1', changes)
      await all.live.sum('shard-of-nobody', changes)
    },
    true,
    [],
  ],
  [
    'a contribution that was lost',
    async (all) => {
      await all.record([billed('a', 500, '2025-05-01', { currency: 'EUR' })])
      await all.live.changes()
    },
    true,
    [],
  ],
  [
    'an aggregate that was lost, and its marks with it',
    ({ metrics }) => metrics.putAll([{ pk: 'AGG#revenue#2025', sk: 'all partners' }]),
    true,
    [],
  ],
  ['an event that never reached its row', (all) => all.record([billed('a', 500, '2025-05-01')], false), false, ['missing']],
  ['a fact that a row lost', (all) => tamper(all, 'ACCOUNT#a', ({ row }) => row.facts.delete(sale.id)), false, ['missing']],
  [
    'a fact that says something else',
    (all) => tamper(all, 'ACCOUNT#a', ({ row }) => row.facts.set(sale.id, { ...row.facts.get(sale.id), amount: 1 } as never)),
    false,
    ['different'],
  ],
  [
    'a fact of no event',
    (all) =>
      tamper(all, 'ACCOUNT#b', ({ row }) => {
        row.facts.set('evt-of-nobody', {
          type: 'attached',
          id: 'evt-of-nobody',
          recordedAt: '2026-01-01',
          partnerId: 'p',
          role: 'sourced',
          day: 20_000,
        })
      }),
    false,
    ['unknown'],
  ],
  [
    'a row of no event',
    (all) =>
      tamper(all, 'PARTNER#z', ({ row }) => {
        row.facts.set('evt-z', {
          type: 'milestone',
          id: 'evt-z',
          recordedAt: '2026-01-01',
          partnerId: 'z',
          milestone: 'onboarding-complete',
          day: 20_000,
        })
      }),
    false,
    ['unknown'],
  ],
  [
    'a correction that lost what it corrects',
    (all) => tamper(all, 'ACCOUNT#b', ({ row }) => row.foreign.clear()),
    false,
    ['unlinked'],
  ],
  [
    'a sale that lost its refund in another account',
    (all) => tamper(all, 'ACCOUNT#a', ({ row }) => row.foreign.clear()),
    false,
    ['unlinked'],
  ],
  [
    'a row that the new rates did not reach',
    (all) => all.record([published('EUR', 'USD', '2025-01-20', '2.0000')]).then(all.settle),
    false,
    ['outdated-rates', 'outdated-rates'],
  ],
  [
    'several of these at once',
    async (all) => {
      await addToCell(all, 'AGG#customers#2025', 'all partners', '02.partner', 1)
      await all.record([billed('c', 500, '2025-05-01'), onboarded('q', '2025-02-02')], false)
      await tamper(all, 'ACCOUNT#b', ({ row }) => row.foreign.clear())
    },
    true,
    ['missing', 'missing', 'unlinked'],
  ],
]

describe('a verification', () => {
  it('says equal where nothing differs, and how much it compared', async () => {
    const all = await openStory()
    const verified = await all.verify()
    expect(verified).toMatchObject({ status: 'equal', cells: 0, facts: 0, firstCells: [], firstFacts: [] })
    expect(verified.compared).toMatchObject({ events: STORY.length, rows: 6 })
  })

  it('says equal before the first event', async () => {
    const all = await openVerifiedMetrics()
    expect(await all.verify()).toMatchObject({ status: 'equal', compared: { cells: 0, events: 0, rows: 0 } })
  })

  // One service for all: each repair leaves it as it should be.
  const damaged = new Map<number | undefined, Promise<VerifiedMetrics>>()
  const places: [string, number | undefined][] = [
    ['where sums wait in the log', undefined],
    ['where they are added up at once', 0],
  ]
  const cases = places.flatMap(([where, foldAt]) => DAMAGES.map(([what, ...rest]) => [what, where, foldAt, ...rest] as const))

  it.each(cases)(
    'finds %s, %s, and its repair gives the metrics of the batch engine',
    async (_, __, foldAt, damage, cells, facts) => {
      const story = damaged.get(foldAt) ?? openStory(foldAt)
      damaged.set(foldAt, story)
      const all = await story
      await damage(all)
      const found = await all.verify()
      expect(found).toMatchObject({ status: 'different', facts: facts.length })
      expect([found.cells > 0, found.firstFacts.map(({ problem }) => problem).sort()]).toEqual([cells, facts])
      expect(await all.repair(found.id)).toMatchObject({
        status: 'repaired',
        repair: { by: 'ops', reason: 'a test broke it', left: 0, cells: found.cells },
      })
      expect(await all.agrees()).toBe(true)
      expect(await all.verify()).toMatchObject({ status: 'equal' })
    },
  )

  it('of sums alone does not look at events', async () => {
    const all = await openStory()
    await all.record([billed('a', 500, '2025-05-01')], false)
    const verified = await all.verify('sums')
    expect(verified).toMatchObject({ status: 'equal' })
    expect(verified.compared).not.toHaveProperty('events')
  })

  it('tells each cell with what is served and what it should be', async () => {
    const all = await openStory()
    await addToCell(all, 'AGG#revenue#2025', 'p', '02.sourced', 7)
    const { firstCells } = await all.verify()
    expect(firstCells).toEqual([{ family: 'revenue', year: 2025, cell: '02.sourced', scope: 'p', live: 65_107, batch: 65_100 }])
  })

  it('fails with the place where a sum cannot be told any more', async () => {
    const all = await openVerifiedMetrics()
    const most = Number.MAX_SAFE_INTEGER
    await all.record([billed('a', most, '2025-05-01'), billed('b', most, '2025-05-01')])
    expect(await all.verify()).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('revenue of all partners in 2025-05'),
    })
  })
})

/** Of a log of so many bytes now and then some is added up while it is verified. */
const SOMETIMES = 1_500

describe('a stream that flows meanwhile', () => {
  it('raises no alarm while events come in between all steps, nor when they wait for their sums', async () => {
    const all = await openStory(SOMETIMES)
    let n = 0
    const busy = async () => {
      await all.settle()
      n++
      await all.record([
        billed('a', 100 + n, '2025-06-01'),
        billed(`new-${n}`, -50, '2025-06-01'),
        booked('b', 900, '2025-06-01', '2025-07-01'),
      ])
    }
    for (let round = 0; round < 3; round++) {
      await busy()
      expect(await all.verify('rows', busy)).toMatchObject({ status: 'equal' })
    }
  })

  it('raises no alarm while events wait for their rows, as long as some arrive', async () => {
    const all = await openStory(SOMETIMES)
    const waiting = Array.from({ length: 5 }, (_, n) => billed('a', 100 + n, '2025-06-01'))
    await all.record(waiting, false)
    const slowly = async () => {
      await all.settle()
      await all.live.project(waiting.splice(0, 1))
    }
    expect(await all.verify('rows', slowly)).toMatchObject({ status: 'equal' })
    expect(waiting).toEqual([])
  })

  it('does not hide a sum that is wrong', async () => {
    const all = await openStory(SOMETIMES)
    await addToCell(all, 'AGG#revenue#2025', 'p', '02.sourced', 7)
    let n = 0
    const busy = async () => {
      await all.settle()
      await all.record([billed('a', 100 + ++n, '2025-06-01')])
    }
    await busy()
    const found = await all.verify('rows', busy)
    expect(found).toMatchObject({ status: 'different', cells: 1, firstCells: [{ cell: '02.sourced', scope: 'p' }] })
    await all.repair(found.id)
    expect(await all.agrees()).toBe(true)
  })

  it('that stands still makes the verification fail and not alarm', async () => {
    const all = await openStory(SOMETIMES)
    await all.record([billed('a', 500, '2025-06-01')])
    const verified = await all.verify('sums', async () => {})
    expect(verified).toMatchObject({ status: 'failed', reason: expect.stringContaining('do not follow the rows') })
  })
})

describe('a repair', () => {
  const broken = async (story?: VerifiedMetrics) => {
    const all = story ?? (await openStory())
    await addToCell(all, 'AGG#revenue#2025', 'p', '02.sourced', 7)
    await addToCell(all, 'AGG#revenue#2025', 'all partners', '02.sourced', 9)
    await all.record([billed('a', 500, '2025-05-01')], false)
    await tamper(all, 'ACCOUNT#b', ({ row }) => row.foreign.clear())
    return { all, found: await all.verify() }
  }

  it('leaves a cell alone that is not as it was found', async () => {
    const { all, found } = await broken()
    await all.record([billed('a', 50, '2025-02-03')])
    await all.settle()
    const repaired = await all.repair(found.id)
    expect(repaired).toMatchObject({ repair: { cells: 0, left: 2 }, firstCells: [{ changed: true }, { changed: true }] })
    expect(await all.agrees()).toBe(false)
    const again = await all.verify()
    await all.repair(again.id)
    expect(await all.agrees()).toBe(true)
  })

  it('is made once, of a verification that no other repair came after', async () => {
    const { all, found } = await broken()
    const other = await all.verify()
    await all.askForRepair(found.id)
    await expect(all.askForRepair(found.id)).rejects.toThrow('is repairing')
    await expect(all.askForRepair(other.id)).rejects.toThrow('verify again')
    const meanwhile = await all.verify()
    await all.finish(found.id)
    await expect(all.askForRepair(meanwhile.id)).rejects.toThrow()
    await all.settle()
    expect(await all.agrees()).toBe(true)
  })

  it('that crashes at any of its writes goes on to the same end', async () => {
    const all = await openStory()
    for (let write = 1, crashed = true; crashed; write++) {
      const { found } = await broken(all)
      await all.askForRepair(found.id)
      const when = write % 2 ? 'after' : 'before'
      crashed = await all.step(found.id, { write, when }).then(
        () => false,
        (error: unknown) => error instanceof Crash,
      )
      await all.settle()
      expect(await all.finish(found.id)).toMatchObject({ status: 'repaired', repair: { left: 0 } })
      await all.settle()
      expect(await all.agrees()).toBe(true)
    }
  })

  it('is only for what is different', async () => {
    const all = await openStory()
    const { id } = await all.verify()
    await expect(all.askForRepair(id)).rejects.toThrow('only what is different')
  })
})

it('a verification that crashes at any write of any step comes to the same end', async () => {
  const all = await openStory()
  await addToCell(all, 'AGG#revenue#2025', 'p', '02.sourced', 7)
  for (let write = 1, crashed = true; crashed; write++) {
    crashed = false
    const { id } = await all.ask()
    for (let over = false; !over; ) {
      const attempt = all.step(id, { write, when: write % 2 ? 'after' : 'before' })
      const failed = await attempt.then(
        () => false,
        (error: unknown) => error instanceof Crash,
      )
      crashed ||= failed
      await all.settle()
      const kept = failed ? await all.step(id) : await attempt
      over = kept.status === 'different'
      await all.settle()
    }
  }
})

it('the derived data of a service can be lost as a whole, and made again from its events', async () => {
  const all = await openVerifiedMetrics()
  await all.record(STORY, false)
  const found = await all.verify()
  expect(found).toMatchObject({ status: 'different', facts: STORY.length, cells: 0 })
  await all.repair(found.id)
  expect(await all.agrees()).toBe(true)
})
