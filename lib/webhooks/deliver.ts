import type { DomainEvent } from '../../events/index.ts'
import type { Context } from '../core/context.ts'
import { isCode } from '../core/errors.ts'
import { inParallel } from '../core/parallel.ts'
import { entriesFrom } from '../feed/read.ts'
import { type Cursor, cursorIn, cursorText, type Entry, type Part, START } from '../feed/sequence.ts'
import { begun, type Delivery, entryOf, isDue, tried } from './delivery.ts'
import { type Endpoint, type Held, isWanted } from './endpoint.ts'
import { isGone, type Outcome, withoutAnswer } from './outcome.ts'
import { isLeased, leased, ROUND, type Round, settled } from './round.ts'
import type { WebhookStore } from './store.ts'

/** The one sequence of all events, as the feed has it. */
export type Sequence = {
  part: (first: number) => Promise<Part | undefined>
  events: (entries: Entry[]) => Promise<DomainEvent[]>
}

export type Dependencies = {
  store: Pick<WebhookStore, 'ids' | 'get' | 'note' | 'keep' | 'waiting' | 'delivery'>
  sequence: Sequence
  /** Calls an endpoint, signed; throws where it gives no answer. */
  call: (endpoint: Endpoint, message: { id: string; body: string }, now: string) => Promise<Outcome>
  /** The id of the message that an entry is, the same for ever. */
  idOf: (entry: Entry) => string
  /** From 0 to 1. */
  jitter: () => number
}

export type Run = { context: () => Context; isOver: () => boolean; onError: (error: unknown, id: string) => Promise<void> }

/** What there is to do: what waits and is due, and what follows in the feed. */
type Work = { waiting: Delivery[]; due: Delivery[]; next: Awaited<ReturnType<typeof entriesFrom>> }

const cursorOf = (text: string): Cursor => cursorIn(text) ?? START

/** Of an endpoint that is failing only the oldest is tried. */
const lookFor = async ({ store, sequence }: Dependencies, { endpoint, progress }: Held, now: string): Promise<Work> => {
  const waiting = await store.waiting(endpoint.id)
  const cursor = cursorOf(progress.cursor)
  if (progress.failing && waiting.length > 0) {
    const probe = waiting.slice(0, 1).filter((each) => isDue(each, now, true))
    return { waiting, due: probe, next: { found: [], cursor, upToDate: true } }
  }
  const due = waiting.filter((each) => isDue(each, now, false)).slice(0, ROUND)
  return { waiting, due, next: await entriesFrom(sequence, cursor, isWanted(endpoint), ROUND - due.length) }
}

const send = async ({ sequence, call }: Dependencies, endpoint: Endpoint, entry: Entry, id: string, now: string) => {
  const [event] = await sequence.events([entry])
  if (!event) return withoutAnswer({ code: 'the event is not there' })
  return call(endpoint, { id, body: JSON.stringify(event) }, now).catch(withoutAnswer)
}

/** A call to make: `delivery` is there where it waits already, `behind` where it is of the feed. */
type Step = { id: string; entry: Entry; delivery?: Delivery | undefined; behind?: Cursor }

/** What is due, then what follows in the feed. What is both, after a redrive, is called once. */
const stepsOf = (idOf: Dependencies['idOf'], { waiting, due, next }: Work): Step[] => {
  const known = new Map(waiting.map((delivery) => [delivery.id, delivery]))
  const following = next.found.map(({ entry, behind }): Step => {
    const id = idOf(entry)
    return { id, entry, behind, delivery: known.get(id) }
  })
  const ids = new Set(following.map(({ id }) => id))
  const again = due.filter(({ id }) => !ids.has(id)).map((delivery) => ({ id: delivery.id, entry: entryOf(delivery), delivery }))
  return [...again, ...following]
}

/** What is to be kept of a call: nothing of one that was taken at once. */
const noteOf = async (
  { store, jitter }: Dependencies,
  webhookId: string,
  { id, entry, delivery }: Step,
  outcome: Outcome,
  now: string,
): Promise<Delivery[]> => {
  if (outcome.delivered && !delivery) return []
  const before = delivery ?? begun(webhookId, id, entry, await store.delivery(webhookId, id), now)
  return [tried(before, outcome, now, jitter())]
}

/** Calls the endpoint until the round is over, or the endpoint says that it wants no more. */
const play = async (dependencies: Dependencies, { endpoint, progress }: Held, work: Work, run: Run): Promise<Round> => {
  const round: Round = { cursor: progress.cursor, deliveries: [], outcomes: [] }
  for (const step of stepsOf(dependencies.idOf, work)) {
    if (run.isOver() || round.outcomes.some(isGone)) return round
    const outcome = await send(dependencies, endpoint, step.entry, step.id, run.context().now)
    round.outcomes.push(outcome)
    round.deliveries.push(...(await noteOf(dependencies, endpoint.id, step, outcome, run.context().now)))
    if (step.behind) round.cursor = cursorText(step.behind)
  }
  return { ...round, cursor: cursorText(work.next.cursor) }
}

const stillWaiting = (waiting: Delivery[], { deliveries }: Round) => {
  const states = new Map([...waiting, ...deliveries].map(({ id, state }) => [id, state]))
  return [...states.values()].filter((state) => state === 'open').length
}

/** Nothing is to be sent: only how far the feed was looked through. */
const moveOn = async ({ store }: Dependencies, { progress }: Held, cursor: string) => {
  if (cursor !== progress.cursor) await store.note({ ...progress, cursor })
}

const isIdle = ({ due, next }: Work) => due.length === 0 && next.found.length === 0 && next.upToDate

/** One round; whether there may be another. What is sent is noted afterwards: a crash between them sends it again, and never not at all. */
const takeTurn = async (dependencies: Dependencies, id: string, run: Run): Promise<boolean> => {
  const { store } = dependencies
  const { endpoint, progress } = await store.get(id)
  const { now } = run.context()
  if (endpoint.pausedBecause !== undefined || isLeased(progress, now)) return false
  const work = await lookFor(dependencies, { endpoint, progress }, now)
  if (isIdle(work)) {
    await moveOn(dependencies, { endpoint, progress }, cursorText(work.next.cursor))
    return false
  }
  const held = { endpoint, progress: await store.note(leased(progress, now)) }
  const round = await play(dependencies, held, work, run)
  await store.keep(settled(held, round, stillWaiting(work.waiting, round), run.context()), run.context())
  return true
}

/** Tells one endpoint what it is to be told. May be called at any time and by many: who is second does nothing. */
const deliverTo =
  (dependencies: Dependencies) =>
  async (id: string, run: Run): Promise<void> => {
    try {
      let more = true
      while (more && !run.isOver()) more = await takeTurn(dependencies, id, run)
    } catch (error) {
      if (!isCode(error, 'stale_version')) throw error
    }
  }

// One that answers slowly holds up nobody else.
const AT_ONCE = 32

/** Tells all endpoints. */
export const deliverAll =
  (dependencies: Dependencies) =>
  async (run: Run): Promise<void> => {
    await inParallel(dependencies.store.ids(), AT_ONCE, async (id) => {
      if (!run.isOver()) await deliverTo(dependencies)(id, run).catch((error: unknown) => run.onError(error, id))
    })
  }
