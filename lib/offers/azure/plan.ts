import type { AzureOffer } from '../offer.ts'
import { endsOn } from '../request-azure.ts'
import { azureCall } from './call.ts'
import { uniqueName } from './name.ts'
import { pricesOf } from './price.ts'
import { pricingItemsOf } from './pricing-items.ts'
import { CONFIGURE, OFFER_TYPES, offerIdOf, PRIVATE_OFFER, pricingTypeOf } from './words.ts'

const typesOf = (offer: AzureOffer) => ({
  privateOfferType: OFFER_TYPES[offer.kind],
  offerPricingType: pricingTypeOf(offer),
})

const beneficiariesOf = ({ billingAccountId, accountId, cspTenants = [] }: AzureOffer) => {
  if (billingAccountId) return [{ id: billingAccountId, description: accountId }]
  const recipient = (id: string) => ({ id, recipientType: 'cspCustomer' })
  return cspTenants.map(({ tenantId, customerTenantIds }) => ({
    id: tenantId,
    ...(customerTenantIds && { beneficiaryRecipients: customerTenantIds.map(recipient) }),
  }))
}

const partnersOf = ({ sellingPartner }: AzureOffer) =>
  sellingPartner
    ? { partners: [{ id: sellingPartner.sellerId, partnerName: sellingPartner.name, location: sellingPartner.location }] }
    : {}

const termsOf = ({ termsUrl, termsDocuments }: AzureOffer) => ({
  ...(termsUrl && { termsAndConditionsDocSasUrl: termsUrl }),
  ...(termsDocuments && {
    termsAndConditionsDocs: termsDocuments.map(({ url, fileName, title }) => ({
      sasUrl: url,
      fileName,
      customerFacingDocumentName: title,
    })),
  }),
})

const datesOf = (offer: AzureOffer) => ({
  variableStartDate: !offer.startsOn,
  ...(offer.startsOn && { start: offer.startsOn }),
  end: endsOn(offer),
  ...(offer.kind !== 'csp' && { acceptBy: offer.expiresOn }),
})

const upgradeOf = ({ predecessor }: AzureOffer) =>
  predecessor ? { upgradedFrom: { name: predecessor.name, id: offerIdOf(predecessor.externalId) } } : {}

/** What the one who prepares an offer says beside its price. */
const saidOf = (offer: AzureOffer) => ({
  ...(offer.preparedBy && { preparedBy: offer.preparedBy }),
  ...(offer.notes && { notes: offer.notes }),
  ...termsOf(offer),
  notificationContacts: offer.notificationContacts,
})

const privateOfferOf = (offer: AzureOffer) => ({
  $schema: PRIVATE_OFFER,
  name: uniqueName(offer),
  state: 'live',
  ...typesOf(offer),
  ...(offer.customerContractRenewal !== undefined && { customerContractRenewal: offer.customerContractRenewal }),
  ...datesOf(offer),
  ...saidOf(offer),
  beneficiaries: beneficiariesOf(offer),
  ...partnersOf(offer),
  pricing: pricingItemsOf(offer),
  ...upgradeOf(offer),
})

const markupsOf = ({ productId, pricing }: AzureOffer) =>
  pricing.model === 'markup'
    ? pricing.markups.map(({ planId, percent, ...of }) => {
        const product = of.productId ?? productId
        return {
          product: `product/${product}`,
          ...(planId && { plan: `plan/${product}/${planId}` }),
          markupPercentage: Number(percent),
        }
      })
    : []

/** Our part of an offer that we received; what its originator has fixed is read and sent along when it goes out. */
export const sellingPart = (offer: AzureOffer) => ({
  $schema: PRIVATE_OFFER,
  id: offerIdOf(offer.receivedOfferId ?? ''),
  state: 'live',
  privateOfferType: OFFER_TYPES[offer.kind],
  ...saidOf(offer),
  originatorPricing: markupsOf(offer),
})

export const configuring = (...resources: object[]) => ({ $schema: CONFIGURE, resources })

/** An offer's prices first, where it has its own, then the offer that points to them. */
const creation = (offer: AzureOffer) =>
  offer.kind === 'multiparty-selling-partner'
    ? configuring(sellingPart(offer))
    : configuring(...pricesOf(offer), privateOfferOf(offer))

const STATES = { withdraw: 'withdrawn', delete: 'deleted' } as const

type Shown = { name: string; offerPricingType?: string | null | undefined }

/** The request that takes an offer back, or removes the draft that it then rests as; `shown` is how the marketplace shows it. */
export const command = (kind: keyof typeof STATES, offer: AzureOffer, { name, offerPricingType }: Shown) =>
  configuring({
    $schema: PRIVATE_OFFER,
    id: offerIdOf(offer.externalId ?? ''),
    name,
    ...typesOf(offer),
    // Of a received offer only its originator knows it.
    ...(offer.kind === 'multiparty-selling-partner' && offerPricingType && { offerPricingType }),
    state: STATES[kind],
  })

/** The request of the call that is open, was the last one or would come next. */
export const configureRequest = (offer: AzureOffer) => {
  const kind = azureCall(offer)
  return kind === 'create' ? creation(offer) : command(kind, offer, { name: offer.externalName ?? uniqueName(offer) })
}
