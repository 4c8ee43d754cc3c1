import { monthText } from '../core/period.ts'
import type { Listed } from '../partners/listed.ts'
import { type Account, accountOf } from './account.ts'
import { type Aggregates, add, addDay, daysIn, emptyAggregates, measureOf, PROGRAMME, seriesOf } from './aggregate.ts'
import { addCustomer, addSpend } from './cac.ts'
import type { Fact, Transaction } from './fact.ts'
import { addRetention } from './nrr.ts'
import type { RateTable } from './rates.ts'
import { addRevenue } from './revenue.ts'
import { addPartnerCost } from './ropi.ts'
import type { Row } from './row.ts'
import { cellsIn, customerSince } from './sums.ts'
import { addFirstRevenue, addOnboarding } from './ttv.ts'

export const CUTS = ['partner-type', 'tier', 'region', 'marketplace', 'product', 'cohort'] as const
export type Cut = (typeof CUTS)[number]

/**
 * The value of a partner that has none, and of facts that were kept before they told it. Like the next one it has spaces, which no
 * value of a record has.
 */
export const NOT_STATED = 'not stated'
/** The cohort of accounts that never had recurring revenue. */
const NO_CUSTOMER = 'never a customer'

/** The sums of each value of a cut. In a cut of partners the scope of a value is the value itself. */
export type Pieces = Map<string, Aggregates>

/** A row, the rates that its amounts are converted by, and the last month whose retention is asked for. */
export type Whole = { row: Row; rates: RateTable; until: number }

/** Adds what a row contributes to each value of a cut; none of its amounts lacks an exchange rate. */
export type Divide = (pieces: Pieces, whole: Whole) => void

const pieceOf = (pieces: Pieces, value: string): Aggregates => {
  const piece = pieces.get(value) ?? emptyAggregates()
  pieces.set(value, piece)
  return piece
}

const addAccount = (piece: Aggregates, account: Account, rates: RateTable, until: number) => {
  addRetention(piece, account, rates, until)
  addRevenue(piece, account, rates)
  addFirstRevenue(piece, account)
}

type NameOf = (fact: Transaction) => string | undefined

/**
 * The row as a value sees it: its own transactions count, the others are known as those of other accounts are. So what a transaction
 * is and who has credit for it does not change, and a refund finds the sale that it takes back also where that has another value.
 */
const rowFor = ({ facts, foreign }: Row, isOwn: (fact: Transaction) => boolean): Row => {
  const part: Row = { facts: new Map(), foreign: new Map(foreign) }
  for (const [id, fact] of facts) {
    if (fact.type === 'transaction' && !isOwn(fact)) part.foreign.set(id, fact)
    else part.facts.set(id, fact)
  }
  return part
}

/** Each transaction belongs to one value. */
const byTransaction =
  (nameOf: NameOf): Divide =>
  (pieces, { row, rates, until }) => {
    const name = (fact: Transaction) => nameOf(fact) ?? NOT_STATED
    const transactions = [...row.facts.values()].filter((fact) => fact.type === 'transaction')
    for (const value of new Set(transactions.map(name))) {
      addAccount(pieceOf(pieces, value), accountOf(rowFor(row, (fact) => name(fact) === value)), rates, until)
    }
  }

/** Each account belongs to the month in which it became a customer. */
const byCohort: Divide = (pieces, { row, rates, until }) => {
  const account = accountOf(row)
  if (account.counted.length === 0) return
  const since = customerSince(account, rates)
  addAccount(pieceOf(pieces, since === undefined ? NO_CUSTOMER : monthText(since)), account, rates, until)
}

type GroupOf = (partnerId: string) => string

