import { type Offer, periodOf, termOf } from './offer.ts'
import { fixedOf, has, hasTwice, type Rule, type View } from './rule.ts'

const ZERO = /^0*(\.0*)?$/
const PERIODS = ['P15D', 'P30D', 'P45D', 'P60D', 'P90D', 'P120D']

const datesOf = ({ offer }: View) =>
  termOf(offer, 'PaymentScheduleTerm')
    ?.Schedule.map((row) => row.ChargeDate)
    .toSorted() ?? []

const isOutside = (dates: string[], offer: Offer, at: string) => {
  const [first = '', last = ''] = [dates[0], dates.at(-1)]
  const { end } = periodOf(offer, at)
  return first < at.slice(0, 10) || (end !== undefined && `${last}T00:00:00.000Z` >= end)
}

/** The rules on when money is due. */
export const PAYMENT_RULES: Rule[] = [
  {
    code: 'DUPLICATE_CHARGE_DATES',
    on: ['UpdatePaymentScheduleTerms'],
    broken: (view) => hasTwice(datesOf(view)) && 'charge once a day',
  },
  {
    code: 'INVALID_CHARGE_DATES',
    on: ['UpdatePaymentScheduleTerms', 'ReleaseOffer'],
    broken: (view) =>
      datesOf(view).length > 0 &&
      isOutside(datesOf(view), view.offer, view.at) &&
      'charge between today and the end of the agreement',
  },
  {
    code: 'TOO_MANY_BACKDATED_CHARGES',
    on: ['UpdatePaymentScheduleTerms', 'UpdateAvailability'],
    broken: (view) =>
      datesOf(view).filter((date) => date <= (view.offer.availabilityEndDate ?? '')).length > 1 &&
      'keep at most one charge on or before AvailabilityEndDate',
  },
  {
    code: 'INCOMPATIBLE_TERMS',
    on: ['UpdatePaymentScheduleTerms', 'UpdatePricingTerms'],
    broken: (view) => {
      if (!datesOf(view).length) return undefined
      if (has(view, 'ConfigurableUpfrontPricingTerm')) return 'a PaymentScheduleTerm goes with a FixedUpfrontPricingTerm only'
      return (
        fixedOf(view) && !ZERO.test(fixedOf(view)?.Price ?? '') && 'with a PaymentScheduleTerm the upfront Price must be 0.00'
      )
    },
  },
  {
    code: 'INVALID_PAYMENT_DUE_PERIOD',
    on: ['UpdateNetPaymentTerms'],
    broken: ({ offer }) => {
      const term = termOf(offer, 'NetPaymentTerm')
      return term && !PERIODS.includes(term.PaymentDuePeriod) && `choose one of ${PERIODS.join(', ')}`
    },
  },
]
