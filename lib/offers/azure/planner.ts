import type { Marketplace } from '../marketplace.ts'
import type { AzureOffer, Offer } from '../offer.ts'
import { configureRequest } from './plan.ts'
import { problemsOf } from './rules.ts'

/** An offer of this marketplace: that the others never come here is the caller's promise. */
export const onAzure = (offer: Offer): AzureOffer => {
  if (offer.marketplace !== 'azure') throw new TypeError(`offer ${offer.id} is for ${offer.marketplace}, not for azure`)
  return offer
}

/** Plans without the means to send: what the API needs. */
export const azurePlanner: Pick<Marketplace, 'plan'> = {
  plan: (given, today) => {
    const offer = onAzure(given)
    return { request: configureRequest(offer), problems: problemsOf(offer, today) }
  },
}
