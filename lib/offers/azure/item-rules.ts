import { salesOf } from '../items.ts'
import type { AzureOffer, Problem } from '../offer.ts'
import { pricingTypesOf } from './words.ts'

// What the items of an offer must say together.

const problem = (code: string, target: string, message: string): Problem => ({ code, target, message })
type Items = NonNullable<AzureOffer['items']>

const TOTALS = {
  price: 'price_not_total',
  listPrice: 'list_price_not_total',
} as const

const offTotal = (offer: AzureOffer, items: Items) =>
  (['price', 'listPrice'] as const).flatMap((field) => {
    const total = items.reduce((sum, item) => sum + item[field].amount, 0)
    if (offer[field].amount === total) return []
    const message = `it must be the total of the items, which is ${total}: correct it, or the item that is wrong`
    return [problem(TOTALS[field], `${field}.amount`, message)]
  })

const KINDS = {
  editExistingOfferPricingOnly: 'changes the price of a public plan',
  saasNewCustomizedPlans: 'makes a private plan',
  newCustomizedPlans: 'makes a private plan',
  vmSoftwareReservations: 'reserves virtual machines',
}

/** Microsoft knows one `offerPricingType` an offer. */
const ofOtherKind = (offer: AzureOffer) => {
  const types = pricingTypesOf(offer)
  const [first = 'editExistingOfferPricingOnly'] = types
  return types.flatMap((type, at) => {
    if (type === first) return []
    const message = `it ${KINDS[type]}, and items.0 ${KINDS[first]}: Microsoft takes one or the other in an offer; give all items a planName and planDescription or none, or make two offers`
    return [problem('items_of_two_kinds', `items.${at}`, message)]
  })
}

const isSame = (a = '', b = '') => a.trim().toLowerCase() === b.trim().toLowerCase()

/** A purchase tells its plan: a private one by its name, a public one by its ids. */
const sellsSame = (a: AzureOffer, b: AzureOffer) => {
  if (a.planName && b.planName) return isSame(a.planName, b.planName)
  return isSame(a.productId, b.productId) && (!a.basePlanId || !b.basePlanId || isSame(a.basePlanId, b.basePlanId))
}

const soldTwice = (offer: AzureOffer) => {
  const sales = salesOf(offer)
  return sales.flatMap((sale, at) => {
    const earlier = sales.slice(0, at).findIndex((other) => sellsSame(other, sale))
    if (earlier < 0) return []
    const message = sale.planName
      ? `items.${earlier} makes a plan of this name: give each a name of its own, which the customer chooses by`
      : `items.${earlier} has a price for this plan: take one of the two away`
    return [problem('plan_twice', `items.${at}.${sale.planName ? 'planName' : 'basePlanId'}`, message)]
  })
}

const ofReceived: Problem = problem(
  'field_not_taken',
  'items',
  'a received multiparty offer has the items of its originator: leave this out, and give each its markup in pricing.markups',
)

/** What Microsoft, or nobody later, could make of the items of an offer. */
export const itemProblems = (offer: AzureOffer): Problem[] => {
  if (!offer.items) return []
  if (offer.kind === 'multiparty-selling-partner') return [ofReceived]
  return [...offTotal(offer, offer.items), ...ofOtherKind(offer), ...soldTwice(offer)]
}
