import type { Money } from '../core/money.ts'
import * as z from '../core/schema.ts'

/** What can disagree between offer, agreement, invoice and payout. */
export const Kind = z.enum([
  'agreement-without-offer',
  'agreement-missing',
  'not-booked',
  'accepted-value-differs',
  'booked-differs',
  'schedule-differs',
  'not-billed',
  'billed-without-contract',
  'overbilled',
  'payout-missing',
  'payout-differs',
  'payout-without-invoice',
  'fee-differs',
  'tax-differs',
  'fee-unexpected',
  'currency-differs',
])
export type Kind = z.infer<typeof Kind>

/** A difference as it is found on a day. `key` tells it from others of its kind in the same matter: a row, or a currency. */
export type Finding = {
  kind: Kind
  key: string
  /** How much the ledgers differ; of payouts positive where money is still to come, negative where too much came. */
  amount: Money
  /** The day from which on it is wrong. */
  since: string
  /** The transactions behind it. */
  rows: string[]
  /** What is wrong, and what to do. */
  message: string
}
