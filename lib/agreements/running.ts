import { addDays, DateText } from '../core/period.ts'
import * as z from '../core/schema.ts'
import type { AgreementSnapshot } from './agreement.ts'
import type { Owner } from './owned.ts'

/** An agreement in force that has an end, as it was when it was last read. */
export const RunningAgreement = z.object({
  marketplace: z.enum(['aws', 'azure']),
  id: z.string(),
  accountId: z.string(),
  productId: z.string(),
  partnerId: z.optional(z.string()),
  offerId: z.optional(z.string()),
  /** The first and the last day of the term. */
  from: DateText,
  lastDay: DateText,
  renewsItself: z.boolean(),
})
export type RunningAgreement = z.infer<typeof RunningAgreement>

/** What is kept of an agreement to look after its end; undefined: it is not in force, or has no end. */
export const runningOf = (agreement: AgreementSnapshot, { accountId, offer }: Owner): RunningAgreement | undefined => {
  const { marketplace, id, status, service, renewsItself = false } = agreement
  if (status !== 'active' || !service) return undefined
  return {
    marketplace,
    id,
    accountId,
    productId: offer?.productId ?? agreement.productId,
    ...(offer && { partnerId: offer.partnerId, offerId: offer.id }),
    from: service.from,
    lastDay: addDays(service.to, -1),
    renewsItself,
  }
}
