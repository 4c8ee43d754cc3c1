import { mustBe, mustSee } from '../core/access.ts'
import type { Actor } from '../core/context.ts'
import { invalid } from '../core/errors.ts'
import { factKnownAt, narrowed, type Dependencies as RowDependencies, ratesKnown } from './as-of.ts'
import type { LineageQuery } from './contract.ts'
import { type Evidence, evidenceOf } from './evidence.ts'
import { type Line, lineOf } from './lineage.ts'
import { type RateTable, rateTable } from './rates.ts'
import { type Dependencies, readKnown } from './read.ts'
import { METRICS, type ValueName, valueIn } from './value.ts'

const OF_PROGRAMME = ['ttv', 'cac']

/** Which value a request means; refuses a metric that there is none of, or a partner where it makes no sense. */
export const valueNameOf = (metricName: string, { period, window, partnerId }: Omit<LineageQuery, 'limit'>): ValueName => {
  const wrong = (target: string, message: string) => invalid('there is no such value', [{ target, message }])
  const metric = METRICS.find((each) => each === metricName)
  if (!metric) throw wrong('name', `must be one of ${METRICS.join(', ')}`)
  if (metric === 'ropi' && !partnerId) throw wrong('partnerId', 'return on investment is of one partner: name it')
  if (partnerId && OF_PROGRAMME.includes(metric)) throw wrong('partnerId', `${metric} is of the whole programme: leave it out`)
  if (window && metric !== 'nrr') throw wrong('window', `only nrr has windows: leave it out`)
  return { metric, period, window: window === '1' ? 1 : window === '3' ? 3 : 12, partnerId }
}

const askedBy = (actor: Actor, metric: string, query: LineageQuery): ValueName => {
  if (actor.role !== 'partner') return valueNameOf(metric, query)
  if (OF_PROGRAMME.includes(metric)) mustBe(actor, 'manager', 'finance', 'platform')
  const { partnerId = actor.partnerId } = query
  mustSee(actor, partnerId ?? '', 'partner', partnerId ?? '')
  return valueNameOf(metric, { ...query, partnerId })
}

const isOwn = (actor: Actor) => (fact: Evidence) =>
  'partnerId' in fact && fact.partnerId === actor.partnerId && fact.type !== 'cost'

/** A partner is shown its own transactions, attachments and milestones, an account's name if it sold to it, and nothing of costs. */
const lineSeenBy = (actor: Actor, line: Line): Line => {
  if (actor.role !== 'partner') return line
  const [facts, foreign] = [line.facts.filter(isOwn(actor)), line.foreign.filter(isOwn(actor))]
  const named = facts.some(({ type }) => type === 'transaction')
  const withheld = line.facts.length + line.foreign.length - facts.length - foreign.length
  const parts = line.row.kind === 'costs' ? [] : line.parts
  return { row: named ? line.row : { kind: line.row.kind }, parts, facts, foreign, withheld }
}

/** A page is an answer of a Lambda, which has 6 MB; a fact takes some 300 bytes. */
const MAX_FACTS = 5000

type Asked = { name: ValueName; query: LineageQuery; rates: RateTable; actor: Actor }
type Found = { lines: Line[]; rateIds: Set<string>; cursor?: string }

/**
 * Where a page begins, and what the next one is asked by: the row before. Its name may be that of an account that a partner need not
 * know, so a partner's pages are counted instead, and read from the beginning.
 */
const paging = ({ actor, query: { cursor } }: Asked) => {
  if (actor.role !== 'partner') return { after: cursor, skip: 0, next: (key: string) => key }
  const skip = Number(cursor ?? 0)
  return { after: undefined, skip, next: (_: string, lines: number) => String(skip + lines) }
}

const linesOf = async function* ({ store }: RowDependencies, { name, query, rates }: Asked, after: string | undefined) {
  const isKnown = factKnownAt(query.asOf)
  for await (const { key, row } of store.allRows(after)) {
    const found = lineOf(key, narrowed(row, isKnown), name, rates)
    if (found) yield { key, ...found }
  }
}

const pageOf = async (dependencies: RowDependencies, asked: Asked): Promise<Found> => {
  const found: Found = { lines: [], rateIds: new Set() }
  let { after, skip, next } = paging(asked)
  let facts = 0
  for await (const { key, line, rateIds } of linesOf(dependencies, asked, after)) {
    if (skip-- > 0) continue
    found.lines.push(line)
    for (const id of rateIds) found.rateIds.add(id)
    facts += line.facts.length + line.foreign.length
    if (found.lines.length === asked.query.limit || facts >= MAX_FACTS) return { ...found, cursor: next(key, found.lines.length) }
  }
  return found
}

/**
 * The rows behind a value with the facts and rates that make it what it is. The first page has the value itself, as the metrics'
 * routes give it; rows run ahead of that by the time that a stream takes.
 */
export const readLineage = (dependencies: Dependencies & RowDependencies) => {
  const { store, currency } = dependencies
  const known = readKnown(dependencies)
  const headOf = async (name: ValueName, query: LineageQuery) => {
    const document = await known(query)
    const { definitions, currency, grossMargin, asOfDay, knownEvents } = document
    return { definitions, currency, grossMargin, asOfDay, knownEvents, value: valueIn(document, name) }
  }
  return async (actor: Actor, metric: string, query: LineageQuery) => {
    const name = askedBy(actor, metric, query)
    const head = query.cursor === undefined ? await headOf(name, query) : {}
    const published = await ratesKnown(store, factKnownAt(query.asOf))
    const asked = { name, query, rates: rateTable(published, currency), actor }
    const { lines, rateIds, cursor } = await pageOf(dependencies, asked)
    const items = lines.map((line) => lineSeenBy(actor, line))
    const rates = published.filter(({ id }) => rateIds.has(id)).map(evidenceOf)
    return { ...head, items, rates, ...(cursor !== undefined && { cursor }) }
  }
}
