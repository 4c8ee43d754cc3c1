import { addDays } from '../core/period.ts'
import * as z from '../core/schema.ts'
import type { Matter } from './matter.ts'

const Days = z.int().check(z.minimum(0), z.maximum(1000))
const Each = z.strictObject({ aws: Days, azure: Days })

/** How long each side may take before a difference is an exception, in days by marketplace. */
export const ReconciliationRule = z.strictObject({
  /** From the acceptance of an offer to its agreement in the books. */
  agreement: Each,
  /** From the day of an installment to its invoice. */
  billing: Each,
  /** That a buyer has to pay an invoice, where the offer does not say it. */
  payment: Each,
  /** From the last day of payment to the marketplace's payout. */
  payout: Each,
  /** How far a listing fee may be from the published table, in minor units. */
  feeTolerance: z.int().check(z.minimum(0)),
})
export type ReconciliationRule = z.infer<typeof ReconciliationRule>

/** The last day on which the payout of what is billed on a day may arrive. */
export const paidOutBy = ({ payment, payout }: ReconciliationRule, { marketplace, offer }: Matter, on: string): string =>
  addDays(on, (offer?.netDays ?? payment[marketplace]) + payout[marketplace])
