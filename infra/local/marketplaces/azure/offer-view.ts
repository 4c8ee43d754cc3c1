import { type Catalogue, planIn, productIn } from './catalogue.ts'
import { type Offer, subStateOf } from './offer-state.ts'
import type { PricingItem } from './private-offer.ts'

const itemView = (item: PricingItem, catalogue: Catalogue) => {
  const { product, ...rest } = item
  const planId = item.plan ?? item.basePlan
  const names = {
    productName: productIn(catalogue, product)?.alias,
    ...(planId && { planName: planIn(catalogue, planId)?.alias }),
  }
  return { product, ...rest, ...names }
}

const REACHED = ['pendingAcceptance', 'accepted']

const linksOf = (offer: Offer) =>
  REACHED.includes(subStateOf(offer) ?? '')
    ? (offer.fields.beneficiaries ?? []).map(({ id }) => ({
        beneficiaryId: id,
        link: `https://portal.azure.com/#view/private-offer-acceptance/privateOfferId/${offer.guid}`,
      }))
    : null

const eTagOf = ({ revision }: Offer) => `"00000000-0000-0800-0000-${String(revision).padStart(12, '0')}"`
const $schema = 'https://schema.mp.microsoft.com/schema/private-offer/2023-07-15'

const ownView = (offer: Offer, catalogue: Catalogue) => {
  const { guid, state, fields, lastModified } = offer
  return {
    id: `private-offer/${guid}`,
    name: fields.name,
    privateOfferType: fields.privateOfferType,
    offerPricingType: fields.offerPricingType,
    upgradedFrom: fields.upgradedFrom ?? null,
    variableStartDate: fields.variableStartDate ?? null,
    start: fields.start ?? null,
    end: fields.end ?? null,
    acceptBy: fields.acceptBy ?? null,
    preparedBy: fields.preparedBy ?? null,
    notificationContacts: fields.notificationContacts ?? [],
    state,
    subState: subStateOf(offer),
    // A link with a secret in it is never shown again.
    termsAndConditionsDocSasUrl: null,
    beneficiaries: (fields.beneficiaries ?? []).map((each) => ({ beneficiaryRecipients: null, ...each })),
    ...(fields.partners && { partners: fields.partners }),
    ...(fields.termsAndConditionsDocs && { termsAndConditionsDocs: fields.termsAndConditionsDocs }),
    pricing: (fields.pricing ?? []).map((item) => itemView(item, catalogue)),
    ...(fields.notes && { notes: fields.notes }),
    lastModified,
    acceptanceLinks: linksOf(offer),
    eTag: eTagOf(offer),
    $schema,
    validations: null,
    resourceName: null,
  }
}

/** A received offer: its type is cased otherwise than on writes, and absent is what is not there. */
const receivedView = (offer: Offer, catalogue: Catalogue) => {
  const { guid, state, fields, lastModified } = offer
  const subState = subStateOf(offer)
  return {
    id: `private-offer/${guid}`,
    name: fields.name,
    privateOfferType: 'multiPartyPromotionChannelPartner',
    offerPricingType: fields.offerPricingType,
    variableStartDate: fields.variableStartDate,
    ...(fields.start && { start: fields.start }),
    end: fields.end,
    acceptBy: fields.acceptBy,
    ...(fields.preparedBy && { preparedBy: fields.preparedBy }),
    notificationContacts: fields.notificationContacts ?? [],
    state,
    ...(subState && { subState, acceptanceLinks: linksOf(offer) }),
    originatorTermsAndConditionsDocs: fields.originatorTermsAndConditionsDocs ?? [],
    termsAndConditionsDocs: fields.termsAndConditionsDocs ?? [],
    beneficiaries: fields.beneficiaries ?? [],
    partners: fields.partners ?? [],
    originatorPricing: (fields.originatorPricing ?? []).map((item) => itemView(item, catalogue)),
    ...(fields.notes && { notes: fields.notes }),
    lastModified,
    eTag: eTagOf(offer),
    $schema,
  }
}

/** A private offer as it is read. */
export const offerView = (offer: Offer, catalogue: Catalogue) =>
  (offer.fields.privateOfferType === 'multipartyPromotionChannelPartner' ? receivedView : ownView)(offer, catalogue)

/** A private offer as a row of the query: without prices and links, and without what it does not have. */
export const offerRow = (offer: Offer) => {
  const subState = subStateOf(offer)
  const { name, privateOfferType, start, end, acceptBy } = offer.fields
  const dates = { ...(start && { start }), ...(end && { end }), ...(acceptBy && { acceptBy }) }
  const state = { state: offer.state, ...(subState && { subState }) }
  return { id: `private-offer/${offer.guid}`, name, privateOfferType, ...state, ...dates, lastModified: offer.lastModified }
}
