import type { AzureOffer } from '../offer.ts'
import { callOf } from '../submission.ts'

/** The kind of the offer's call; Azure knows no extension, and the planner offers none. */
export const azureCall = (offer: AzureOffer) => {
  const { kind } = callOf(offer)
  if (kind === 'extend') throw new TypeError(`offer ${offer.id} cannot be extended on Azure`)
  return kind
}
