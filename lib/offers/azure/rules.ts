import type { AzureOffer, Problem } from '../offer.ts'
import { cleaned } from './name.ts'
import { paymentCount } from './plan.ts'

type Rule = Problem & { broken: (offer: AzureOffer, today: string) => boolean }

const TERMS = [1, 12, 24, 36, 48, 60]

const GUID_PATTERN = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const GUID = new RegExp(`^${GUID_PATTERN}$`, 'i')
// A Microsoft Customer Agreement has two guids and a date, an Enterprise Agreement its enrollment number.
const BILLING_ACCOUNT = new RegExp(`^(?:${GUID_PATTERN}:${GUID_PATTERN}_\\d{4}-\\d{2}-\\d{2}|\\d{4,12})$`, 'i')

const termFits = ({ termMonths }: AzureOffer) => TERMS.includes(termMonths)
const paymentsFit = (offer: AzureOffer) => Number.isInteger(paymentCount(offer))

const PRICE_RULES: Rule[] = [
  {
    code: 'currency_unsupported',
    target: 'price.currency',
    message: 'Microsoft takes private prices in US dollars and converts them for the customer: give the price in USD',
    broken: ({ price }) => price.currency !== 'USD',
  },
  {
    code: 'price_not_positive',
    target: 'price.amount',
    message: 'a private plan needs a price above zero',
    broken: ({ price }) => price.amount <= 0,
  },
  {
    code: 'list_price_unsupported',
    target: 'listPrice',
    message: 'the list price is what a discount is measured by: give it in USD, above zero',
    broken: ({ listPrice }) => listPrice.currency !== 'USD' || listPrice.amount <= 0,
  },
  {
    code: 'term_unsupported',
    target: 'termMonths',
    message: `SaaS plans run for 1 month or for 1 to 5 years: take one of ${TERMS.join(', ')}`,
    broken: (offer) => !termFits(offer),
  },
  {
    code: 'payments_unsupported',
    target: 'payments',
    message: 'yearly payments need a term of whole years: take monthly or upfront',
    broken: (offer) => termFits(offer) && !paymentsFit(offer),
  },
  {
    code: 'price_not_divisible',
    target: 'price.amount',
    message: 'all payments of a plan are equal: the price must divide into them without a rest in cents',
    broken: (offer) => paymentsFit(offer) && offer.price.amount % paymentCount(offer) !== 0,
  },
]

const DATE_AND_NAME_RULES: Rule[] = [
  {
    code: 'expiry_past',
    target: 'expiresOn',
    message: 'publishing takes a while and the customer must still be able to accept: take a day after today',
    broken: ({ expiresOn }, today) => expiresOn <= today,
  },
  {
    code: 'name_unusable',
    target: 'name',
    message: 'nothing is left of the name without ! < > ^ [ ] @ # % and signs like ° or §: use letters and digits',
    broken: ({ name }) => cleaned(name) === '',
  },
  {
    code: 'plan_name_blank',
    target: 'planName',
    message: 'the private plan needs a name that the customer can read',
    broken: ({ planName }) => planName.trim() === '',
  },
  {
    code: 'plan_description_blank',
    target: 'planDescription',
    message: 'the private plan needs a description that the customer can read',
    broken: ({ planDescription }) => planDescription.trim() === '',
  },
]

const REFERENCE_RULES: Rule[] = [
  {
    code: 'product_malformed',
    target: 'productId',
    message: "give the product's guid as Partner Center's API lists it, not the offer id of the portal",
    broken: ({ productId }) => !GUID.test(productId),
  },
  {
    code: 'plan_malformed',
    target: 'basePlanId',
    message: "give the public plan's guid as Partner Center's API lists it, not the plan id of the portal",
    broken: ({ basePlanId }) => !GUID.test(basePlanId),
  },
  {
    code: 'billing_account_malformed',
    target: 'billingAccountId',
    message: 'ask the customer for the billing account id in the Azure portal: guid:guid_2019-05-31, or the enrollment number',
    broken: ({ billingAccountId }) => !BILLING_ACCOUNT.test(billingAccountId),
  },
  {
    code: 'contacts_out_of_range',
    target: 'notificationContacts',
    message: 'Microsoft notifies one to five addresses',
    broken: ({ notificationContacts: { length } }) => length < 1 || length > 5,
  },
  {
    code: 'terms_not_https',
    target: 'termsUrl',
    message: 'Microsoft fetches the terms over https: give a signed https url of the PDF',
    broken: ({ termsUrl }) => termsUrl !== undefined && !/^https:/i.test(termsUrl),
  },
]

const RULES = [...PRICE_RULES, ...DATE_AND_NAME_RULES, ...REFERENCE_RULES]

/** Everything that Microsoft would refuse about an offer, at once. */
export const problemsOf = (offer: AzureOffer, today: string): Problem[] =>
  RULES.filter(({ broken }) => broken(offer, today)).map(({ code, target, message }) => ({ code, target, message }))
