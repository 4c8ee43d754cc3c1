import type { AzureOffer, Problem } from '../offer.ts'
import type { Pricing } from '../pricing-azure.ts'

/** What Cosell checks with: the date of the day, and what this seller has switched on. */
export type Given = { today: string; flexibleBilling: boolean }

/** One thing that Microsoft would refuse of what is sold alone, with the field of ours that it lies in and what to do about it. */
export type Rule = Omit<Problem, 'message'> & {
  message: string | ((offer: AzureOffer) => string)
  broken: (offer: AzureOffer, given: Given) => boolean
}

/** A rule about one pricing model only. */
export const forModel =
  <Model extends Pricing['model']>(
    model: Model,
    broken: (pricing: Extract<Pricing, { model: Model }>, offer: AzureOffer, given: Given) => boolean,
  ): Rule['broken'] =>
  (offer, given) => {
    const isOf = (pricing: Pricing): pricing is Extract<Pricing, { model: Model }> => pricing.model === model
    return isOf(offer.pricing) && broken(offer.pricing, offer, given)
  }

export const hasTwice = (values: unknown[]) => new Set(values).size < values.length
