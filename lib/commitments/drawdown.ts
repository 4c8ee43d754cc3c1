import * as z from '../core/schema.ts'
import { everySaleOf } from '../offers/items.ts'
import type { Offer } from '../offers/offer.ts'
import { type Commitment, isInForce } from './commitment.ts'

/** Which purchases count towards commitments: all, but for these products. `endingSoonDays` is what a report calls soon. */
export const DrawdownRule = z.object({ ineligibleProducts: z.array(z.string()), endingSoonDays: z.int() })
export type DrawdownRule = z.infer<typeof DrawdownRule>

export const isEligible = ({ ineligibleProducts }: DrawdownRule, productId: string) => !ineligibleProducts.includes(productId)

/** What of an offer's price counts, in minor units: that of the items whose products do. */
export const countedPrice = (offer: Offer, rule: DrawdownRule): number =>
  everySaleOf(offer)
    .filter(({ productId }) => isEligible(rule, productId))
    .reduce((sum, { price }) => sum + price.amount, 0)

const startsOn = (offer: Offer) => (offer.marketplace === 'aws' ? offer.startsOn : undefined)

/** The day on which an offer starts, or would if it were accepted on that day; never after its last one. */
export const expectedStart = (offer: Offer, day: string): string => {
  const { activatedAt, acceptedAt, expiresOn } = offer
  const accepted = acceptedAt?.slice(0, 10) ?? (day < expiresOn ? day : expiresOn)
  return activatedAt?.slice(0, 10) ?? startsOn(offer) ?? accepted
}

/** The commitment of the offer's account that it draws down; undefined: none. */
export const drawnBy = (
  offer: Offer,
  commitments: readonly Commitment[],
  rule: DrawdownRule,
  day: string,
): Commitment | undefined => {
  if (!everySaleOf(offer).some(({ productId }) => isEligible(rule, productId))) return undefined
  const start = expectedStart(offer, day)
  const { accountId, marketplace } = offer
  return commitments.find((each) => each.accountId === accountId && each.marketplace === marketplace && isInForce(each, start))
}
