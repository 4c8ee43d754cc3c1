import type { ChangeSummary, ErrorDetail, ValidationExceptionField } from '@aws-sdk/client-marketplace-catalog'
import { ofChanges, ofFields, quoted } from '../../offers/aws/refusals.ts'
import { SELLER } from '../../offers/aws/remedies.ts'
import type { Problem } from '../../offers/offer.ts'

type Remedy = { advice: string; target: string }

const RESUME = 'then resume the set'

/** What to do when AWS answers a code ("Work with offer sets"). */
const CATALOGUE: Record<string, Remedy> = {
  DRAFT_OFFERS: { advice: `wait until every offer is released, ${RESUME}`, target: 'offerIds' },
  EXPIRED_OFFERS: { advice: `extend the offers that are expired, all to the same day, ${RESUME}`, target: 'offerIds' },
  INCOMPATIBLE_OFFER_SET_REFERENCE: {
    advice: `put offers in the place of those made for another set, ${RESUME}`,
    target: 'offerIds',
  },
  INCOMPATIBLE_OFFER_TARGETING_RULE: { advice: 'take offers that name their buyers only', target: 'offerIds' },
  INCONSISTENT_OFFER_AVAILABILITY_END_DATE: { advice: `extend the offers to the same last day, ${RESUME}`, target: 'offerIds' },
  INCONSISTENT_OFFER_CURRENCY_CODE: {
    advice: `put offers of one currency in the place of the others, ${RESUME}`,
    target: 'offerIds',
  },
  INCONSISTENT_OFFER_TARGETING_RULE: {
    advice: `put offers for the same buyers in the place of the others, ${RESUME}`,
    target: 'offerIds',
  },
  INVALID_UPDATE_REQUEST: {
    advice: 'somebody has released the set in the AWS account: withdraw it, request another one',
    target: 'marketplace',
  },
  MISSING_BUYER_NOTES: { advice: 'withdraw the set, request another one with notes', target: 'buyerNotes' },
  MISSING_OFFERS: { advice: 'withdraw the set, request another one of two offers or more', target: 'offerIds' },
  TOO_MANY_OFFERS: { advice: 'withdraw the set, request another one of seven offers at most', target: 'offerIds' },
  TOO_MANY_OFFERS_PER_PRODUCT: { advice: `put an offer of another product in the place of one, ${RESUME}`, target: 'offerIds' },
}

const BY_CHANGE: Record<string, string> = { CreateOfferSet: 'name', UpdateInformation: 'buyerNotes', AssociateOffers: 'offerIds' }

const unknown = `change what AWS Marketplace names here, ${RESUME}`

const targetOfChange = (changeType = '') => BY_CHANGE[changeType] ?? SELLER

const explained = (changeType: string | undefined, { ErrorCode = 'CLIENT_ERROR', ErrorMessage }: ErrorDetail): Problem[] => {
  const { advice, target } = CATALOGUE[ErrorCode] ?? { advice: unknown, target: targetOfChange(changeType) }
  return [{ code: ErrorCode, target, message: advice + quoted(ErrorMessage) }]
}

/** Why a change set failed, in the words of the set's request. */
export const problemsOfChanges = (changes?: ChangeSummary[], description?: string): Problem[] =>
  ofChanges({ unknown, explained }, changes, description)

/** Why a request was refused at once, in the words of the set's request. */
export const problemsOfFields = (fields?: ValidationExceptionField[], description?: string): Problem[] =>
  ofFields({ unknown, targetOf: (_, changeType) => targetOfChange(changeType) }, fields, description)

const atMarketplace = (code: string, message: string): Problem => ({ code, target: SELLER, message })

export const BROKE_DOWN = atMarketplace(
  'SERVER_FAULT',
  'AWS Marketplace broke down over this set; nothing is wrong with it: resume it',
)
export const CANCELLED = atMarketplace(
  'CANCELLED',
  'someone cancelled the change set in the AWS account: find out why, then resume the set',
)
export const GONE = atMarketplace(
  'NOT_FOUND',
  "this AWS account has no such offer set any more: check that it is the seller's account, or withdraw the set",
)
