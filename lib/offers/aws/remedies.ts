/** What to change when the marketplace answers a code; `target` where the change alone does not tell the field. */
type Remedy = { advice: string; target?: string }

/** Something of the seller's account, or of AWS: no field of the request is wrong. */
export const SELLER = 'marketplace'

/** By the marketplace's codes. */
export const REMEDIES: Record<string, Remedy> = {
  DUPLICATE_CHARGE_DATES: { advice: 'give every installment a day of its own' },
  DUPLICATE_CHARGE_DATE_OFFSETS: {
    advice: 'give every installment of a renewed term a day of its own',
    target: 'autoRenewal.installments',
  },
  DUPLICATE_DIMENSION_KEYS: { advice: 'name every dimension once', target: 'grants' },
  INCOMPATIBLE_AGREEMENT: {
    advice: 'name an agreement that runs, with resale where it was resold, and keep its types of prices',
    target: 'replaces',
  },
  INCOMPATIBLE_BUYER_ACCOUNTS: { advice: 'name buyer accounts that this product may be sold to', target: 'buyerAccountIds' },
  INCOMPATIBLE_CURRENCY_CODE: { advice: 'use one currency, one that the buyers can pay in', target: 'price.currency' },
  INCOMPATIBLE_OFFER_SET_REFERENCE: { advice: 'name a set of offers that is not released yet', target: 'offerSetId' },
  INCOMPATIBLE_PAYMENT_SETTINGS: {
    advice: 'set up a bank account for this currency at AWS, or use another one',
    target: 'price.currency',
  },
  INCOMPATIBLE_PRODUCT: { advice: 'name a SaaS contract product of yours that has a public offer', target: 'productId' },
  INCOMPATIBLE_RESALE_AUTHORIZATION: {
    advice: 'name an active authorisation of the product that has no offer yet, and keep to its buyers and kind of price',
  },
  INCOMPATIBLE_SELLER_VERIFICATION: {
    advice: "complete the seller account's verification at AWS, then submit again",
    target: SELLER,
  },
  INCOMPATIBLE_TARGETING: {
    advice: 'name buyer accounts only: a private offer has no other audience',
    target: 'buyerAccountIds',
  },
  INCOMPATIBLE_TERMS: { advice: 'make price, term, schedule and renewal fit together' },
  INVALID_ADJUSTMENT_DEADLINE: {
    advice: 'give it with a range only, longer than lockoutDays and shorter than the term',
    target: 'autoRenewal.adjustmentDeadlineDays',
  },
  INVALID_AGREEMENT_DURATION: { advice: 'choose a term that the product allows', target: 'termMonths' },
  INVALID_AVAILABILITY_END_DATE: {
    advice: 'choose a last day that is in the future and before the second installment',
    target: 'expiresOn',
  },
  INVALID_BUYER_ACCOUNTS: { advice: 'correct the account ids that do not exist', target: 'buyerAccountIds' },
  INVALID_CHARGE_DATES: { advice: 'put all installments between today and the end of the term, in order', target: 'schedule' },
  INVALID_CHARGE_DATE_OFFSETS: {
    advice: 'put all installments of a renewed term before its end',
    target: 'autoRenewal.installments',
  },
  INVALID_CHARGE_PERCENTAGES: {
    advice: 'make the percentages of the installments add up to 100',
    target: 'autoRenewal.installments',
  },
  INVALID_CURRENCY_CODE: { advice: 'use USD, EUR, GBP, AUD, JPY or CAD', target: 'price.currency' },
  INVALID_DAY_OF_MONTH: {
    advice: 'leave dayOfMonth out of installments in the last month, and of all but one in the first',
    target: 'autoRenewal.installments',
  },
  INVALID_DURATION: { advice: 'choose a term that the product allows', target: 'termMonths' },
  INVALID_GRANTS: { advice: 'grant dimensions that the product has, of type entitled', target: 'grants' },
  INVALID_LEGAL_DOCUMENTS: { advice: 'link a PDF without password in Amazon S3, public or presigned', target: 'eula.url' },
  INVALID_LOCKOUT_PERIOD: { advice: 'choose fewer days than the term has', target: 'autoRenewal.lockoutDays' },
  INVALID_MARKUP_PERCENTAGE: { advice: 'choose another markup', target: 'resale.markupPercent' },
  INVALID_PERCENTAGE_RANGE: {
    advice: 'let the range rise, with the default within it; give a single percentage as type fixed',
    target: 'autoRenewal.priceIncrease',
  },
  INVALID_PRICE_CHANGE: { advice: 'choose a price that the marketplace accepts for this product', target: 'price' },
  INVALID_RATE_CARD: { advice: 'grant a dimension that the product has', target: 'grants.0.dimension' },
  INVALID_SELECTOR_DURATION_VALUE: { advice: 'choose a term that the product allows', target: 'termMonths' },
  INVALID_TAX_INFORMATION: { advice: "complete the seller account's tax information at AWS, then submit again", target: SELLER },
  LIMIT_EXCEEDED_LEGAL_DOCUMENT_SIZE: { advice: 'link a smaller document', target: 'eula.url' },
  MISSING_ADJUSTMENT_DEADLINE: {
    advice: 'say how many days before the end you settle on a percentage of the range',
    target: 'autoRenewal.adjustmentDeadlineDays',
  },
  MISSING_AVAILABILITY_END_DATE: { advice: 'give the last day on which the buyer may accept', target: 'expiresOn' },
  MISSING_BUYER_ACCOUNTS: { advice: 'name at least one buyer account', target: 'buyerAccountIds' },
  MISSING_DESCRIPTION: { advice: 'submit again: Cosell writes the description itself', target: SELLER },
  MISSING_DURATION: { advice: 'give the term in months', target: 'termMonths' },
  MISSING_MANDATORY_TERMS: {
    advice: 'check the pricing: the product needs a term that the offer does not have',
    target: 'grants',
  },
  MISSING_NAME: { advice: 'give the offer a name', target: 'name' },
  MISSING_PAYMENT_SCHEDULE_TERM_TEMPLATE: {
    advice: 'say how the price of a renewed term is paid',
    target: 'autoRenewal.installments',
  },
  MISSING_PRICE_INCREASE: {
    advice: 'say by how much the price increases with each renewal',
    target: 'autoRenewal.priceIncrease',
  },
  TOO_MANY_BACKDATED_CHARGES: { advice: 'leave one installment at most on or before the last day to accept', target: 'schedule' },
  TOO_MANY_BUYER_ACCOUNTS: { advice: 'name 25 buyer accounts at most', target: 'buyerAccountIds' },
  TOO_MANY_CHARGES: { advice: 'use 60 installments at most', target: 'schedule' },
  TOO_MANY_GRANTS: { advice: 'grant fewer dimensions', target: 'grants' },
  TOO_MANY_OFFERS: { advice: 'wait until fewer offers are in work, then submit again', target: SELLER },
  TOO_MANY_RATES: { advice: 'grant fewer dimensions', target: 'grants' },
}
