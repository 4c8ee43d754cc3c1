import type { AwsOffer } from '../offer.ts'
import type { Detail } from './detail.ts'
import { paymentSchedule, pricingOf } from './pricing.ts'

// A wholesale term has the fields of a buyer's term and "Resale" before its type.
const wholesale = <T extends { Type: string }>(term: T) => ({ ...term, Type: `Resale${term.Type}` })

const wholesalePricing = (offer: AwsOffer) => {
  const { PricingModel, Terms } = pricingOf(offer)
  return { PricingModel, Terms: Terms.map(wholesale) }
}

const buyerDocument = ({ eula }: AwsOffer) =>
  eula.type === 'standard' ? { Type: 'StandardEula' } : { Type: 'CustomEula', Url: eula.url }

const legalTerms = (offer: AwsOffer) => [
  { Type: 'BuyerLegalTerm', Documents: [buyerDocument(offer)] },
  { Type: 'ResaleLegalTerm', Documents: [{ Type: 'StandardResellerContract' }] },
]

const targeting = (BuyerAccounts: string[]) => ({ Terms: [{ Type: 'BuyerTargetingTerm', PositiveTargeting: { BuyerAccounts } }] })

/** The changes that let a reseller make one offer: an authorisation for each deal is what tells the deal when it is accepted. */
export const authorizationDetails = (offer: AwsOffer, resellerAccountId: string, description: string): Detail[] => {
  const { productId, name, schedule, expiresOn, buyerAccountIds } = offer
  const made = { ProductId: productId, Name: name, Description: description, ResellerAccountId: resellerAccountId }
  return [
    ['CreateResaleAuthorization', made],
    ['UpdatePricingTerms', wholesalePricing(offer)],
    ['UpdatePaymentScheduleTerms', schedule && { Terms: [wholesale(paymentSchedule(offer))] }],
    ['UpdateAvailability', { AvailabilityEndDate: expiresOn, OffersMaxQuantity: 1 }],
    ['UpdateBuyerTargetingTerms', buyerAccountIds && targeting(buyerAccountIds)],
    ['UpdateLegalTerms', { Terms: legalTerms(offer) }],
    ['ReleaseResaleAuthorization', {}],
  ]
}
