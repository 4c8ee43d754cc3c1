import { MetricEvent } from '../../events/metrics.ts'
import { isCode } from '../core/errors.ts'
import { inParallel } from '../core/parallel.ts'
import { difference } from './aggregate.ts'
import { contributionsOf } from './contribution.ts'
import { type Fact, factOf } from './fact.ts'
import { type Across, acrossRows, byCorrected, type Link } from './link.ts'
import { rateTables } from './rates.ts'
import { mergeInto, type News, type Row, rowKeyOf } from './row.ts'
import type { StoredRow } from './row-store.ts'
import type { MetricsStore } from './store.ts'
import { correctedBy } from './transaction.ts'

export type Dependencies = { store: MetricsStore; currency: string }

const AT_ONCE = 16

export const ratesReader = ({ store, currency }: Dependencies) => rateTables(store.ratesAt, currency)

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

type AllNews = Map<string, News>

const newsOf = (news: AllNews, key: string): News => {
  const found = news.get(key) ?? { facts: [], foreign: [] }
  news.set(key, found)
  return found
}

/** The news of each row. */
const factsOf = (links: { key: string; fact: Fact }[]): AllNews => {
  const news: AllNews = new Map()
  for (const { key, fact } of links) newsOf(news, key).facts.push(fact)
  return news
}

/** What the rows of pairs learn of each other. */
const foreignOf = (pairs: Across[]): AllNews => {
  const news: AllNews = new Map()
  for (const { original, correction } of pairs) {
    newsOf(news, original.key).foreign.push(correction.fact)
    newsOf(news, correction.key).foreign.push(original.fact)
  }
  return news
}

/**
 * Takes news into their rows, and returns these. A row is stored with the version of the rates that were current; when rates came in
 * meanwhile the rows are looked at once more, so that the sweep over older rows cannot miss one.
 */
const rowsWriter = (dependencies: Dependencies) => {
  const { store } = dependencies
  const write = rowWriter(dependencies)
  const writeAll = async (news: AllNews, version: number): Promise<Map<string, Row>> => {
    const rows = await store.rows([...news.keys()])
    await inParallel(rows, AT_ONCE, (row) => write(row, news.get(row.key) ?? NOTHING, version))
    const current = await store.ratesVersion()
    return current > version ? writeAll(news, current) : new Map(rows.map(({ key, row }) => [key, row]))
  }
  return async (news: AllNews) => (news.size > 0 ? writeAll(news, await store.ratesVersion()) : new Map<string, Row>())
}

const isTransaction = (link: { key: string; fact: Fact }): link is Link => link.fact.type === 'transaction'

const holds = (row: Row | undefined, transactionId: string | undefined) =>
  [...(row?.facts.values() ?? [])].some((fact) => fact.type === 'transaction' && fact.transactionId === transactionId)

/**
 * Takes events into their rows. A row is a set, so repeats change nothing.
 *
 * A correction and what it corrects may lie in different rows, which must learn of each other. Nothing is written for what nobody
 * corrects: a correction leaves a mark, and each transaction looks for marks after it is in its row. So if the mark is there when the
 * other one looks, that one finds it; if not, the other one was in its row before the mark was left, and `linkCorrections`, which
 * begins after the mark, finds it there. Each step is repeated until it succeeds, and rows do not forget.
 */
export const projectFacts = (dependencies: Dependencies) => {
  const { store } = dependencies
  const write = rowWriter(dependencies)
  const writeRows = rowsWriter(dependencies)
  return async (events: unknown[]): Promise<void> => {
    const known = events.map((event) => MetricEvent.parse(event)).map((event) => ({ key: rowKeyOf(event), fact: factOf(event) }))
    const news = factsOf(known)
    const rates = news.get('RATES')
    if (rates) await write(await store.row('RATES'), rates, 0)
    news.delete('RATES')
    const rows = await writeRows(news)
    const transactions = known.filter(isTransaction)
    const corrections = transactions.filter(({ fact }) => correctedBy(fact) !== undefined)
    await inParallel(corrections, AT_ONCE, (link) => store.mark(link, !holds(rows.get(link.key), correctedBy(link.fact))))
    const marked = byCorrected(await store.corrections(transactions.map(({ fact }) => fact.transactionId)))
    await writeRows(foreignOf(acrossRows(transactions, marked)))
  }
}

/**
 * Searches all rows for what corrections of other rows correct: those of the ids, or all there are. Most corrections find what they
 * correct in their own row; that the same transaction is also in another one, where it had no business, shows only when all are looked at.
 */
export const linkCorrections = (dependencies: Dependencies) => {
  const { store } = dependencies
  const writeRows = rowsWriter(dependencies)
  return async (transactionIds?: Iterable<string>): Promise<void> => {
    const corrections = transactionIds ? await store.corrections(transactionIds) : await Array.fromAsync(store.allCorrections())
    const marked = byCorrected(corrections)
    const originals: Link[] = []
    if (marked.size > 0)
      for await (const { key, row } of store.allRows())
        for (const fact of row.facts.values())
          if (fact.type === 'transaction' && marked.has(fact.transactionId)) originals.push({ key, fact })
    await writeRows(foreignOf(acrossRows(originals, marked)))
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
