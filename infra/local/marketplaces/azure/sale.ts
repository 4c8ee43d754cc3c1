import { conflict } from '../../../../lib/core/errors.ts'
import type { World } from '../stand-in.ts'
import { newGuid, stamp } from './api.ts'
import { type PlanView, soldBy } from './available-plan.ts'
import { type Catalogue, catalogueOf, productIn } from './catalogue.ts'
import type { Offer } from './offer-state.ts'
import type { Subscription } from './subscription.ts'
import { AZURE, publisherOf } from './tenant.ts'

const person = (emailId: string) => ({
  emailId,
  objectId: 'b0000000-0000-4000-8000-000000000001',
  tenantId: AZURE.customerTenantId,
  puid: '1003000000000001',
})

type Sale = { name: string; publisherId: string; offerId: string; plan: PlanView; termUnit: string; quantity: number }

/** The subscription that a sale makes, before the publisher turns it on. */
export const bought = (world: World, { name, publisherId, offerId, plan, termUnit, quantity }: Sale): Subscription => ({
  id: newGuid(world),
  name,
  publisherId,
  offerId,
  planId: plan.planId,
  quantity: plan.isPricePerSeat ? quantity : null,
  beneficiary: person('ops@fabrikam.example'),
  purchaser: person('buyer@fabrikam.example'),
  allowedCustomerOperations: ['Delete', 'Update', 'Read'],
  sessionMode: 'None',
  isFreeTrial: false,
  isTest: false,
  sandboxType: 'None',
  saasSubscriptionStatus: 'PendingFulfillmentStart',
  term: { termUnit },
  autoRenew: true,
  created: stamp(world.now()),
  lastModified: '0001-01-01T00:00:00',
})

/** A reseller sells as soon as its offer is live; whoever buys for itself accepts first. */
const isOpen = ({ acceptedAt, state, fields }: Offer) =>
  fields.privateOfferType === 'cspPromotion' ? state === 'live' : acceptedAt !== undefined

export const mustBeOnSale = (offer: Offer, today: string) => {
  const { fields } = offer
  if (!isOpen(offer) || (fields.start ?? today) > today || (fields.end ?? today) < today)
    throw conflict('the private offer is not accepted, or not within its dates: accept it first')
}

/** `plan`: by its id or its name; the first one unless it is said. */
export type Choice = { plan?: string | undefined; termUnit?: string | undefined; quantity?: number | undefined }

const chosen = (offer: Offer, catalogue: Catalogue, wanted: string | undefined) => {
  const sold = soldBy(offer, catalogue)
  if (sold.length === 0) throw conflict('the private offer sells no SaaS plan')
  const found = sold.find(({ plan }) => wanted === undefined || [plan.planId, plan.displayName].includes(wanted))
  if (found) return found
  throw conflict(`the private offer sells ${sold.map(({ plan }) => plan.displayName).join(', ')} only`, 'plan')
}

/** What is sold by an offer when it is chosen so. */
export const saleOf = async (world: World, offer: Offer, { plan: named, termUnit: wanted, quantity }: Choice): Promise<Sale> => {
  const catalogue = await catalogueOf(world)
  const { plan, product } = chosen(offer, catalogue, named)
  const terms = plan.planComponents.recurrentBillingTerms.map((term) => term.termUnit)
  const termUnit = terms.findLast((term) => term === (wanted ?? term))
  if (!termUnit) throw conflict(`the plan is sold for ${terms.join(', ')} only`, 'termUnit')
  const { publisherId } = await publisherOf(world)
  const { minQuantity, maxQuantity } = plan
  const users = quantity ?? minQuantity
  if (users < minQuantity || users > maxQuantity)
    throw conflict(`the plan is for ${minQuantity} to ${maxQuantity} users`, 'quantity')
  return {
    name: offer.fields.name,
    publisherId,
    offerId: productIn(catalogue, product)?.externalId ?? '',
    plan,
    termUnit,
    quantity: users,
  }
}
