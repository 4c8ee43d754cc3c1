import { type Money, scale } from '../../core/money.ts'
import type { AzureOffer } from '../offer.ts'
import { endsOn } from '../request-azure.ts'
import { partsOf } from './price.ts'
import { forModel, hasTwice, type Rule } from './rule.ts'

// What the models of price ask that are not equal payments.

const hundredths = (percent: string) => Math.round(Number(percent) * 100)

/** The list price less the percentage, to the nearest minor unit. */
const discounted = ({ listPrice, pricing }: AzureOffer) => {
  const taken = pricing.model === 'percentage' ? hundredths(pricing.discountPercent) : 0
  return scale(listPrice.amount, { numerator: 10_000 - taken, denominator: 10_000 })
}

const sum = (amounts: Money[]) => amounts.reduce((total, { amount }) => total + amount, 0)

const PERCENTAGES: Rule[] = [
  {
    code: 'discount_out_of_range',
    target: 'pricing.discountPercent',
    message: 'Microsoft takes discounts from 0.01 to 100 percent',
    broken: forModel('percentage', ({ discountPercent }) => {
      const taken = hundredths(discountPercent)
      return taken < 1 || taken > 10_000
    }),
  },
  {
    code: 'price_not_discounted',
    target: 'price.amount',
    message: (offer) => `the price must be the list price less the percentage: ${discounted(offer)}`,
    broken: forModel('percentage', (_, offer) => Math.abs(offer.price.amount - discounted(offer)) > 1),
  },
  {
    code: 'markup_twice',
    target: 'pricing.markups',
    message: 'each plan has one markup: name it once',
    broken: forModel('markup', ({ markups }, { productId }) =>
      hasTwice(markups.map((markup) => `${markup.productId ?? productId} ${markup.planId}`)),
    ),
  },
]

const isMeteredService: Rule['broken'] = ({ pricing }) =>
  'meters' in pricing && pricing.meters !== undefined && pricing.productType !== 'saas'

const PLANS: Rule[] = [
  {
    code: 'meters_unsupported',
    target: 'pricing.meters',
    message: 'only SaaS plans have meters: leave them out',
    broken: isMeteredService,
  },
  {
    code: 'meter_twice',
    target: 'pricing.meters',
    message: 'each meter has one price: name it once',
    broken: ({ pricing }) => 'meters' in pricing && hasTwice((pricing.meters ?? []).map(({ meterId }) => meterId)),
  },
  {
    code: 'services_not_multiparty',
    target: 'pricing.productType',
    message: 'professional services cannot be sold through a partner: make an offer to the customer',
    broken: ({ kind, pricing }) =>
      kind === 'multiparty-originator' && 'productType' in pricing && pricing.productType === 'professional-services',
  },
]

const SCHEDULES: Rule[] = [
  {
    code: 'flexible_billing_off',
    target: 'pricing.model',
    message:
      "flexible schedules are switched off (AZURE_FLEXIBLE_BILLING): Microsoft's format for them is not verified; take flat-rate",
    broken: forModel('flexible-schedule', (_, __, { flexibleBilling }) => !flexibleBilling),
  },
  {
    code: 'price_not_sum',
    target: 'price.amount',
    message: 'the price must be the sum of the initial charge and the installments: correct it, or one of them',
    broken: forModel('flexible-schedule', (pricing, { price }) => sum(partsOf(pricing)) !== price.amount),
  },
  {
    code: 'installments_out_of_order',
    target: 'pricing.installments',
    message: 'installments come one after the other, each on a day of its own',
    broken: forModel('flexible-schedule', ({ installments }) =>
      installments.some(({ on }, index) => on <= (installments[index - 1]?.on ?? '')),
    ),
  },
  {
    code: 'installments_out_of_term',
    target: 'pricing.installments',
    message: 'installments are charged after today and within the offer: correct their days, or the term',
    broken: forModel('flexible-schedule', ({ installments }, offer, { today }) =>
      installments.some(({ on }) => on <= today || on > endsOn(offer)),
    ),
  },
]

export const MODEL_RULES: Rule[] = [...PERCENTAGES, ...PLANS, ...SCHEDULES]
