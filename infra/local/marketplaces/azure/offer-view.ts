import { type Catalogue, planIn, productIn } from './catalogue.ts'
import type { Offer } from './offer-state.ts'
import type { PricingItem } from './private-offer.ts'

const subStateOf = ({ state, acceptedAt }: Offer) => (state === 'draft' ? null : acceptedAt ? 'accepted' : 'pendingAcceptance')

const itemView = (item: PricingItem, catalogue: Catalogue) => {
  const { product, ...rest } = item
  const planId = item.plan ?? item.basePlan
  const names = {
    productName: productIn(catalogue, product)?.alias,
    ...(planId && { planName: planIn(catalogue, planId)?.alias }),
  }
  return { product, ...rest, ...names }
}

const linksOf = ({ guid, state, fields }: Offer) =>
  state === 'draft'
    ? null
    : (fields.beneficiaries ?? []).map(({ id }) => ({
        beneficiaryId: id,
        link: `https://portal.azure.com/#view/private-offer-acceptance/privateOfferId/${guid}`,
      }))

/** A private offer as it is read. */
export const offerView = (offer: Offer, catalogue: Catalogue) => {
  const { guid, state, fields, lastModified, revision } = offer
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
    pricing: (fields.pricing ?? []).map((item) => itemView(item, catalogue)),
    ...(fields.notes && { notes: fields.notes }),
    lastModified,
    acceptanceLinks: linksOf(offer),
    eTag: `"00000000-0000-0800-0000-${String(revision).padStart(12, '0')}"`,
    $schema: 'https://schema.mp.microsoft.com/schema/private-offer/2023-07-15',
    validations: null,
    resourceName: null,
  }
}

/** A private offer as a row of the query: without prices and links, and without what it does not have. */
export const offerRow = (offer: Offer) => {
  const subState = subStateOf(offer)
  const { name, privateOfferType, start, end, acceptBy } = offer.fields
  const dates = { ...(start && { start }), ...(end && { end }), ...(acceptBy && { acceptBy }) }
  const state = { state: offer.state, ...(subState && { subState }) }
  return { id: `private-offer/${offer.guid}`, name, privateOfferType, ...state, ...dates, lastModified: offer.lastModified }
}
