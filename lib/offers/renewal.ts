import { unprocessable } from '../core/errors.ts'
import type { AzureOffer, Offer, OfferRequest } from './offer.ts'
import { endsOn } from './request-azure.ts'

type Renewing = Extract<OfferRequest, { marketplace: 'azure' }>

/** What of an offer only a new one can change: Microsoft's upgrade takes other prices, dates, terms and contacts. */
const KEPT = ['accountId', 'kind', 'billingAccountId'] as const
const KEPT_OF_ITEMS = ['productId', 'basePlanId', 'pricing.model'] as const

const refusal = (target: string, message: string) =>
  unprocessable('this is no renewal of that offer', [{ target, code: 'renewal_differs', message }])

/** What an offer sells, in its order, as far as a renewal keeps it. */
const soldBy = (offer: Renewing) =>
  (offer.items ?? [offer]).map(
    ({ productId = offer.productId, basePlanId = offer.basePlanId, pricing = offer.pricing }) =>
      ({ productId, basePlanId, 'pricing.model': pricing.model }) as const,
  )

const otherItem = (input: Renewing, earlier: Renewing) => {
  const [sold, before] = [soldBy(input), soldBy(earlier)]
  if (sold.length !== before.length) return 'items'
  const [other] = sold.flatMap((item, at) => {
    const field = KEPT_OF_ITEMS.find((name) => item[name] !== before[at]?.[name])
    return field ? [input.items ? `items.${at}.${field}` : field] : []
  })
  return other
}

const isInForce = ({ kind, status }: AzureOffer) => status === 'accepted' || (kind === 'csp' && status === 'released')

/** The offer that a request renews, as Microsoft knows it. Throws `unprocessable` where it cannot be renewed by this request. */
export const predecessorOf = (input: Renewing, earlier: Offer) => {
  if (earlier.marketplace !== 'azure' || !earlier.externalId || !isInForce(earlier))
    throw refusal('upgradedFrom', 'only an offer on Azure that its customer has accepted can be renewed: make a new one')
  const other = KEPT.find((field) => input[field] !== earlier[field]) ?? otherItem(input, earlier)
  if (other) throw refusal(other, `a renewal keeps the ${other} of the offer that it renews: correct it, or make a new offer`)
  return { externalId: earlier.externalId, name: earlier.externalName ?? earlier.name, endsOn: endsOn(earlier) }
}
