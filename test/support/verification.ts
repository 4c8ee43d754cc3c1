import { randomUUID } from 'node:crypto'
import type { MetricEvent } from '../../events/metrics.ts'
import type { VerificationEvent } from '../../events/verification.ts'
import { openVerification } from '../../functions/bind/verification.ts'
import type { Actor, Context } from '../../lib/core/context.ts'
import { feedStore } from '../../lib/feed/store.ts'
import { eventIn, eventsOf } from '../../lib/runtime/journal.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { askForRepair, askForVerification } from '../../lib/verification/commands.ts'
import { type Dependencies, runVerification } from '../../lib/verification/run.ts'
import type { Level, Verification } from '../../lib/verification/verification.ts'
import { batchMetrics, type CrashPoint, crashing, createTable, openLiveMetrics } from './live-metrics.ts'

const platform: Actor = { subject: 'ops', role: 'platform', scopes: [] }

let ids = 0
const context = (): Context => ({
  now: '2026-03-01T05:00:00.000Z',
  newId: (prefix) => `${prefix}_${String(++ids).padStart(6, '0')}`,
})

/** The live engine with the events that it is made from, and verifications of the one against the other. */
export const openVerifiedMetrics = async (foldAt?: number) => {
  const live = await openLiveMetrics(foldAt)
  const name = `records-${randomUUID()}`
  await createTable(name)
  const [records, metrics] = [openTable(name), openTable(live.name)]
  const events: MetricEvent[] = []

  const open = (point?: CrashPoint, more: Partial<Dependencies> = {}) => {
    const count = { writes: 0 }
    const tables = point ? [records, metrics].map((table) => crashing(table, point, count)) : [records, metrics]
    const [first = records, second = metrics] = tables
    return { ...openVerification(first, second, 'USD', 3), pause: async () => {}, ...more }
  }

  const settle = async () => live.sum('shard-1', await live.changes())

  /** The last event of a verification: what its queue brings. */
  const lastEvent = async (id: string) => {
    const all = (await Array.fromAsync(records.query(eventsOf(`METRICS#${id}`)))).map(eventIn) as VerificationEvent[]
    const versionOf = (event: VerificationEvent) => Number(event.id.split('_').at(-1))
    return all.toSorted((a, b) => versionOf(a) - versionOf(b)).at(-1) as VerificationEvent
  }

  const step = async (id: string, point?: CrashPoint, more?: Partial<Dependencies>) =>
    runVerification(open(point, more))(await lastEvent(id), context())

  const isOver = ({ endedAt, repair }: Verification) => (repair ? repair.endedAt !== undefined : endedAt !== undefined)

  /** Does the steps of a verification to its end; `between` them the stream flows. */
  const finish = async (id: string, between = settle): Promise<Verification> => {
    for (;;) {
      const kept = await step(id)
      if (isOver(kept)) return kept
      await between()
    }
  }

  return {
    live,
    metrics,
    step,
    finish,
    settle,
    events,
    /** Records events as the service does; `projected` tells whether they reach their rows. */
    record: async (more: MetricEvent[], projected = true) => {
      events.push(...more)
      await feedStore(records).add(more)
      if (projected) await live.project(more)
    },
    ask: (level: Level = 'rows') => askForVerification(open())(platform, { level }, context()),
    verify: async (level: Level = 'rows', between = settle) => {
      const { id } = await askForVerification(open())(platform, { level }, context())
      return finish(id, between)
    },
    askForRepair: (id: string, reason = 'a test broke it') => askForRepair(open())(platform, id, { reason }, context()),
    repair: async (id: string) => {
      await askForRepair(open())(platform, id, { reason: 'a test broke it' }, context())
      const kept = await finish(id)
      await settle()
      return kept
    },
    agrees: async () => (await live.read()) === batchMetrics(events),
  }
}
export type VerifiedMetrics = Awaited<ReturnType<typeof openVerifiedMetrics>>
