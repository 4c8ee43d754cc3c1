import type { World } from '../stand-in.ts'
import { type PlanView, publicPlanView, soldBy } from './available-plan.ts'
import { type Catalogue, catalogueOf } from './catalogue.ts'
import type { Offer } from './offer-state.ts'
import type { Purchase } from './subscription.ts'

/** A plan that a subscription may have; `privateOffer` is the guid of the offer that sells it. */
export type OfferedPlan = { plan: PlanView; privateOffer?: string }

const customerOf = ({ fields }: Offer) => fields.beneficiaries?.[0]?.id

/** What the same customer accepted. */
const isAlike = (offer: Offer, bought: Offer) => offer.acceptedAt !== undefined && customerOf(offer) === customerOf(bought)

const ofPrivateOffers = (
  offers: Offer[],
  catalogue: Catalogue,
  { privateOffer }: Purchase,
  productId?: string,
): OfferedPlan[] => {
  const bought = offers.find(({ guid }) => guid === privateOffer)
  return offers
    .filter((offer) => bought && isAlike(offer, bought))
    .flatMap((offer) =>
      soldBy(offer, catalogue)
        .filter(({ product }) => product === productId)
        .map(({ plan }) => ({ plan, privateOffer: offer.guid })),
    )
}

/** The plans that a subscription may have: the bought one first, then those of the customer's other private offers and the public ones. */
export const plansFor = async (world: World, purchase: Purchase): Promise<OfferedPlan[]> => {
  const catalogue = await catalogueOf(world)
  const offers = await world.shelf.list<Offer>('azure.offers')
  const product = catalogue.products.find(({ externalId }) => externalId === purchase.subscription.offerId)
  const publicPlans = catalogue.plans.filter((each) => each.product === product?.id).flatMap(publicPlanView)
  const all: OfferedPlan[] = [
    { plan: purchase.plan, privateOffer: purchase.privateOffer },
    ...ofPrivateOffers(offers, catalogue, purchase, product?.id),
    ...publicPlans.map((plan) => ({ plan })),
  ]
  return [...Map.groupBy(all, ({ plan }) => plan.planId).values()].flatMap(([first]) => first ?? [])
}
