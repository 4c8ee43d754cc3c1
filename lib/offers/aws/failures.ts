import type { ChangeSummary, ErrorDetail, ValidationExceptionField } from '@aws-sdk/client-marketplace-catalog'
import type { AwsOffer, Problem } from '../offer.ts'
import { REMEDIES, SELLER } from './remedies.ts'
import { targetOfChange, targetOfPath, targetsNamed } from './targets.ts'

const quoted = (text = '') => (text ? ` (AWS Marketplace says: ${text})` : '')
const UNKNOWN = 'change what AWS Marketplace names here and submit again'

const explained = (offer: AwsOffer, changeType: string | undefined, { ErrorCode, ErrorMessage }: ErrorDetail): Problem[] => {
  const { advice = UNKNOWN, target } = REMEDIES[ErrorCode ?? ''] ?? {}
  const message = advice + quoted(ErrorMessage)
  const targets = targetsNamed(offer, target ?? targetOfChange(changeType), ErrorMessage ?? '')
  return targets.map((each) => ({ code: ErrorCode ?? 'CLIENT_ERROR', target: each, message }))
}

/** Every reason for which a change set failed, as fields of our request and what to do about each. */
export const problemsOfChanges = (offer: AwsOffer, changes: ChangeSummary[] = [], description = ''): Problem[] => {
  const problems = changes.flatMap(({ ChangeType, ErrorDetailList = [] }) =>
    ErrorDetailList.flatMap((detail) => explained(offer, ChangeType, detail)),
  )
  return problems.length ? problems : [{ code: 'CLIENT_ERROR', target: SELLER, message: UNKNOWN + quoted(description) }]
}

/** A request that was refused at once, field by field. */
export const problemsOfFields = (fields: ValidationExceptionField[] = [], description = ''): Problem[] =>
  fields.length
    ? fields.map(({ Reason = 'VALIDATION', Field, ChangeType, Message }) => ({
        code: Reason,
        target: targetOfPath(Field, ChangeType),
        message: UNKNOWN + quoted(Message),
      }))
    : [{ code: 'VALIDATION', target: SELLER, message: UNKNOWN + quoted(description) }]

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

/** What the request is about is not in the seller's account: a product, an agreement, an authorisation, or the offer to withdraw. */
export const notThere = ({ productId, externalId, submission, resale, replaces }: AwsOffer, text = ''): Problem => {
  const lost = (target: string, message: string) => ({ code: 'NOT_FOUND', target, message })
  if (submission?.kind === 'withdraw')
    return lost('productId', `this AWS account has no offer ${externalId} to withdraw: check that it is the seller's account`)
  if (replaces && (!resale || text.includes(replaces)))
    return lost('replaces', `this AWS account sells under no agreement ${replaces}: name the one that runs`)
  if (resale)
    return lost(
      'resale.authorizationId',
      `this AWS account has received no resale authorisation ${resale.authorizationId}: ask its seller, or name another`,
    )
  return lost('productId', `this AWS account sells no product ${productId}: name one of its products`)
}