/** An account counts once in a group, however many partners of it are attached. */
const addAttached = (pieces: Pieces, account: Account, groupOf: GroupOf, { rates, until }: Whole) => {
  const spans = account.spans.map((span) => ({ ...span, partnerId: groupOf(span.partnerId) }))
  for (const [group, own] of Map.groupBy(spans, ({ partnerId }) => partnerId)) {
    const attached = { ...account, spans: own }
    addRetention(pieceOf(pieces, group), attached, rates, until)
    addCustomer(pieceOf(pieces, group), attached, rates)
  }
}

const TOUCHES = measureOf('revenue', 'touches')
const OF_TOUCH = [measureOf('revenue', 'touched'), TOUCHES, measureOf('revenue', 'touches-extrapolated')]

/** The credit for one transaction goes to partners, and with them to their groups; a group touched it once. */
const addCredit = (pieces: Pieces, credit: Aggregates, groupOf: GroupOf) => {
  const touched = new Set<string>()
  for (const [scope, series] of credit.monthly.revenue) {
    if (scope === PROGRAMME) continue
    const group = groupOf(scope)
    const sums = seriesOf(pieceOf(pieces, group), 'revenue', group)
    const cells = [...cellsIn(series)]
    for (const { month, measure, value } of cells)
      if (!OF_TOUCH.includes(measure) || !touched.has(group)) add(sums, month, measure, value)
    if (cells.some(({ measure }) => measure === TOUCHES)) touched.add(group)
  }
}

const addCredits = (pieces: Pieces, account: Account, groupOf: GroupOf, { rates }: Whole) => {
  for (const transaction of account.counted) {
    const credit = emptyAggregates()
    addRevenue(credit, { ...account, counted: [transaction] }, rates)
    addCredit(pieces, credit, groupOf)
  }
}

const factsOf = <Type extends Fact['type']>({ facts }: Row, type: Type) =>
  [...facts.values()].filter((fact): fact is Extract<Fact, { type: Type }> => fact.type === type)

/** As for single partners: what is shared or names no partner belongs to no group. */
const addCosts = (pieces: Pieces, { row, rates }: Whole, groupOf: GroupOf) => {
  for (const cost of factsOf(row, 'cost')) {
    if (!cost.partnerId || cost.channel === 'shared') continue
    const group = groupOf(cost.partnerId)
    addSpend(pieceOf(pieces, group), [cost], rates)
    addPartnerCost(pieceOf(pieces, group), [{ ...cost, partnerId: group }], rates)
  }
}

/** The days of single partners stay theirs, in the piece of their group. */
const addDays = (pieces: Pieces, account: Account, groupOf: GroupOf, { row }: Whole) => {
  const own = emptyAggregates()
  addFirstRevenue(own, account)
  addOnboarding(own, factsOf(row, 'milestone'))
  for (const family of ['onboarding', 'first-revenue'] as const) {
    for (const partnerId of own.daily[family].keys())
      for (const day of daysIn(own, family, partnerId)) addDay(pieceOf(pieces, groupOf(partnerId)), family, day, partnerId)
  }
}

const byPartner =
  (groupOf: GroupOf): Divide =>
  (pieces, whole) => {
    const account = accountOf(whole.row)
    addAttached(pieces, account, groupOf, whole)
    addCredits(pieces, account, groupOf, whole)
    addCosts(pieces, whole, groupOf)
    addDays(pieces, account, groupOf, whole)
  }

const groups = {
  'partner-type': ({ type }: Listed) => type,
  tier: ({ tier }: Listed) => tier,
  region: ({ region }: Listed) => region,
}

export const isOfPartners = (cut: Cut): cut is keyof typeof groups => cut in groups

export const divideBy = (cut: Cut, partners: ReadonlyMap<string, Listed>): Divide => {
  if (cut === 'marketplace') return byTransaction(({ marketplace }) => marketplace)
  if (cut === 'product') return byTransaction(({ productId }) => productId)
  if (cut === 'cohort') return byCohort
  return byPartner((partnerId) => {
    const partner = partners.get(partnerId)
    return (partner && groups[cut](partner)) ?? NOT_STATED
  })
}
