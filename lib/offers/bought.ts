import { unprocessable } from '../core/errors.ts'
import type { Money } from '../core/money.ts'
import { salesOf } from './items.ts'
import type { AzureOffer, Offer } from './offer.ts'
import { isPriced } from './worth.ts'

/** What tells a plan from the others of an offer: a private one its name, a public one its ids in the seller's catalogue. */
export type PlanTold = { name?: string | undefined; ids?: { productId: string; planId: string } | undefined }

const isSame = (a: string, b: string | undefined) => a.trim().toLowerCase() === b?.trim().toLowerCase()

const isOf = ({ planName, productId, basePlanId }: AzureOffer, { name, ids }: PlanTold) => {
  if (planName) return isSame(planName, name)
  return isSame(productId, ids?.productId) && (!basePlanId || isSame(basePlanId, ids?.planId))
}

/** Whether it must be told which of its items a purchase bought, for without that nothing can be booked of it. */
export const isChoice = (offer: Offer): offer is AzureOffer =>
  offer.marketplace === 'azure' && isPriced(offer) && salesOf(offer).length > 1

/** The item of an offer that a plan is, counted from 0; undefined: none of them, or it does not tell. */
export const itemOf = (offer: AzureOffer, plan: PlanTold): number | undefined => {
  const [item, ...others] = salesOf(offer).flatMap((sale, at) => (isOf(sale, plan) ? [at] : []))
  return others.length > 0 ? undefined : item
}

/** The offer as a purchase of one of its items sees it: with that product and price alone. Throws `unprocessable` where that is not told. */
export const asBought = (offer: Offer, item: number | undefined): Offer => {
  if (offer.marketplace !== 'azure') return offer
  const sales = salesOf(offer)
  const bought = sales.length > 1 ? sales[item ?? -1] : sales[0]
  if (bought) return bought
  if (!isPriced(offer)) return offer
  throw unprocessable(`offer ${offer.id} has several items, and Microsoft does not tell which of them was bought`, [
    {
      target: 'items',
      message: 'look in Partner Center which plan the subscription has: by its name or its ids it is none of these items',
    },
  ])
}

/** What was accepted: of several items the one that was bought, once that is known. */
export const acceptedPrice = (offer: Offer): Money =>
  (offer.marketplace === 'azure' && offer.items?.[offer.boughtItem ?? -1]?.price) || offer.price
