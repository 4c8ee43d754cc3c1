import { Id } from '../../events/vocabulary.ts'
import { Money } from '../core/money.ts'
import { addDays, addMonths, DateText, dateText, lastDay, monthIndex } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { common } from './request-common.ts'

const Percent = z.pattern(/^\d{1,3}(\.\d{1,2})?$/, 'a decimal text with up to 2 decimals, like 12.5')
const Count = z.int().check(z.minimum(1))
const Note = z.optional(z.text(100))

const Meter = z.strictObject({
  meterId: z.text(100),
  /** What a unit beyond the included ones costs; finer than a cent. */
  pricePerUnit: z.pattern(/^\d{1,8}(\.\d{1,6})?$/, 'a decimal text in USD with up to 6 decimals, like 0.002'),
  included: z.union([z.int().check(z.minimum(0)), z.literal('unlimited')]),
})

const plans = {
  productType: z._default(z.enum(['saas', 'professional-services']), 'saas'),
  meters: z.described(z.optional(z.list(Meter, 30)), 'usage beside the recurrent price; `price` does not hold it'),
}

const Size = z.strictObject({
  size: z.described(z.text(50), 'as Microsoft names it, like 36Core'),
  quantity: Count,
  unitPrice: z.described(z.strict(Money), 'of one, for each payment'),
})

const Installment = z.strictObject({ on: DateText, amount: z.strict(Money), note: Note })

/** How the price comes about. `price` is the total of the whole term in every model; the words below say what it must agree with. */
const Pricing = z.discriminatedUnion('model', [
  z.described(
    z.strictObject({ model: z.literal('percentage'), discountPercent: Percent }),
    'off the public price of basePlanId, or of every plan of the product; `price` is the list price less the percentage',
  ),
  z.described(z.strictObject({ model: z.literal('flat-rate'), ...plans }), '`price` in equal payments'),
  z.described(
    z.strictObject({ model: z.literal('per-user'), users: Count, minUsers: Count, maxUsers: Count }),
    '`price` is what you expect to be bought: that of `users` users; one user costs its equal part',
  ),
  z.described(
    z.strictObject({ model: z.literal('vm-reservation'), sizes: z.list(Size, 50) }),
    '`price` is the sum of quantity × unitPrice × payments',
  ),
  z.described(
    z.strictObject({
      model: z.literal('flexible-schedule'),
      ...plans,
      initialCharge: z.strictObject({ amount: z.strict(Money), note: Note }),
      installments: z.list(Installment, 70),
    }),
    '`price` is the sum of the charges; only with the setting AZURE_FLEXIBLE_BILLING',
  ),
  z.described(
    z.strictObject({
      model: z.literal('markup'),
      markups: z.list(z.strictObject({ productId: z.optional(Id), planId: z.optional(Id), percent: Percent }), 10),
    }),
    'on each price of the offer that you received; `price` is what you expect the markup to bring',
  ),
])

const Terms = z.strictObject({ url: z.url(), fileName: z.text(200), title: z.text(200) })

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
  basePlanId: z.described(
    z.optional(z.text(200)),
    'the public plan (guid): the private plan is made from it, or its price is changed',
  ),
  planName: z.described(z.optional(z.text(50)), 'of the private plan; without one the price of the public plan is changed'),
  planDescription: z.optional(z.text(500)),
  payments: z.optional(z.enum(['monthly', 'yearly', 'upfront'])),
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
}
