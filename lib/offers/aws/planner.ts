import { digestOf } from '../../runtime/digest.ts'
import type { Marketplace } from '../marketplace.ts'
import type { AwsOffer, Offer } from '../offer.ts'
import { callOf } from '../submission.ts'
import { requestOf } from './plan.ts'
import { extensionProblems, problemsOf } from './rules.ts'

/** An offer of this marketplace: that the others never come here is the caller's promise. */
export const onAws = (offer: Offer): AwsOffer => {
  if (offer.marketplace !== 'aws') throw new TypeError(`offer ${offer.id} is for ${offer.marketplace}, not for aws`)
  return offer
}

/** Plans without the means to send: what the API needs. */
export const awsPlanner: Pick<Marketplace, 'plan' | 'extension'> = {
  plan: (given, today) => {
    const offer = onAws(given)
    const request = requestOf(offer, today)
    const problems = callOf(offer).kind === 'create' ? problemsOf(offer, today) : []
    return { request, hash: digestOf(request.ChangeSet), problems }
  },
  extension: (offer, expiresOn, today) => extensionProblems(onAws(offer), expiresOn, today),
}
