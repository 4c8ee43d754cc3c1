import type { MetricEvent } from '../../events/metrics.ts'
import type { Fact, PublishedRate, Transaction } from './fact.ts'

/**
 * What is known of one account, partner, cost pool or of the rates. Facts are keyed by event id, so that merging is union:
 * neither order nor repetition can matter. `foreign` are transactions of other accounts that correct one of this row or are
 * corrected by one; they count in their own row only.
 */
export type Row = { facts: Map<string, Fact>; foreign: Map<string, Transaction> }

export const emptyRow = (): Row => ({ facts: new Map(), foreign: new Map() })

/** What events mean to a row: facts of its own, and transactions of other rows that correct or are corrected by one of its own. */
export type News = { facts: Fact[]; foreign: Transaction[] }

/** Takes news into the row; whether it grew. */
export const mergeInto = ({ facts, foreign }: Row, news: News): boolean => {
  const before = facts.size + foreign.size
  for (const fact of news.facts) if (!facts.has(fact.id)) facts.set(fact.id, fact)
  for (const fact of news.foreign) foreign.set(fact.id, fact)
  return facts.size + foreign.size > before
}

/** The row that an event belongs to. */
export const rowKeyOf = ({ type, data }: MetricEvent): string => {
  switch (type) {
    case 'transaction.recorded.v1':
    case 'account.attached.v1':
    case 'account.detached.v1':
      return `ACCOUNT#${data.accountId}`
    case 'partner.milestone-reached.v1':
      return `PARTNER#${data.partnerId}`
    case 'cost.recorded.v1':
      return `COST#${data.partnerId ?? '-'}#${data.period}`
    case 'rate.published.v1':
      return 'RATES'
  }
}

const isRate = (fact: Fact): fact is PublishedRate => fact.type === 'rate'

/** The exchange rates in a row. */
export const ratesIn = ({ facts }: Row): PublishedRate[] => [...facts.values()].filter(isRate)
