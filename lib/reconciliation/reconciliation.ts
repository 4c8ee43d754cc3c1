import type { TransactionData } from '../../events/metrics.ts'
import { agreedFindings } from './agreed.ts'
import { type Balance, balancesOf } from './balance.ts'
import { billingFindings } from './billing.ts'
import { feeFindings } from './fees.ts'
import type { Finding } from './finding.ts'
import { type AcceptedOffer, inOrder, type Matter } from './matter.ts'
import { payoutsOf } from './payout.ts'
import type { ReconciliationRule } from './rule.ts'

type Sold = TransactionData & { marketplace: 'aws' | 'azure' }
/** What is to be reconciled, before the agreement is looked up. */
export type Unread = Omit<Matter, 'standing'>

const isSold = (row: TransactionData): row is Sold => row.marketplace !== 'direct'
const keyOf = ({ marketplace, agreementId = '' }: Pick<Sold, 'marketplace' | 'agreementId'>) => `${marketplace} ${agreementId}`

/** A subscription of Azure may have gone from one offer to the next: what it began with is what was accepted. */
const offerOf = (rows: Sold[], agreementId: string | undefined, offers: AcceptedOffer[]) => {
  if (agreementId === undefined) return undefined
  const own = offers.filter((offer) => offer.agreementId === agreementId)
  const named = inOrder(rows).map(({ offerId }) => own.find(({ id }) => id === offerId))
  return named.find((offer) => offer) ?? own[0] ?? offers.find(({ id }) => rows.some((row) => row.offerId === id))
}

/** The agreements of an account with their rows and offers, and the accepted offers that have none. Direct sales have no counterpart. */
export const mattersOf = (accountId: string, rows: TransactionData[], offers: AcceptedOffer[]): Unread[] => {
  const agreements = [...Map.groupBy(rows.filter(isSold), keyOf).values()].flatMap((own): Unread[] => {
    const [first] = own
    if (!first) return []
    const { marketplace, agreementId } = first
    return [{ marketplace, accountId, agreementId, offer: offerOf(own, agreementId, offers), rows: own }]
  })
  const namedIn = ({ agreementId, offer, rows }: Unread) => [
    offer?.id,
    ...(agreementId ? rows.map(({ offerId }) => offerId) : []),
  ]
  const followed = new Set(agreements.flatMap(namedIn))
  const others = offers.filter(({ id }) => !followed.has(id))
  return [
    ...agreements,
    ...others.map((offer): Unread => {
      const { marketplace, agreementId } = offer
      return { marketplace, accountId, agreementId, offer, rows: [] }
    }),
  ]
}

/** Everything in which offer, agreement, invoices and payouts of a matter disagree on a day, and its ledgers. */
export const reconcile = (
  unordered: Matter,
  rule: ReconciliationRule,
  day: string,
): { findings: Finding[]; balances: Balance[] } => {
  const matter = { ...unordered, rows: inOrder(unordered.rows) }
  const payouts = payoutsOf(matter, rule, day)
  const findings = [
    ...agreedFindings(matter, rule, day),
    ...billingFindings(matter, rule, day),
    ...payouts.flatMap((each) => each.findings),
    ...feeFindings(matter, rule),
  ]
  return { findings, balances: balancesOf(matter, payouts) }
}
