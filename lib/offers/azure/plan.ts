import { decimalText } from '../../core/money.ts'
import { addDays, addMonths, dateText, lastDay, monthIndex } from '../../core/period.ts'
import type { AzureOffer } from '../offer.ts'
import { callOf } from '../submission.ts'
import { uniqueName } from './name.ts'

const SCHEMA = 'https://schema.mp.microsoft.com/schema'
const CONFIGURE = `${SCHEMA}/configure/2022-07-01`
const PRICE = `${SCHEMA}/price-and-availability-private-offer-plan/2023-07-15`
const PRIVATE_OFFER = `${SCHEMA}/private-offer/2023-07-15`

const TYPES = { privateOfferType: 'customerPromotion', offerPricingType: 'saasNewCustomizedPlans' } as const

/** Ties the price to the offer within one request; it is not stored. */
const RESOURCE_NAME = 'price'

type Terms = Pick<AzureOffer, 'termMonths' | 'payments'>

const duration = (months: number) => (months % 12 === 0 ? { type: 'year', value: months / 12 } : { type: 'month', value: months })

const monthsPerPayment = ({ termMonths, payments }: Terms) => ({ monthly: 1, yearly: 12, upfront: termMonths })[payments]

/** How many equal payments the term has; no whole number where the combination makes no sense. */
export const paymentCount = (terms: Terms) => terms.termMonths / monthsPerPayment(terms)

/** A term that begins on the last day for accepting ends at the latest in this month, so the offer's price covers every term. */
const endOf = ({ expiresOn, termMonths }: AzureOffer) =>
  dateText(lastDay(monthIndex(addDays(addMonths(expiresOn, termMonths), -1))))

const productOf = ({ productId }: AzureOffer) => `product/${productId}`
const planOf = ({ productId, basePlanId }: AzureOffer) => `plan/${productId}/${basePlanId}`

const priceOf = (offer: AzureOffer) => {
  const each = { ...offer.price, amount: Math.floor(offer.price.amount / paymentCount(offer)) }
  return {
    $schema: PRICE,
    resourceName: RESOURCE_NAME,
    product: productOf(offer),
    plan: planOf(offer),
    offerPricingType: TYPES.offerPricingType,
    pricing: {
      recurrentPrice: {
        recurrentPriceMode: 'flatRate',
        priceInputOption: 'usd',
        prices: [
          {
            billingTerm: duration(offer.termMonths),
            paymentOption: duration(monthsPerPayment(offer)),
            pricePerPaymentInUsd: Number(decimalText(each)),
          },
        ],
      },
    },
  }
}

const privateOfferOf = (offer: AzureOffer) => ({
  $schema: PRIVATE_OFFER,
  name: uniqueName(offer),
  state: 'live',
  ...TYPES,
  variableStartDate: true,
  end: endOf(offer),
  acceptBy: offer.expiresOn,
  preparedBy: offer.preparedBy,
  ...(offer.termsUrl && { termsAndConditionsDocSasUrl: offer.termsUrl }),
  notificationContacts: offer.notificationContacts,
  beneficiaries: [{ id: offer.billingAccountId, description: offer.accountId }],
  pricing: [
    {
      product: productOf(offer),
      basePlan: planOf(offer),
      discountType: 'absolute',
      priceDetails: { resourceName: RESOURCE_NAME },
      newPlanDetails: { name: offer.planName, description: offer.planDescription },
    },
  ],
})

/** Its price first, then the offer that points to the price. */
const creation = (offer: AzureOffer) => ({ $schema: CONFIGURE, resources: [priceOf(offer), privateOfferOf(offer)] })

/** The request that takes an offer back; it then rests as a draft. `name` is the one that the marketplace shows. */
export const withdrawal = (guid: string, name: string) => ({
  $schema: CONFIGURE,
  resources: [{ $schema: PRIVATE_OFFER, id: `private-offer/${guid}`, name, ...TYPES, state: 'withdrawn' }],
})

/** The request of the call that is open, was the last one or would come next. */
export const configureRequest = (offer: AzureOffer) =>
  callOf(offer).kind === 'withdraw' ? withdrawal(offer.externalId ?? '', uniqueName(offer)) : creation(offer)
