import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { DomainEvent } from '../../../events/index.ts'
import { ServiceError } from '../../../lib/core/errors.ts'
import { type Entry, endOf, type Part } from '../../../lib/feed/sequence.ts'
import { type Dependencies, deliverAll } from '../../../lib/webhooks/deliver.ts'
import type { Delivery } from '../../../lib/webhooks/delivery.ts'
import type { Endpoint, Progress } from '../../../lib/webhooks/endpoint.ts'
import { redrive, register, resume } from '../../../lib/webhooks/registration.ts'
import { anyCrash, dyingIn } from '../../storm/crash.ts'
import { contextAt, pia } from '../../support/offers.ts'

const HOUR = 3_600_000

/** A store that keeps the promises of the real one: versions, all or nothing. */
const memoryStore = (first: { endpoint: Endpoint; progress: Progress }) => {
  let { endpoint, progress } = first
  const deliveries = new Map<string, Delivery>()
  const mustBeFresh = (known: number | undefined, seen: number | undefined) => {
    if (seen !== undefined && (known ?? 0) !== seen) throw new ServiceError('stale_version', 'changed meanwhile')
  }
  const next = <T extends { version: number }>(value: T): T => ({ ...value, version: value.version + 1 })
  const store: Dependencies['store'] = {
    ids: async function* () {
      yield endpoint.id
    },
    get: async () => ({ endpoint, progress }),
    note: async (noted) => {
      mustBeFresh(progress.version, noted.version)
      progress = next(noted)
      return progress
    },
    keep: async (kept) => {
      mustBeFresh(endpoint.version, kept.endpoint?.version)
      mustBeFresh(progress.version, kept.progress?.version)
      for (const each of kept.deliveries ?? []) mustBeFresh(deliveries.get(each.id)?.version, each.version)
      endpoint = kept.endpoint ? next(kept.endpoint) : endpoint
      progress = kept.progress ? next(kept.progress) : progress
      for (const each of kept.deliveries ?? []) deliveries.set(each.id, next(each))
    },
    waiting: async () =>
      [...deliveries.values()].filter(({ state }) => state === 'open').toSorted((a, b) => (a.firstAt < b.firstAt ? -1 : 1)),
    delivery: async (_, id) => deliveries.get(id),
  }
  return { store, all: () => [...deliveries.values()] }
}

const entryOf = (id: string): Entry => ({ pk: 'OFFER#1', id, type: 'offer.accepted.v1' })
const idOf = ({ id }: { id: string }) => `msg_${id}`

const move = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('happen' as const), count: fc.integer({ min: 1, max: 90 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('run' as const),
      answers: fc.infiniteStream(fc.constantFrom(204, 204, 500, 'lost')),
      crash: anyCrash(40),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('down' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('gone' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 20 * HOUR }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('redrive' as const) }) },
)

it('whatever a receiver answers and wherever runs die, each event is taken, or waits, or is dead after three days', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 1, maxLength: 25 }), async (moves) => {
      let now = Date.parse('2026-11-22T09:00:00.000Z')
      const context = () => contextAt(new Date(++now).toISOString())
      const setting = { newSecret: () => 'whsec_', loopback: false }
      const made = register({ url: 'https://example.com', types: ['offer'] }, '0.0', pia, setting, context())
      const { store, all } = memoryStore(made)
      const parts: Part[] = []
      const taken = new Set<string>()
      const happened: string[] = []
      const run = async (answer: () => number | 'lost', crash?: Parameters<typeof dyingIn>[1]) => {
        const call: Dependencies['call'] = async (_, { id }) => {
          const status = answer()
          if (status === 204 || status === 'lost') taken.add(id)
          if (status === 'lost') throw new Error('no answer')
          return status === 204 ? { delivered: true } : { delivered: false, reason: String(status), status }
        }
        const { ids, ...mortal } = store
        const life = { calls: 0 }
        const sequence = {
          part: async (first: number) => parts.find((part) => part.first === first),
          events: async (entries: Entry[]) => entries.map(({ id }) => ({ id }) as DomainEvent),
        }
        const dependencies = {
          store: { ...dyingIn(mortal, crash, life), ids },
          sequence,
          ...dyingIn({ call }, crash, life),
          idOf,
          jitter: () => 0.5,
        }
        const onError = async () => {}
        await deliverAll(dependencies)({ context, isOver: () => false, onError })
      }
      const moving = {
        happen: ({ count = 0 }) => {
          const ids = Array.from({ length: count }, (_, i) => `evt_${happened.length + i}`)
          happened.push(...ids)
          parts.push({ first: endOf(parts.at(-1)), entries: ids.map(entryOf), marks: {} })
        },
        wait: ({ ms = 0 }) => {
          now += ms
        },
        down: () => run(() => 500),
        gone: () => run(() => 410),
        redrive: async () => store.keep(redrive((await store.get('')).progress, '0.0', pia, context()), context()),
      }
      for (const each of moves) {
        if (each.do === 'run') await run(() => each.answers.next().value, each.crash)
        else await moving[each.do](each as never)
      }
      // It is there again, and somebody resumes it.
      const { endpoint } = await store.get('')
      await store.keep(resume(endpoint, pia, context()).events.length ? resume(endpoint, pia, context()) : {}, context())
      for (let days = 0; days < 5; days++) {
        now += 12 * HOUR
        await run(() => 204)
      }
      const dead = new Set(
        all()
          .filter(({ state }) => state === 'dead')
          .map(({ id }) => id),
      )
      expect(all().filter(({ state }) => state === 'open')).toEqual([])
      expect(happened.map((id) => idOf({ id })).filter((id) => !taken.has(id) && !dead.has(id))).toEqual([])
      for (const { state, firstAt, lastAt } of all())
        if (state === 'dead') expect(Date.parse(lastAt) - Date.parse(firstAt)).toBeGreaterThanOrEqual(72 * HOUR)
      expect((await store.get('')).progress).toMatchObject({ failing: false, cursor: `${endOf(parts.at(-1))}.0` })
    }),
    { numRuns: 150 },
  )
})
