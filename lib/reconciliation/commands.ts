import { mustBe, mustMatch } from '../core/access.ts'
import { type Actor, type Context, today } from '../core/context.ts'
import { closableOf, reportOf, totalsOf } from './closing.ts'
import type { ExceptionQuery } from './contract.ts'
import { type Acceptance, type Assignment, accept, assign, type Decided, type Exception, viewOf } from './exception.ts'
import type { ReconciliationStore } from './store.ts'

export type Dependencies = { store: Pick<ReconciliationStore, 'get' | 'save' | 'list' | 'all' | 'live' | 'cycle'> }

const mustRead = (actor: Actor) => mustBe(actor, 'manager', 'finance', 'platform')

/** A page of exceptions with their ages; the first has what all that match come to. */
export const listExceptions =
  ({ store }: Dependencies) =>
  async (actor: Actor, query: ExceptionQuery, context: Context) => {
    mustRead(actor)
    const { items, ...page } = await store.list(query)
    const totals = query.cursor ? {} : { totals: totalsOf(await Array.fromAsync(store.all(query))) }
    return { items: items.map((item) => viewOf(item, today(context))), ...page, ...totals }
  }

const askedOf = async ({ store }: Dependencies, context: Context) => ({
  live: await Array.fromAsync(store.live()),
  cycle: await store.cycle(),
  day: today(context),
})

export const getReport =
  (dependencies: Dependencies) =>
  async (actor: Actor, { period }: { period?: string | undefined }, context: Context) => {
    mustRead(actor)
    return reportOf(await askedOf(dependencies, context), period)
  }

export const getClosable =
  (dependencies: Dependencies) =>
  async (actor: Actor, { period, threshold }: { period: string; threshold: number }, context: Context) => {
    mustRead(actor)
    return closableOf(await askedOf(dependencies, context), period, threshold)
  }

type Asked = { id: string; expected: number | undefined; decide: (exception: Exception, by: string) => Decided }

const decideOn = async ({ store }: Dependencies, actor: Actor, { id, expected, decide }: Asked, context: Context) => {
  mustBe(actor, 'finance', 'platform')
  const before = await store.get(id)
  mustMatch(expected, before.version)
  const decided = decide(before, actor.subject)
  const after = { ...decided.exception, version: before.version + 1 }
  const answer = viewOf(after, today(context))
  await store.save(decided, context, answer)
  return answer
}

type Request<Body> = { id: string; body: Body; expected: number | undefined }

export const assignException =
  (dependencies: Dependencies) =>
  (actor: Actor, { id, body, expected }: Request<Assignment>, context: Context) =>
    decideOn(dependencies, actor, { id, expected, decide: (exception, by) => assign(exception, body, by, context) }, context)

export const acceptException =
  (dependencies: Dependencies) =>
  (actor: Actor, { id, body, expected }: Request<Acceptance>, context: Context) =>
    decideOn(dependencies, actor, { id, expected, decide: (exception, by) => accept(exception, body, by, context) }, context)
