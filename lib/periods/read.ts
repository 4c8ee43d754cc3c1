import { mustBe } from '../core/access.ts'
import type { Actor } from '../core/context.ts'
import { unavailable } from '../core/errors.ts'
import type { Page, PageQuery } from '../core/page.ts'
import { addUp, type Contribution, emptyAggregates } from '../metrics/aggregate.ts'
import type { MetricsDocument } from '../metrics/document.ts'
import { marginUnits } from '../metrics/margin.ts'
import { ratesIn } from '../metrics/row.ts'
import { type Adjustments, isReported, type Restated, ratesOf, restate } from './adjustment.ts'
import type { Dependencies as Closing } from './commands.ts'
import { countOf, type Known, knownAnywhere, knownIn } from './frozen.ts'
import { type ClosedPeriod, type Frozen, mustBeMonth } from './period.ts'
import { changesBetween, restatedOf, type Sums } from './restatement.ts'

export type Dependencies = Pick<Closing, 'store' | 'rows' | 'get' | 'sha256'>

const mustRead = (actor: Actor) => mustBe(actor, 'manager', 'finance', 'platform')

export const listPeriods =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (actor: Actor, page: PageQuery): Promise<Page<ClosedPeriod>> => {
    mustRead(actor)
    return store.list(page)
  }

/** A frozen file as it was written; one that is not is no answer. */
const readFrozen = async ({ get, sha256 }: Dependencies, { folder, period }: ClosedPeriod, frozen: Frozen): Promise<unknown> => {
  const bytes = await get(`${folder}${frozen.name}`)
  if (sha256(bytes) !== frozen.sha256)
    throw new Error(`${frozen.name} of the closed ${period} is not what was frozen: its sha256 differs`)
  return JSON.parse(new TextDecoder().decode(bytes))
}

const documentOf = async (dependencies: Dependencies, closed: ClosedPeriod) =>
  (await readFrozen(dependencies, closed, closed.metrics)) as MetricsDocument

const closedFor = async ({ store }: Dependencies, actor: Actor, period: string): Promise<ClosedPeriod> => {
  mustRead(actor)
  mustBeMonth(period)
  return store.get(period)
}

export const getPeriod =
  (dependencies: Dependencies) =>
  async (actor: Actor, period: string): Promise<ClosedPeriod & { document: MetricsDocument }> => {
    const closed = await closedFor(dependencies, actor, period)
    return { ...closed, document: await documentOf(dependencies, closed) }
  }

type Looked = { key: string; found: number } & Restated

/** The rows behind one, each against what was known of it at the close; `found` is how much of that is there. */
const rowsSince = async function* (
  { rows }: Dependencies,
  closed: ClosedPeriod,
  known: Known,
  after?: string,
): AsyncIterable<Looked> {
  const rates = ratesOf(ratesIn((await rows.row('RATES')).row), knownAnywhere(known), closed.currency)
  for await (const { key, row } of rows.allRows(after)) {
    const isKnown = knownIn(known, key)
    const found = [...row.facts.values(), ...row.foreign.values()].filter(isKnown).length
    yield { key, found, ...restate(key, row, isKnown, rates, closed) }
  }
}

type Listed = Pick<Adjustments, 'items' | 'cursor'>

const listOf = (limit: number) => {
  const listed: Listed = { items: [] }
  const take = ({ key, adjustment }: Looked) => {
    if (!adjustment || listed.items.length === limit) return
    listed.items.push(adjustment)
    if (listed.items.length === limit) listed.cursor = key
  }
  return { listed, take, isFull: () => listed.items.length === limit }
}

const nextPage = async (rows: AsyncIterable<Looked>, limit: number): Promise<Listed> => {
  const { listed, take, isFull } = listOf(limit)
  for await (const row of rows) {
    take(row)
    if (isFull()) break
  }
  return listed
}

/** The first page looks at all rows: it has the values too, and checks that they are what the adjustments make of the reported ones. */
const firstPage = async (dependencies: Dependencies, closed: ClosedPeriod, known: Known, limit: number) => {
  const { listed, take } = listOf(limit)
  const sums = { before: emptyAggregates(), now: emptyAggregates(), changes: [] as Contribution[] } satisfies Sums
  let missing = countOf(known)
  for await (const row of rowsSince(dependencies, closed, known)) {
    take(row)
    missing -= row.found
    addUp(row.before, sums.before)
    addUp(row.now, sums.now)
    sums.changes.push(...row.changes)
  }
  if (missing > 0) throw unavailable(`the metrics lack ${missing} events that the month was closed with: try again`)
  const { period, currency, closedAt } = closed
  const settings = { currency, grossMargin: marginUnits(closed.grossMargin), asOf: closedAt, period }
  const reported = await documentOf(dependencies, closed)
  return { values: changesBetween(reported, restatedOf(sums, reported, isReported(closed), settings)), ...listed }
}

/** What came to be known of a closed month since; restated values are valued as of the same day as the reported ones. */
export const getAdjustments =
  (dependencies: Dependencies) =>
  async (actor: Actor, period: string, { limit, cursor }: PageQuery): Promise<Adjustments> => {
    const closed = await closedFor(dependencies, actor, period)
    const known = (await readFrozen(dependencies, closed, closed.known)) as Known
    const page =
      cursor === undefined
        ? await firstPage(dependencies, closed, known, limit)
        : await nextPage(rowsSince(dependencies, closed, known, cursor), limit)
    return { period, closedAt: closed.closedAt, ...page }
  }
