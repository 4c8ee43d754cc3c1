import { Id } from '../../events/vocabulary.ts'
import { Money } from '../core/money.ts'
import { addDays, addMonths, DateText, dateText, lastDay, monthIndex } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { Pricing } from './pricing-azure.ts'
import { common } from './request-common.ts'

const Terms = z.strictObject({ url: z.url(), fileName: z.text(200), title: z.text(200) })

/** What is sold: a plan, and how it is paid. */
const plan = {
  basePlanId: z.described(
    z.optional(z.text(200)),
    'the public plan (guid): the private plan is made from it, or its price is changed',
  ),
  planName: z.described(z.optional(z.text(50)), 'of the private plan; without one the price of the public plan is changed'),
  planDescription: z.optional(z.text(500)),
  payments: z.optional(z.enum(['monthly', 'yearly', 'upfront'])),
}

/** One of several plans of an offer. What it leaves out is as the offer says it. */
const Item = z.named(
  z.strictObject({
    productId: z.optional(Id),
    pricing: z.optional(Pricing),
    ...plan,
    listPrice: z.described(z.strict(Money), 'what the whole term of this plan costs without a discount'),
    price: z.described(z.strict(Money), 'what the whole term of this plan costs in this offer'),
  }),
  'AzureItem',
)

/** A private offer to one customer, to resellers (CSP), or through a selling partner (multiparty), of which one may be the originator or the seller. */
export const AzureOfferRequest = z.strictObject({
  marketplace: z.literal('azure'),
  ...common,
  kind: z._default(z.enum(['customer', 'csp', 'multiparty-originator', 'multiparty-selling-partner']), 'customer'),
  pricing: z._default(Pricing, { model: 'flat-rate', productType: 'saas' }),
  billingAccountId: z.described(z.optional(z.text(200)), "the customer's billing account id"),
  cspTenants: z.described(
    z.optional(z.list(z.strictObject({ tenantId: z.text(100), customerTenantIds: z.optional(z.list(z.text(100), 25)) }), 150)),
    'the resellers whom the offer is for, each for all of its customers or for those named',
  ),
  sellingPartner: z.described(
    z.optional(z.strictObject({ sellerId: z.text(50), name: z.text(200), location: z.text(100) })),
    'who sells it to the customer',
  ),
  receivedOfferId: z.described(z.optional(z.text(200)), 'the private offer (guid) that its originator sent you'),
  ...plan,
  items: z.described(
    z.optional(z.list(Item, 10)),
    'several plans in one offer, of which the customer may buy each by itself: an item says its price and what differs from the fields beside this list; `price` and `listPrice` of the offer are the totals',
  ),
  startsOn: z.described(z.optional(DateText), 'the first day of a month; absent: on acceptance'),
  preparedBy: z.optional(z.email()),
  notificationContacts: z.list(z.email(), 5),
  termsUrl: z.described(z.optional(z.url()), 'the terms and conditions as one PDF'),
  termsDocuments: z.described(z.optional(z.list(Terms, 5)), 'the terms and conditions of a multiparty offer'),
  customerContractRenewal: z.described(
    z.optional(z.boolean()),
    'your attestation that the customer renews: half the agency fee; cannot be given later',
  ),
  notes: z.described(z.optional(z.text(60)), "only seen in your own analytics: the deal's id"),
  upgradedFrom: z.described(z.optional(Id), 'the offer (of Cosell) that this one renews'),
})
export type AzureOfferRequest = z.infer<typeof AzureOfferRequest>

/**
 * The last day of an offer. A term that begins on the last day for accepting ends at the latest in this month, so that the price
 * covers every term; a reseller's offer ends with its last day of sale.
 */
export const endsOn = ({ kind, startsOn, expiresOn, termMonths }: AzureOfferRequest): string => {
  if (kind === 'csp') return expiresOn
  if (startsOn) return addDays(addMonths(startsOn, termMonths), -1)
  return dateText(lastDay(monthIndex(addDays(addMonths(expiresOn, termMonths), -1))))
}

/** What Cosell adds to an offer on Azure. */
export const azureState = {
  predecessor: z.described(
    z.optional(z.object({ externalId: z.string(), name: z.string(), endsOn: DateText })),
    'the offer that this one renews, as Microsoft knows it',
  ),
  endsOn: z.described(z.optional(DateText), 'the last day on which anything can be bought through it'),
  ended: z.described(z.optional(z.boolean()), 'whether that day has passed'),
  awaits: z.described(z.optional(z.enum(['selling-partner', 'customer'])), 'who has the released multiparty offer now'),
  boughtItem: z.described(z.optional(z.int()), 'which of its items agreementId bought, counted from 0'),
}
