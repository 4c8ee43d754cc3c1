import { conflict } from '../../../../lib/core/errors.ts'
import type { World } from '../stand-in.ts'
import { newGuid } from './api.ts'
import { actOn, atTurn } from './customer.ts'
import { type Offer, subStateOf, touched } from './offer-state.ts'
import { PrivateOffer } from './private-offer.ts'
import { AZURE } from './tenant.ts'

// What the other party of a multiparty offer does in its own Partner Center.

const passing = (published: boolean, from: string, refusal: string) => (world: World, offerId: string) =>
  actOn(world, offerId, (offer) => {
    const { privateOfferType } = offer.fields
    if (privateOfferType !== 'multipartyPromotionOriginator' || subStateOf(offer) !== from) throw conflict(refusal)
    return { ...touched(offer, world.now().toISOString()), published }
  })

/** The selling partner of an offer that we originated publishes it to the customer. */
export const publishAsPartner = passing(true, 'pendingPartnerAction', 'the offer does not wait for its selling partner')

/** The selling partner takes its part back: the offer waits for it again. */
export const withdrawAsPartner = passing(false, 'pendingAcceptance', 'the offer does not wait for the customer')

const saas = `product/${AZURE.saasProductId}`

/** An offer that another originator sends to us, who are its selling partner. */
export const receiveOffer = (world: World, changes: Record<string, unknown> = {}) =>
  atTurn(world, async () => {
    const now = world.now().toISOString()
    const fields = PrivateOffer.parse({
      $schema: 'https://schema.mp.microsoft.com/schema/private-offer/2023-07-15',
      name: 'Fabrikam via Northwind',
      privateOfferType: 'multipartyPromotionChannelPartner',
      offerPricingType: 'editExistingOfferPricingOnly',
      state: 'draft',
      variableStartDate: true,
      end: '2027-12-31',
      acceptBy: '2026-12-20',
      beneficiaries: [{ id: AZURE.billingAccountId, description: 'Fabrikam' }],
      partners: [{ id: AZURE.sellerId, partnerName: 'Northwind Resale Ltd', location: 'United States' }],
      originatorPricing: [
        {
          product: saas,
          plan: `plan/${AZURE.saasProductId}/${AZURE.planId}`,
          discountType: 'percentage',
          discountPercentage: 20,
        },
      ],
      ...changes,
    })
    const offer: Offer = {
      guid: newGuid(world),
      created: now,
      lastModified: now.slice(0, 10),
      revision: 1,
      state: 'draft',
      fields,
      prices: {},
    }
    await world.shelf.put('azure.offers', offer.guid, offer)
    return { privateOfferId: offer.guid }
  })
