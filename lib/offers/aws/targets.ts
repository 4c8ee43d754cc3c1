import type { AwsOffer } from '../offer.ts'

const BY_CHANGE: Record<string, string> = {
  AddDimensions: 'newDimensions',
  CreateOffer: 'productId',
  CreateOfferUsingResaleAuthorization: 'resale.authorizationId',
  CreateReplacementOffer: 'replaces',
  CreateReplacementOfferUsingResaleAuthorization: 'resale.authorizationId',
  CreateResaleAuthorization: 'authorises.resellerAccountId',
  UpdateMarkup: 'resale.markupPercent',
  UpdateNetPaymentTerms: 'netDays',
  UpdateInformation: 'name',
  UpdateTargeting: 'buyerAccountIds',
  UpdateBuyerTargetingTerms: 'buyerAccountIds',
  UpdatePricingTerms: 'grants',
  UpdateValidityTerms: 'termMonths',
  UpdatePaymentScheduleTerms: 'schedule',
  UpdateRenewalTerms: 'autoRenewal',
  UpdateLegalTerms: 'eula',
  UpdateAvailability: 'expiresOn',
  ReleaseOffer: 'marketplace',
}

/** The field of our request that a change of the provider was made from. */
export const targetOfChange = (changeType = '') => BY_CHANGE[changeType] ?? 'marketplace'

// The provider's JSON paths, by their ends; $1 is a position in a list.
const BY_PATH: [RegExp, string][] = [
  [/BuyerAccounts\[(\d+)\]$/, 'buyerAccountIds.$1'],
  [/Schedule\[(\d+)\]\.ChargeDate$/, 'schedule.$1.on'],
  [/Schedule\[(\d+)\]\.ChargeAmount$/, 'schedule.$1.amount'],
  [/TermTemplates\[\d+\]\.Schedule\[(\d+)\]/, 'autoRenewal.installments.$1'],
  [/TermTemplates/, 'autoRenewal.installments'],
  [/PriceIncrease/, 'autoRenewal.priceIncrease'],
  [/LockoutPeriod$/, 'autoRenewal.lockoutDays'],
  [/AdjustmentDeadline$/, 'autoRenewal.adjustmentDeadlineDays'],
  [/MaxRenewals$/, 'autoRenewal.maxRenewals'],
  [/Grants\[(\d+)\]\.DimensionKey$/, 'grants.$1.dimension'],
  [/Grants\[(\d+)\]\.MaxQuantity$/, 'grants.$1.quantity'],
  [/RateCard\[(\d+)\]\.DimensionKey$/, 'grants.$1.dimension'],
  [/AgreementStartDate$/, 'startsOn'],
  [/AgreementEndDate$/, 'endsOn'],
  [/AgreementId$/, 'replaces'],
  [/OfferSetId$/, 'offerSetId'],
  [/ProductId$/, 'productId'],
  [/ResellerAccountId$/, 'authorises.resellerAccountId'],
  [/ResaleAuthorizationId$/, 'resale.authorizationId'],
  [/Percentage$/, 'resale.markupPercent'],
  [/PaymentDuePeriod$/, 'netDays'],
  [/Price$/, 'price'],
  [/CurrencyCode$/, 'price.currency'],
  [/(Selector\.Value|Duration)$/, 'termMonths'],
  [/Url$/, 'eula.url'],
]

/** The field of our request that the provider's path points at; without a known one, that of the change. */
export const targetOfPath = (path = '', changeType = '') => {
  for (const [pattern, target] of BY_PATH) {
    const match = pattern.exec(path)
    if (match) return target.replace('$1', match[1] ?? '')
  }
  return targetOfChange(changeType)
}

const positions = (values: string[], text: string, target: (index: number) => string) =>
  values.flatMap((value, index) => (text.includes(value) ? [target(index)] : []))

/** The entries of a list that the provider's text names, or the whole field when it names none. */
export const targetsNamed = (offer: AwsOffer, target: string, text: string): string[] => {
  const named: Record<string, string[]> = {
    buyerAccountIds: positions(offer.buyerAccountIds ?? [], text, (index) => `buyerAccountIds.${index}`),
    schedule: positions(offer.schedule?.map(({ on }) => on) ?? [], text, (index) => `schedule.${index}.on`),
  }
  return named[target]?.length ? named[target] : [target]
}
