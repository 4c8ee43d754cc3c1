import { monthText } from '../core/period.ts'
import type { Listed } from '../partners/listed.ts'
import { type Account, accountOf } from './account.ts'
import { type Aggregates, add, emptyAggregates, type Item, itemOf, itemsOf, PROGRAMME } from './aggregate.ts'
import { addCustomer, addSpend } from './cac.ts'
import type { Cost, Fact, Transaction } from './fact.ts'
import { recurringIn } from './mrr.ts'
import { addRetention } from './nrr.ts'
import type { RateTable } from './rates.ts'
import { addRevenue } from './revenue.ts'
import { addPartnerCost } from './ropi.ts'
import type { Row } from './row.ts'
import { addFirstRevenue } from './ttv.ts'

export const CUTS = ['partner-type', 'tier', 'region', 'marketplace', 'product', 'cohort'] as const
export type Cut = (typeof CUTS)[number]

/** The value of a partner that has none, and of facts that were kept before they told it; like the next one it has spaces, which no value of a record has. */
export const NOT_STATED = 'not stated'
/** The cohort of accounts that never had recurring revenue. */
const NO_CUSTOMER = 'never a customer'

/** The sums of each value of a cut. In a cut of partners the scope of a value is the value itself. */
export type Pieces = Map<string, Aggregates>

/** A row, what it contributes as a whole, and the last month whose retention is asked for. */
export type Whole = { row: Row; own: Aggregates; rates: RateTable; until: number }

/** What a row contributes to each value of a cut. */
export type Divide = (whole: Whole) => Pieces

export const pieceOf = (pieces: Pieces, value: string): Aggregates => {
  const piece = pieces.get(value) ?? emptyAggregates()
  pieces.set(value, piece)
  return piece
}

const addAccount = (piece: Aggregates, account: Account, rates: RateTable, until: number) => {
  addRetention(piece, account, rates, until)
  addRevenue(piece, account, rates)
  addFirstRevenue(piece, account)
}

/**
 * Each transaction belongs to one value. What it is and who has credit for it is resolved before the account is divided, so that a
 * refund finds the sale that it takes back also where that one has another value.
 */
const byTransaction =
  (nameOf: (fact: Transaction) => string | undefined): Divide =>
  ({ row, rates, until }) => {
    const pieces: Pieces = new Map()
    const account = accountOf(row)
    for (const [value, counted] of Map.groupBy(account.counted, ({ fact }) => nameOf(fact) ?? NOT_STATED)) {
      addAccount(pieceOf(pieces, value), { ...account, counted, recurring: recurringIn(counted) }, rates, until)
    }
    return pieces
  }

/** The month in which the account of a row became a customer; undefined if it never did. */
export const customerSince = (own: Aggregates): number | undefined => [...itemsOf(own, 'customers')][0]?.month

/** Each account belongs to the month in which it became a customer. */
const byCohort: Divide = ({ row, own, rates, until }) => {
  const pieces: Pieces = new Map()
  const since = customerSince(own)
  const account = accountOf(row)
  if (account.counted.length === 0) return pieces
  addAccount(pieceOf(pieces, since === undefined ? NO_CUSTOMER : monthText(since)), account, rates, until)
  return pieces
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

const isTouch = (measure: string) => measure.startsWith('touch')

/** The credit for one transaction goes to partners, and with them to their groups; a group touched it once. */
const addCredits = (pieces: Pieces, account: Account, groupOf: GroupOf, { rates }: Whole) => {
  for (const transaction of account.counted) {
    const credit = emptyAggregates()
    addRevenue(credit, { ...account, counted: [transaction] }, rates)
    const touched = new Set<string>()
    for (const { scope, month, sums } of itemsOf(credit, 'revenue')) {
      if (scope === PROGRAMME) continue
      const group = groupOf(scope)
      const item = itemOf(pieceOf(pieces, group), 'revenue', month, group)
      for (const [measure, value] of sums) if (!isTouch(measure) || !touched.has(group)) add(item, measure, value)
      if (sums.has('touches')) touched.add(group)
    }
  }
}

const isCost = (fact: Fact): fact is Cost => fact.type === 'cost'

/** As for single partners: what is shared or names no partner belongs to no group. */
const addCosts = (pieces: Pieces, { row, rates }: Whole, groupOf: GroupOf) => {
  for (const cost of [...row.facts.values()].filter(isCost)) {
    if (!cost.partnerId || cost.channel === 'shared') continue
    const group = groupOf(cost.partnerId)
    addSpend(pieceOf(pieces, group), [cost], rates)
    addPartnerCost(pieceOf(pieces, group), [{ ...cost, partnerId: group }], rates)
  }
}

/** The days of single partners stay theirs, in the piece of their group. */
const addDays = (pieces: Pieces, { own }: Whole, groupOf: GroupOf) => {
  for (const family of ['onboarding', 'first-revenue'] as const) {
    for (const item of itemsOf(own, family)) addItem(pieceOf(pieces, groupOf(item.scope)), item)
  }
}

const byPartner =
  (groupOf: GroupOf): Divide =>
  (whole) => {
    const pieces: Pieces = new Map()
    const account = accountOf(whole.row)
    addAttached(pieces, account, groupOf, whole)
    addCredits(pieces, account, groupOf, whole)
    addCosts(pieces, whole, groupOf)
    addDays(pieces, whole, groupOf)
    return pieces
  }

const addItem = (into: Aggregates, { family, month, scope, sums }: Item) => {
  const item = itemOf(into, family, month, scope)
  for (const [measure, value] of sums) add(item, measure, value)
}

/** Adds the items that are wanted of some sums to others. */
export const addWanted = (into: Aggregates, from: Aggregates, isWanted: (item: Item) => boolean) => {
  for (const family of from.keys()) for (const item of itemsOf(from, family)) if (isWanted(item)) addItem(into, item)
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
