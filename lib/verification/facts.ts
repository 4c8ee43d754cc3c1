import type { DomainEvent } from '../../events/index.ts'
import { isMetricEvent, type MetricEvent } from '../../events/metrics.ts'
import { type Fact, factOf } from '../metrics/fact.ts'
import { rowKeyOf } from '../metrics/row.ts'
import { type Census, type CountedRow, type Derived, transactionsIn } from './census.ts'
import type { FactProblem } from './fact-problem.ts'

/** A batch of events is at least so many, and then goes on to the end of its row: events of a row mostly come one after the other. */
const BATCH = 200

/** Metric events in batches, as they come. */
export const batchesOf = async function* (events: AsyncIterable<DomainEvent>): AsyncGenerator<MetricEvent[]> {
  let batch: MetricEvent[] = []
  for await (const event of events) {
    if (!isMetricEvent(event)) continue
    const last = batch.at(-1)
    if (batch.length >= BATCH && last && rowKeyOf(last) !== rowKeyOf(event)) {
      yield batch
      batch = []
    }
    batch.push(event)
  }
  if (batch.length > 0) yield batch
}

const textOf = (fact: Fact) => JSON.stringify(Object.entries(fact).toSorted(([a], [b]) => (a < b ? -1 : 1)))

const problemOf = (event: MetricEvent, { key, row }: CountedRow): FactProblem | undefined => {
  const found = row.facts.get(event.id)
  if (found && textOf(found) === textOf(factOf(event))) return undefined
  return { row: key, problem: found ? 'different' : 'missing', eventId: event.id }
}

/** The events of a batch that are not in their rows as they should be. */
export const problemsOf = async ({ rows }: Pick<Derived, 'rows'>, events: MetricEvent[]): Promise<FactProblem[]> => {
  const keys = [...new Set(events.map(rowKeyOf))]
  const stored = new Map((await rows(keys)).map((row) => [row.key, row]))
  return events.flatMap((event) => {
    const row = stored.get(rowKeyOf(event))
    return (row && problemOf(event, row)) ?? []
  })
}

/** Rows with more facts than events. The census was taken before the events were read, and an event is never taken back. */
const unknownFacts = (left: Map<string, number>): FactProblem[] =>
  [...left].filter(([, facts]) => facts > 0).map(([row]) => ({ row, problem: 'unknown' }))

/** When so many facts are wrong it is not worth while to look for more. */
const MOST = 10_000

/** How the facts of rows, counted in a census before, compare with the events; and how many events were looked at. */
export const compareFacts = async (
  derived: Pick<Derived, 'rows'>,
  census: Census,
  all: AsyncIterable<DomainEvent>,
): Promise<{ events: number; problems: FactProblem[] }> => {
  const left = new Map(census.facts)
  const problems: FactProblem[] = []
  let events = 0
  for await (const batch of batchesOf(all)) {
    events += batch.length
    for (const event of batch) left.set(rowKeyOf(event), (left.get(rowKeyOf(event)) ?? 0) - 1)
    problems.push(...(await problemsOf(derived, batch)))
    if (problems.length >= MOST) return { events, problems }
  }
  // A fact that is missing makes room for one that nobody knows: the count of its row says nothing then.
  for (const { row, problem } of problems) if (problem === 'missing') left.set(row, (left.get(row) ?? 0) + 1)
  return { events, problems: [...problems, ...unknownFacts(left)] }
}

type Across = { key: string; eventId: string }

/** Corrections of transactions in other rows that one of the two rows does not know. */
export const compareLinks = async (
  derived: Pick<Derived, 'allRows' | 'rows'>,
  { corrections }: Pick<Census, 'corrections'>,
): Promise<FactProblem[]> => {
  if (corrections.size === 0) return []
  const problems: FactProblem[] = []
  const wanted: Across[] = []
  for await (const { key, row } of derived.allRows()) {
    for (const fact of transactionsIn(row)) {
      const across = (corrections.get(fact.transactionId) ?? []).filter((correction) => correction.key !== key)
      for (const { key: other, eventId } of across) {
        if (!row.foreign.has(eventId)) problems.push({ row: key, problem: 'unlinked', eventId })
        wanted.push({ key: other, eventId: fact.id })
      }
    }
  }
  const stored = new Map((await derived.rows([...new Set(wanted.map(({ key }) => key))])).map(({ key, row }) => [key, row]))
  const unknown = wanted.filter(({ key, eventId }) => !stored.get(key)?.foreign.has(eventId))
  return [...problems, ...unknown.map(({ key, eventId }): FactProblem => ({ row: key, problem: 'unlinked', eventId }))]
}
