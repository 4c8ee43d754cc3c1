import { digestOf } from '../../runtime/digest.ts'
import type { Marketplace } from '../marketplace.ts'
import type { AzureOffer, Offer } from '../offer.ts'
import { callOf } from '../submission.ts'
import { configureRequest } from './plan.ts'
import { problemsOf } from './rules.ts'

/** `flexibleBilling`: whether the seller has tried that Microsoft takes the unverified JSON of flexible schedules. */
export type AzureSettings = { flexibleBilling: boolean }

/** An offer of this marketplace: that the others never come here is the caller's promise. */
export const onAzure = (offer: Offer): AzureOffer => {
  if (offer.marketplace !== 'azure') throw new TypeError(`offer ${offer.id} is for ${offer.marketplace}, not for azure`)
  return offer
}

// The name that an offer is found by counts the attempts; what is asked for stays the same.
const atFirst = (offer: AzureOffer): AzureOffer => {
  const { submission: _, ...unsent } = offer
  return callOf(offer).kind === 'create' ? unsent : offer
}

/** Plans without the means to send: what the API needs. */
export const azurePlanner = (settings: AzureSettings): Pick<Marketplace, 'plan'> => ({
  plan: (given, today) => {
    const offer = onAzure(given)
    const request = configureRequest(offer)
    const problems = problemsOf(offer, { today, ...settings })
    return { request, hash: digestOf(configureRequest(atFirst(offer))), problems }
  },
})
