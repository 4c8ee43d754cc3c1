import type { Detail } from './details.ts'
import { after } from './duration.ts'
import { seconds } from './events.ts'
import type { PricingTerm, Term } from './term-fields.ts'

export type Targeting = {
  PositiveTargeting?: { BuyerAccounts?: string[] | undefined; CountryCodes?: string[] | undefined } | undefined
  NegativeTargeting?: { CountryCodes?: string[] | undefined } | undefined
}

export type Offer = {
  id: string
  revision: number
  state: 'Draft' | 'Released'
  productId: string
  offerSetId?: string | undefined
  /** The authorisation that it is made from, and what is added to its prices in percent. */
  resaleAuthorizationId?: string
  markup?: string
  /** The agreement whose place the accepted offer takes. */
  replaces?: string
  name?: string | undefined
  description?: string | undefined
  preExistingAgreement?: { AcquisitionChannel: string; PricingModel: string } | null | undefined
  pricingModel?: string
  terms: Term[]
  targeting?: Targeting
  availabilityEndDate?: string | undefined
  releaseDate?: string
  lastModifiedDate: string
}

export const OFFERS = 'aws.offers'

export const newOffer = (id: string, at: string): Offer => ({
  id,
  revision: 0,
  state: 'Draft',
  productId: '',
  terms: [],
  lastModifiedDate: at,
})

export const isPricing = (term: Term): term is PricingTerm => term.Type.endsWith('PricingTerm')

/** The term of a type, of which an offer has at most one. */
export const termOf = <T extends Term['Type']>(offer: Pick<Offer, 'terms'>, type: T) =>
  offer.terms.find((term): term is Extract<Term, { Type: T }> => term.Type === type)

const replaced = (offer: Offer, isOld: (term: Term) => boolean, terms: Term[]): Offer => ({
  ...offer,
  terms: [...offer.terms.filter((term) => !isOld(term)), ...terms],
})

/** The offer after one change; every change of terms replaces all terms of its kind. */
export const changed = (offer: Offer, { type, fields }: Detail, at: string): Offer => {
  switch (type) {
    case 'CreateOffer':
      return { ...offer, productId: fields.ProductId, name: fields.Name, offerSetId: fields.OfferSetId }
    case 'CreateReplacementOffer':
      return { ...offer, replaces: fields.AgreementId, name: fields.Name }
    case 'CreateOfferUsingResaleAuthorization': {
      const { ResaleAuthorizationId: resaleAuthorizationId, Name: name, Description: description } = fields
      return { ...offer, resaleAuthorizationId, name, description }
    }
    case 'CreateReplacementOfferUsingResaleAuthorization': {
      const { ResaleAuthorizationId: resaleAuthorizationId, AgreementId: replaces, Name: name } = fields
      return { ...offer, resaleAuthorizationId, replaces, name }
    }
    case 'UpdateMarkup':
      return { ...offer, markup: fields.Percentage }
    case 'UpdateInformation':
      return {
        ...offer,
        name: fields.Name ?? offer.name,
        description: fields.Description ?? offer.description,
        preExistingAgreement:
          fields.PreExistingAgreement === undefined ? offer.preExistingAgreement : fields.PreExistingAgreement,
      }
    case 'UpdateTargeting':
      return { ...offer, targeting: fields }
    case 'UpdateAvailability':
      return { ...offer, availabilityEndDate: fields.AvailabilityEndDate }
    case 'ReleaseOffer':
      return { ...offer, state: 'Released', releaseDate: offer.releaseDate ?? at }
    case 'UpdatePricingTerms':
      return { ...replaced(offer, isPricing, fields.Terms), pricingModel: fields.PricingModel }
    default:
      return replaced(offer, (term) => term.Type === TERM_OF[type], fields.Terms)
  }
}

const TERM_OF = {
  UpdateValidityTerms: 'ValidityTerm',
  UpdatePaymentScheduleTerms: 'PaymentScheduleTerm',
  UpdateNetPaymentTerms: 'NetPaymentTerm',
  UpdateLegalTerms: 'LegalTerm',
  UpdateRenewalTerms: 'RenewalTerm',
} as const

export const buyersOf = (offer: Pick<Offer, 'targeting'>) => offer.targeting?.PositiveTargeting?.BuyerAccounts ?? []

/** Whether the offer can no longer be accepted on a day; its end date still counts. */
export const isExpired = (offer: Offer, today: string) =>
  offer.availabilityEndDate !== undefined && offer.availabilityEndDate < today

/** Start and end of the agreement that an acceptance makes; without an end when no term sets one. */
export const periodOf = (offer: Offer, acceptedAt: string, selected?: string): { start: string; end?: string } => {
  const { AgreementStartDate, AgreementEndDate, AgreementDuration } = termOf(offer, 'ValidityTerm') ?? {}
  if (AgreementStartDate && AgreementEndDate)
    return { start: `${AgreementStartDate}T00:00:00.000Z`, end: `${AgreementEndDate}T23:59:59.999Z` }
  if (AgreementEndDate) return { start: acceptedAt, end: `${AgreementEndDate}T23:59:59.999Z` }
  const duration = AgreementDuration ?? termOf(offer, 'FixedUpfrontPricingTerm')?.Duration ?? selected
  return { start: acceptedAt, ...(duration && { end: after(acceptedAt, duration) }) }
}

// Written as a date, read back as an instant.
const asRead = (term: Term): unknown =>
  term.Type === 'PaymentScheduleTerm'
    ? { ...term, Schedule: term.Schedule.map((row) => ({ ...row, ChargeDate: `${row.ChargeDate}T00:00:00.000Z` })) }
    : term

/** The offer as DescribeEntity tells it. */
export const offerDocument = (offer: Offer) => ({
  Id: offer.id,
  State: offer.state,
  Name: offer.name,
  Description: offer.description,
  ProductId: offer.productId,
  ...(offer.resaleAuthorizationId && { ResaleAuthorizationId: offer.resaleAuthorizationId }),
  ...(offer.markup && { MarkupPercentage: offer.markup }),
  ...(offer.preExistingAgreement && { PreExistingAgreement: offer.preExistingAgreement }),
  Terms: offer.terms.map(asRead),
  Rules: [
    ...(offer.targeting ? [{ Type: 'TargetingRule', ...offer.targeting }] : []),
    ...(offer.availabilityEndDate ? [{ Type: 'AvailabilityRule', AvailabilityEndDate: offer.availabilityEndDate }] : []),
  ],
})

const targetingOf = ({ targeting }: Offer) => {
  const { BuyerAccounts, CountryCodes } = targeting?.PositiveTargeting ?? {}
  const kinds = [BuyerAccounts && 'BuyerAccounts', (CountryCodes ?? targeting?.NegativeTargeting?.CountryCodes) && 'CountryCodes']
  return kinds.some(Boolean) ? kinds.filter((kind) => kind !== undefined) : ['None']
}

/** The offer as a row of ListEntities. */
export const offerSummary = (offer: Offer) => ({
  Name: offer.name,
  ProductId: offer.productId,
  ReleaseDate: offer.releaseDate && seconds(offer.releaseDate),
  AvailabilityEndDate: offer.availabilityEndDate && `${offer.availabilityEndDate}T00:00:00Z`,
  BuyerAccounts: buyersOf(offer),
  State: offer.state,
  Targeting: targetingOf(offer),
  CreatedBySource: 'Seller',
})
