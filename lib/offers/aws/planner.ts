import type { Marketplace } from '../marketplace.ts'
import type { AwsOffer, Offer } from '../offer.ts'
import { callOf } from '../submission.ts'
import { requestOf } from './plan.ts'
import { problemsOf } from './rules.ts'

/** An offer of this marketplace: that the others never come here is the caller's promise. */
export const onAws = (offer: Offer): AwsOffer => {
  if (offer.marketplace !== 'aws') throw new TypeError(`offer ${offer.id} is for ${offer.marketplace}, not for aws`)
  return offer
}

/** Plans without the means to send: what the API needs. */
export const awsPlanner: Pick<Marketplace, 'plan'> = {
  plan: (given, today) => {
    const offer = onAws(given)
    return { request: requestOf(offer, today), problems: callOf(offer).kind === 'create' ? problemsOf(offer, today) : [] }
  },
}
