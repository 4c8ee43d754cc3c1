import type { TransactionData } from '../../events/metrics.ts'
import type { Books } from '../agreements/booking.ts'
import { decimalText, type Money } from '../core/money.ts'
import { dateText, lastDay, monthIndex } from '../core/period.ts'
import { acceptedPrice } from '../offers/bought.ts'
import type { Offer } from '../offers/offer.ts'
import type { Entry } from './matching.ts'

/** What reconciliation needs of an accepted offer. */
export type AcceptedOffer = Pick<Offer, 'id' | 'accountId' | 'partnerId' | 'marketplace' | 'agreementId' | 'price'> & {
  acceptedOn: string
  /** The day on which it was made at the marketplace. */
  offeredOn: string
  /** The buyer chooses how much and for how long: the price is an expectation. */
  isOpen: boolean
  /** Attested to the marketplace, which takes less of a renewal. */
  isRenewal: boolean
  /** Of another seller's product. */
  isResale: boolean
  netDays?: number
}

/** Undefined: it is not accepted. */
export const acceptedOf = (offer: Offer): AcceptedOffer | undefined => {
  const { id, accountId, partnerId, marketplace, agreementId, acceptedAt } = offer
  if (!acceptedAt) return undefined
  const aws = offer.marketplace === 'aws' ? offer : undefined
  const azure = offer.marketplace === 'azure' ? offer : undefined
  return {
    ...{ id, accountId, partnerId, marketplace, price: acceptedPrice(offer), acceptedOn: acceptedAt.slice(0, 10) },
    offeredOn: (offer.releasedAt ?? offer.requestedAt).slice(0, 10),
    ...(agreementId && { agreementId }),
    isOpen: aws?.rates !== undefined,
    isRenewal: aws?.renews !== undefined || azure?.customerContractRenewal === true,
    isResale: aws?.resale !== undefined || azure?.kind === 'multiparty-selling-partner',
    ...(aws?.netDays && { netDays: aws.netDays }),
  }
}

/** What the last reading of an agreement left. */
export type Standing = { status: string; books?: Books | undefined }

/** All that is known of one agreement; of an offer without one; or of an account's rows that name no agreement. */
export type Matter = {
  marketplace: 'aws' | 'azure'
  accountId: string
  agreementId: string | undefined
  offer: AcceptedOffer | undefined
  standing: Standing | undefined
  rows: TransactionData[]
}

/** The marketplace goes on with what the offer began, under another agreement and by its own terms. */
export const isRenewed = ({ offer, agreementId }: Matter) => offer?.agreementId !== undefined && offer.agreementId !== agreementId

/** Its books tell when it ends before its time: behind the last month that stays nothing is due. */
export const endOf = ({ standing }: Matter): string | undefined =>
  standing?.status === 'ended' ? (standing.books?.lines.at(-1)?.to ?? standing.books?.term.service.from) : undefined

export const monthOf = (on: string) => on.slice(0, 7)
export const lastDayOf = (period: string) => dateText(lastDay(monthIndex(period)))

const CONTRACT = ['contract', 'one-time', 'refund', 'credit']

/** The rows of a ledger in a currency that are for what was agreed: neither usage, nor fees and taxes. */
export const contractRows = ({ rows }: Matter, ledger: TransactionData['ledger'], currency: string): TransactionData[] => {
  const usage = new Set(rows.filter(({ kind }) => kind === 'usage').map(({ transactionId }) => transactionId))
  return rows.filter(
    (row) =>
      row.ledger === ledger && row.amount.currency === currency && CONTRACT.includes(row.kind) && !usage.has(row.corrects ?? ''),
  )
}

export const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
/** By day, then by id. */
export const inOrder = (rows: TransactionData[]) =>
  rows.toSorted((a, b) => compare(a.on, b.on) || compare(a.transactionId, b.transactionId))

export const sumOf = (rows: { amount: Money }[]) => rows.reduce((sum, { amount }) => sum + amount.amount, 0)
export const idsOf = (rows: { transactionId: string }[]) => rows.map(({ transactionId }) => transactionId)
export const firstDayOf = (rows: { on: string }[]) => rows.map(({ on }) => on).sort()[0] ?? ''

export const byCurrency = (rows: TransactionData[]) => Map.groupBy(rows, ({ amount }) => amount.currency)

export const entryOf = ({ transactionId: id, on, amount, corrects }: TransactionData): Entry => ({
  id,
  on,
  amount: amount.amount,
  corrects,
})

/** An amount for people: `30000.00 USD`. */
export const told = (amount: number, currency: string) => `${decimalText({ amount, currency })} ${currency}`

/** How a matter is spoken of. */
export const nameOf = ({ agreementId, offer, accountId }: Matter): string => {
  if (agreementId) return `agreement ${agreementId}`
  return offer ? `offer ${offer.id}` : `account ${accountId} without an agreement`
}
