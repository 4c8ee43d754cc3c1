import type { ChangeSummary, ErrorDetail, ValidationExceptionField } from '@aws-sdk/client-marketplace-catalog'
import type { AwsOffer, Problem } from '../offer.ts'
import { ofChanges, ofFields, quoted } from './refusals.ts'
import { REMEDIES, SELLER } from './remedies.ts'
import { targetOfChange, targetOfPath, targetsNamed } from './targets.ts'

const unknown = 'change what AWS Marketplace names here and submit again'

const explained = (offer: AwsOffer, changeType: string | undefined, { ErrorCode, ErrorMessage }: ErrorDetail): Problem[] => {
  const { advice = unknown, target } = REMEDIES[ErrorCode ?? ''] ?? {}
  const message = advice + quoted(ErrorMessage)
  const targets = targetsNamed(offer, target ?? targetOfChange(changeType), ErrorMessage ?? '')
  return targets.map((each) => ({ code: ErrorCode ?? 'CLIENT_ERROR', target: each, message }))
}

/** Why a change set failed, in the words of the offer's request. */
export const problemsOfChanges = (offer: AwsOffer, changes?: ChangeSummary[], description?: string): Problem[] =>
  ofChanges({ unknown, explained: (changeType, detail) => explained(offer, changeType, detail) }, changes, description)

/** Why a request was refused at once, in the words of an offer's request. */
export const problemsOfFields = (fields?: ValidationExceptionField[], description?: string): Problem[] =>
  ofFields({ unknown, targetOf: targetOfPath }, fields, description)

export const BROKE_DOWN: Problem = {
  code: 'SERVER_FAULT',
  target: SELLER,
  message: 'AWS Marketplace broke down over this offer; nothing is wrong with it: submit it again',
}

export const CANCELLED: Problem = {
  code: 'CANCELLED',
  target: SELLER,
  message: 'someone cancelled the change set in the AWS account: find out why, then submit again',
}

/** Somebody changed the last day of an offer at AWS. */
export const changedElsewhere = ({ expiresOn }: AwsOffer, until: string): Problem => ({
  code: 'CHANGED_ELSEWHERE',
  target: 'expiresOn',
  message: `is ${until} at AWS Marketplace, not ${expiresOn}: ask who changed it there; then extend to ${until} to take that over, or withdraw the offer`,
})

/** What the request is about is not in the seller's account: a product, an agreement, an authorisation, or the offer to withdraw. */
export const notThere = ({ productId, externalId, submission, resale, replaces }: AwsOffer, text = ''): Problem => {
  const lost = (target: string, message: string) => ({ code: 'NOT_FOUND', target, message })
  if (submission?.kind === 'withdraw' || submission?.kind === 'extend')
    return lost(
      'productId',
      `this AWS account has no offer ${externalId} to ${submission.kind}: check that it is the seller's account`,
    )
  if (replaces && (!resale || text.includes(replaces)))
    return lost('replaces', `this AWS account sells under no agreement ${replaces}: name the one that runs`)
  if (resale)
    return lost(
      'resale.authorizationId',
      `this AWS account has received no resale authorisation ${resale.authorizationId}: ask its seller, or name another`,
    )
  return lost('productId', `this AWS account sells no product ${productId}: name one of its products`)
}
