import { monthText } from '../core/period.ts'
import type { Listed } from '../partners/listed.ts'
import { type Account, accountOf } from './account.ts'
import type { Aggregates } from './aggregate.ts'
import { byPartner } from './cut-partners.ts'
import type { Transaction } from './fact.ts'
import { addRetention } from './nrr.ts'
import { type Divide, pieceOf } from './pieces.ts'
import type { RateTable } from './rates.ts'
import { addRevenue } from './revenue.ts'
import type { Row } from './row.ts'
import { customerSince } from './sums.ts'
import { addFirstRevenue } from './ttv.ts'

export const CUTS = ['partner-type', 'tier', 'region', 'marketplace', 'product', 'cohort'] as const
export type Cut = (typeof CUTS)[number]

/**
 * The value of a partner that has none, and of facts that were kept before they told it. Like the next one it has spaces, which no
 * value of a record has.
 */
export const NOT_STATED = 'not stated'
/** The cohort of accounts that never had recurring revenue. */
const NO_CUSTOMER = 'never a customer'

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
  const since = customerSince(account, rates)
  addAccount(pieceOf(pieces, since === undefined ? NO_CUSTOMER : monthText(since)), account, rates, until)
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
