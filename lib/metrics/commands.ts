import { MetricEvent } from '../../events/metrics.ts'
import { isCode } from '../core/errors.ts'
import { inParallel } from '../core/parallel.ts'
import { type Contribution, difference } from './aggregate.ts'
import { contributionsOf } from './contribution.ts'
import { type Fact, factOf, type Transaction } from './fact.ts'
import { type Across, acrossRows, type Link } from './link.ts'
import { rateTables } from './rates.ts'
import { type Row, rowKeyOf } from './row.ts'
import type { MetricsStore, RowChange, StoredRow } from './store.ts'
import { correctedBy } from './transaction.ts'
import { type Delta, isProbe } from './watermark.ts'

export type Dependencies = { store: MetricsStore; currency: string }

const AT_ONCE = 16

const ratesReader = ({ store, currency }: Dependencies) => rateTables(store.ratesAt, currency)

/** What events mean to a row: facts of its own, and transactions of other rows that correct or are corrected by one of its own. */
type News = { facts: Fact[]; foreign: Transaction[] }

const mergeInto = ({ facts, foreign }: Row, news: News): boolean => {
  const before = facts.size + foreign.size
  for (const fact of news.facts) if (!facts.has(fact.id)) facts.set(fact.id, fact)
  for (const fact of news.foreign) foreign.set(fact.id, fact)
  return facts.size + foreign.size > before
}

const NOTHING: News = { facts: [], foreign: [] }

/** Takes news into a row and brings it to a version of the rates; a row to which neither makes a difference is not written. */
const rowWriter = (dependencies: Dependencies) => {
  const { store } = dependencies
  const ratesAt = ratesReader(dependencies)
  const isOutdated = async ({ row, rates }: StoredRow, version: number) =>
    rates < version &&
    difference(contributionsOf(row, await ratesAt(version)), contributionsOf(row, await ratesAt(rates))).length > 0
  const write = async (stored: StoredRow, news: News, version: number): Promise<void> => {
    const grown = mergeInto(stored.row, news)
    if (!grown && !(await isOutdated(stored, version))) return
    try {
      await store.saveRow({ ...stored, rates: Math.max(stored.rates, version) })
    } catch (error) {
      if (!isCode(error, 'stale_version') && !isCode(error, 'conflict')) throw error
      // Somebody else wrote it between our look and our write.
      await write(await store.row(stored.key), news, version)
    }
  }
  return write
}

/** The pairs across rows that the transactions belong to. Whichever of a pair comes second finds the other. */
const findAcross = async (store: MetricsStore, links: Link[]): Promise<Across[]> => {
  await store.link(links)
  const corrected = await store.corrected(links.map(({ fact }) => fact.transactionId))
  const ids = new Set([...corrected, ...links.map(({ fact }) => correctedBy(fact)).filter((id) => id !== undefined)])
  const pairs: Across[] = []
  await inParallel(ids, AT_ONCE, async (id) => void pairs.push(...acrossRows(id, await store.linked(id))))
  return pairs
}

/** The news of each row. */
const newsOf = async (store: MetricsStore, events: MetricEvent[]): Promise<Map<string, News>> => {
  const news = new Map<string, News>()
  const of = (key: string) => {
    const found = news.get(key) ?? { facts: [], foreign: [] }
    news.set(key, found)
    return found
  }
  const links: Link[] = []
  for (const event of events) {
    const [key, fact] = [rowKeyOf(event), factOf(event)]
    of(key).facts.push(fact)
    if (fact.type === 'transaction') links.push({ key, fact })
  }
  for (const { original, correction } of await findAcross(store, links)) {
    of(original.key).foreign.push(correction.fact)
    of(correction.key).foreign.push(original.fact)
  }
  return news
}

/**
 * Takes events into their rows. A row is a set, so repeats change nothing. A row is stored with the version of the rates that were
 * current; when rates came in meanwhile the rows are looked at once more, so that the sweep over older rows cannot miss one.
 */
export const projectFacts = (dependencies: Dependencies) => {
  const { store } = dependencies
  const write = rowWriter(dependencies)
  const writeAll = async (news: Map<string, News>, version: number): Promise<void> => {
    const rows = await store.rows([...news.keys()])
    await inParallel(rows, AT_ONCE, (row) => write(row, news.get(row.key) ?? NOTHING, version))
    const current = await store.ratesVersion()
    if (current > version) await writeAll(news, current)
  }
  return async (events: unknown[]): Promise<void> => {
    const news = await newsOf(
      store,
      events.map((event) => MetricEvent.parse(event)),
    )
    const rates = news.get('RATES')
    if (rates) await write(await store.row('RATES'), rates, 0)
    news.delete('RATES')
    if (news.size > 0) await writeAll(news, await store.ratesVersion())
  }
}

/** Brings the rows whose amounts the newest rates convert otherwise to these. */
export const rerateRows = (dependencies: Dependencies) => {
  const { store } = dependencies
  const write = rowWriter(dependencies)
  return async (): Promise<void> => {
    const version = await store.ratesVersion()
    await inParallel(store.rowsRatedBefore(version), AT_ONCE, (row) => write(row, NOTHING, version))
  }
}

/** Brings facts of a row to what its events say; `drop` are the ids of those that no event tells. */
export const correctRow =
  ({ store }: Dependencies) =>
  async (key: string, { set, drop }: { set: Fact[]; drop: string[] }): Promise<void> => {
    const attempt = async (): Promise<void> => {
      const stored = await store.row(key)
      for (const fact of set) stored.row.facts.set(fact.id, fact)
      for (const id of drop) stored.row.facts.delete(id)
      await store.saveRow(stored).catch((error: unknown) => {
        if (!isCode(error, 'stale_version') && !isCode(error, 'conflict')) throw error
        return attempt()
      })
    }
    return attempt()
  }

const addressOf = ({ family, year, scope }: Contribution) => `${family}|${year}|${scope}`

/** Adds to the aggregates what the changes of rows amount to: the contributions of the new row less those of the old one. */
export const sumContributions = (dependencies: Dependencies) => {
  const ratesAt = ratesReader(dependencies)
  const of = async ({ row, rates }: StoredRow) => contributionsOf(row, await ratesAt(rates))
  return async (shard: string, changes: RowChange[]): Promise<void> => {
    if (!shard) throw new Error('the batch does not tell its shard: the trigger needs a tumbling window')
    const deltas: Delta[] = []
    for (const { sequence, at, before, after } of changes)
      for (const contribution of difference(await of(after), await of(before))) deltas.push({ sequence, at, contribution })
    // The count of known events goes last: whoever reads it finds what they amount to.
    const counts = ({ contribution }: Delta) => contribution.family === 'events'
    for (const part of [deltas.filter((delta) => !counts(delta)), deltas.filter(counts)]) {
      const items = Map.groupBy(part, ({ contribution }) => addressOf(contribution))
      await inParallel(items.values(), AT_ONCE, (item) => dependencies.store.add(shard, item))
    }
    const probes = changes.map(({ at, after }) => ({ key: after.key, at })).filter(({ key }) => isProbe(key))
    if (probes.length > 0) await dependencies.store.answerProbes(probes)
  }
}
