import type { ChangeSummary, ErrorDetail, ValidationExceptionField } from '@aws-sdk/client-marketplace-catalog'
import type { AwsOffer, Problem } from '../offer.ts'
import { targetOfChange, targetOfPath, targetsNamed } from './targets.ts'

/** What to change when the marketplace answers a code; `target` where the change alone does not tell the field. */
type Remedy = { advice: string; target?: string }

const SELLER = 'marketplace'
const CATALOGUE: Record<string, Remedy> = {
  DUPLICATE_CHARGE_DATES: { advice: 'give every installment a day of its own' },
  DUPLICATE_DIMENSION_KEYS: { advice: 'name every dimension once', target: 'grants' },
  INCOMPATIBLE_BUYER_ACCOUNTS: { advice: 'name buyer accounts that this product may be sold to', target: 'buyerAccountIds' },
  INCOMPATIBLE_CURRENCY_CODE: { advice: 'use one currency, one that the buyers can pay in', target: 'price.currency' },
  INCOMPATIBLE_PAYMENT_SETTINGS: {
    advice: 'set up a bank account for this currency at AWS, or use another one',
    target: 'price.currency',
  },
  INCOMPATIBLE_PRODUCT: { advice: 'name a SaaS contract product of yours that has a public offer', target: 'productId' },
  INCOMPATIBLE_OFFER_SET_REFERENCE: { advice: 'name a set of offers that is not released yet', target: 'offerSetId' },
  INCOMPATIBLE_RESALE_AUTHORIZATION: {
    advice: 'name an active authorisation that has no offer yet, and keep to its buyers and kind of price',
  },
  INCOMPATIBLE_SELLER_VERIFICATION: {
    advice: "complete the seller account's verification at AWS, then submit again",
    target: SELLER,
  },
  INCOMPATIBLE_TARGETING: {
    advice: 'name buyer accounts only: a private offer has no other audience',
    target: 'buyerAccountIds',
  },
  INCOMPATIBLE_TERMS: { advice: 'make price, term and schedule fit together', target: 'schedule' },
  INVALID_AGREEMENT_DURATION: { advice: 'choose a term that the product allows', target: 'termMonths' },
  INVALID_AVAILABILITY_END_DATE: {
    advice: 'choose a last day that is in the future and before the second installment',
    target: 'expiresOn',
  },
  INVALID_BUYER_ACCOUNTS: { advice: 'correct the account ids that do not exist', target: 'buyerAccountIds' },
  INVALID_CHARGE_DATES: { advice: 'put all installments between today and the end of the term, in order', target: 'schedule' },
  INVALID_CURRENCY_CODE: { advice: 'use USD, EUR, GBP, AUD, JPY or CAD', target: 'price.currency' },
  INVALID_DURATION: { advice: 'choose a term that the product allows', target: 'termMonths' },
  INVALID_GRANTS: { advice: 'grant dimensions that the product has, of type entitled', target: 'grants' },
  INVALID_LEGAL_DOCUMENTS: { advice: 'link a PDF without password in Amazon S3, public or presigned', target: 'eula.url' },
  INVALID_MARKUP_PERCENTAGE: { advice: 'choose another markup', target: 'resale.markupPercent' },
  INVALID_PRICE_CHANGE: { advice: 'choose a price that the marketplace accepts for this product', target: 'price' },
  INVALID_RATE_CARD: { advice: 'grant a dimension that the product has', target: 'grants.0.dimension' },
  INVALID_SELECTOR_DURATION_VALUE: { advice: 'choose a term that the product allows', target: 'termMonths' },
  INVALID_TAX_INFORMATION: { advice: "complete the seller account's tax information at AWS, then submit again", target: SELLER },
  LIMIT_EXCEEDED_LEGAL_DOCUMENT_SIZE: { advice: 'link a smaller document', target: 'eula.url' },
  MISSING_AVAILABILITY_END_DATE: { advice: 'give the last day on which the buyer may accept', target: 'expiresOn' },
  MISSING_BUYER_ACCOUNTS: { advice: 'name at least one buyer account', target: 'buyerAccountIds' },
  MISSING_DESCRIPTION: { advice: 'submit again: Cosell writes the description itself', target: SELLER },
  MISSING_DURATION: { advice: 'give the term in months', target: 'termMonths' },
  MISSING_MANDATORY_TERMS: {
    advice: 'check the pricing: the product needs a term that the offer does not have',
    target: 'grants',
  },
  MISSING_NAME: { advice: 'give the offer a name', target: 'name' },
  TOO_MANY_BACKDATED_CHARGES: { advice: 'leave one installment at most on or before the last day to accept', target: 'schedule' },
  TOO_MANY_BUYER_ACCOUNTS: { advice: 'name 25 buyer accounts at most', target: 'buyerAccountIds' },
  TOO_MANY_CHARGES: { advice: 'use 60 installments at most', target: 'schedule' },
  TOO_MANY_GRANTS: { advice: 'grant fewer dimensions', target: 'grants' },
  TOO_MANY_OFFERS: { advice: 'wait until fewer offers are in work, then submit again', target: SELLER },
  TOO_MANY_RATES: { advice: 'grant fewer dimensions', target: 'grants' },
}

const quoted = (text = '') => (text ? ` (AWS Marketplace says: ${text})` : '')
const UNKNOWN = 'change what AWS Marketplace names here and submit again'

const explained = (offer: AwsOffer, changeType: string | undefined, { ErrorCode, ErrorMessage }: ErrorDetail): Problem[] => {
  const { advice = UNKNOWN, target } = CATALOGUE[ErrorCode ?? ''] ?? {}
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

/** What the request is about is not in the seller's account: the product of a new offer, or the offer to withdraw. */
export const notThere = ({ productId, externalId, submission, resale }: AwsOffer): Problem => {
  const lost = (target: string, message: string) => ({ code: 'NOT_FOUND', target, message })
  if (submission?.kind === 'withdraw')
    return lost('productId', `this AWS account has no offer ${externalId} to withdraw: check that it is the seller's account`)
  if (resale)
    return lost(
      'resale.authorizationId',
      `this AWS account has received no resale authorisation ${resale.authorizationId}: ask its seller, or name another`,
    )
  return lost('productId', `this AWS account sells no product ${productId}: name one of its products`)
}
