import { mustBe } from '../core/access.ts'
import { type Actor, type Context, today } from '../core/context.ts'
import type { Page, PageQuery } from '../core/page.ts'
import { dayNumber } from '../core/period.ts'
import { type RateTable, rateTable } from '../metrics/rates.ts'
import type { Offer, OfferStatus } from '../offers/offer.ts'
import type { Rate } from '../rates/rate.ts'
import type { Transaction } from '../transactions/transaction.ts'
import type { Commitment } from './commitment.ts'
import type { DrawdownRule } from './drawdown.ts'
import { holdsIn, reportOf, spanOf } from './report.ts'
import type { CommitmentStore } from './store.ts'

export type Dependencies = {
  store: Pick<CommitmentStore, 'ofAccount' | 'list'>
  transactions: { list: (accountId: string, page: PageQuery) => Promise<Page<Transaction>> }
  offers: { list: (query: PageQuery & { status: OfferStatus }) => Promise<Page<Offer>> }
  /** In the order in which they were published. */
  rates: { list: (base: string, quote: string, page: PageQuery) => Promise<Page<Rate>> }
  rule: DrawdownRule
}

const PAGE = 500

const all = async <T>(list: (page: PageQuery) => Promise<Page<T>>): Promise<T[]> => {
  const items: T[] = []
  let cursor: string | undefined
  do {
    const page: Page<T> = await list({ limit: PAGE, cursor })
    items.push(...page.items)
    cursor = page.cursor
  } while (cursor)
  return items
}

/** Offers that a buyer may still accept, or that are on their way to that. */
const OPEN = ['pending-approval', 'approved', 'submitting', 'released', 'extending'] as const

const openOffers = async ({ offers }: Dependencies): Promise<Offer[]> => {
  const found: Offer[] = []
  for (const status of OPEN) found.push(...(await all((page) => offers.list({ ...page, status }))))
  return found
}

/** The rates from those currencies to that of the commitment; of one day the one published last holds. */
const ratesTo = async ({ rates }: Dependencies, quote: string, bases: Set<string>): Promise<RateTable> => {
  const published = []
  for (const base of bases) if (base !== quote) published.push(...(await all((page) => rates.list(base, quote, page))))
  const facts = published.map(({ on, ...rate }, at) => {
    const id = String(at).padStart(10, '0')
    return { type: 'rate' as const, ...rate, id, day: dayNumber(on), recordedAt: id }
  })
  return rateTable(facts, quote)
}

type Sources = { dependencies: Dependencies; open: Offer[]; rowsOf: (accountId: string) => Promise<Transaction[]> }

/** What a commitment is held against. */
const booksOf = async ({ dependencies, open, rowsOf }: Sources, { accountId, amount }: Commitment) => {
  const transactions = await rowsOf(accountId)
  const offers = open.filter((offer) => offer.accountId === accountId)
  const currencies = [...transactions.map((row) => row.amount.currency), ...offers.map(({ price }) => price.currency)]
  const rates = await ratesTo(dependencies, amount.currency, new Set(currencies))
  return { transactions, offers, rates, rule: dependencies.rule }
}

const once = <T>(load: (id: string) => Promise<T>) => {
  const known = new Map<string, Promise<T>>()
  return (id: string): Promise<T> => {
    const loading = known.get(id) ?? load(id)
    known.set(id, loading)
    return loading
  }
}

export type ReportQuery = PageQuery & { accountId?: string | undefined; period?: string | undefined }

/** The commitments of one account, or a page of all, that hold in a month: how far our sales draw them down. */
export const reportCommitments =
  (dependencies: Dependencies) =>
  async (actor: Actor, { accountId, period, ...page }: ReportQuery, context: Context) => {
    mustBe(actor, 'manager', 'finance', 'platform')
    const { store, transactions } = dependencies
    const span = spanOf(period ?? today(context).slice(0, 7), today(context))
    const { items, cursor }: Page<Commitment> = accountId ? { items: await store.ofAccount(accountId) } : await store.list(page)
    const rowsOf = once((id) => all((rows) => transactions.list(id, rows)))
    const sources = { dependencies, open: await openOffers(dependencies), rowsOf }
    const reports = []
    for (const commitment of items.filter((each) => holdsIn(each, span)))
      reports.push(reportOf(commitment, await booksOf(sources, commitment), span))
    return {
      period: span.period,
      asOf: span.asOf,
      commitments: reports.map(({ line }) => line),
      offers: reports.flatMap(({ offers }) => offers),
      apart: reports.flatMap(({ apart }) => apart),
      ...(cursor && { cursor }),
    }
  }
