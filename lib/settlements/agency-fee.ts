import { type Money, scale } from '../core/money.ts'

// Microsoft's agency fee (its "store service fee"), in tenths of a percent, by the day that it holds from. The earnings' row is the
// truth; this is for comparison. Sources, as of 2026-11-22: Microsoft Learn, "Commercial marketplace transact capabilities" (3 % of every
// offer sold through Microsoft) and "Agency fee discount for renewals" (half of it). The 3 % were announced in July 2021; the day from
// which they held is not verified, so the month after is taken. Fees agreed with a single publisher are not published.

type Fees = {
  from: string
  standard: number
  /** Of private offers made from that day on, for their whole term, whose publisher attested a renewal; absent: as others. */
  renewal?: number
}

const AGENCY_FEES: readonly Fees[] = [
  { from: '2021-08-01', standard: 30 },
  { from: '2024-10-01', standard: 30, renewal: 15 },
]

export type AgencySale = {
  /** Attested when the offer was made. */
  isRenewal: boolean
  /** The day on which the private offer was made. */
  offeredOn: string
  /** What a selling partner adds to another publisher's offer: the fee is that publisher's. */
  isMarkup: boolean
}

const feesOn = (day: string) => AGENCY_FEES.findLast(({ from }) => from <= day)

/** What Microsoft is expected to keep of an amount that is billed on a day, negative like the fee; undefined before the first known table. */
export const expectedAgencyFee = (
  { isRenewal, offeredOn, isMarkup }: AgencySale,
  billed: Money,
  on: string,
): Money | undefined => {
  const fees = feesOn(on)
  if (!fees) return undefined
  const renewal = isRenewal ? feesOn(offeredOn)?.renewal : undefined
  const permille = isMarkup ? 0 : (renewal ?? fees.standard)
  return { ...billed, amount: -scale(billed.amount, { numerator: permille, denominator: 1000 }) || 0 }
}
