import type { Money } from '../core/money.ts'

/** A contract as the marketplace tells it at the moment of asking: an AWS agreement or an Azure SaaS subscription. */
export type AgreementSnapshot = {
  marketplace: 'aws' | 'azure'
  id: string
  status: 'active' | 'pending' | 'ended'
  /** The marketplace's id of the private offer that was accepted; absent: bought without one. */
  offerExternalId?: string
  /** Who bought: the AWS account id, or the Azure tenant id of the purchaser. */
  buyerId: string
  productId: string
  /** The plan that was bought, as the marketplace names it; its name where it tells one. Absent on AWS. */
  plan?: { id: string; name?: string }
  acceptedAt: string
  /** When the product became usable. */
  activatedAt?: string
  /** The term; `to` is exclusive. Absent for usage without a term and before activation. */
  service?: { from: string; to: string }
  /** At the end of the term another one begins unless somebody prevents it. */
  renewsItself?: boolean
  /** The day on which it was ended before its time: cancelled, terminated, replaced. */
  endedOn?: string
  /** How it ended, where the marketplace says. */
  endedAs?: 'cancelled' | 'terminated' | 'expired' | 'replaced' | 'renewed' | 'rolled-back'
  /** The first agreement of those that go on with each other by replacement or renewal; absent: itself. */
  initialId?: string
  /** Total contract value; absent where the marketplace does not tell it (the offer's price holds). */
  value?: Money
  /** How many were bought, where each has a price (users of an Azure plan); it may change within the term. */
  quantity?: number
  /** Installments as agreed; empty: upfront. */
  schedule: { on: string; amount: Money }[]
  invoices: Invoice[]
}

/**
 * A document sent to the buyer, before tax; credit memos are negative. `corrects` is the id of the invoice that it takes back. `usage`
 * is the month that metered units were used in; absent: it is for what was bought ahead.
 */
export type Invoice = {
  id: string
  type: 'invoice' | 'credit'
  issuedOn: string
  amount: Money
  corrects?: string
  usage?: { from: string; to: string }
}
