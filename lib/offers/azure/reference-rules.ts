import type { AzureOffer } from '../offer.ts'
import { cleaned } from './name.ts'
import { hasTwice, type Rule } from './rule.ts'

const GUID_PATTERN = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const GUID = new RegExp(`^${GUID_PATTERN}$`, 'i')
// A Microsoft Customer Agreement has two guids and a date, an Enterprise Agreement its enrollment number.
const BILLING_ACCOUNT = new RegExp(`^(?:${GUID_PATTERN}:${GUID_PATTERN}_\\d{4}-\\d{2}-\\d{2}|\\d{4,12})$`, 'i')

const isHttps = (url: string) => /^https:/i.test(url)
const markupsOf = ({ pricing }: AzureOffer) => (pricing.model === 'markup' ? pricing.markups : [])
const plansOf = (offer: AzureOffer) => [offer.basePlanId, ...markupsOf(offer).map(({ planId }) => planId)]
const productsOf = (offer: AzureOffer) => [offer.productId, ...markupsOf(offer).map(({ productId }) => productId)]
const isNoGuid = (id: string | undefined) => id !== undefined && !GUID.test(id)

const WORD_RULES: Rule[] = [
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
    broken: ({ planName }) => planName?.trim() === '',
  },
  {
    code: 'plan_description_blank',
    target: 'planDescription',
    message: 'the private plan needs a description that the customer can read',
    broken: ({ planDescription }) => planDescription?.trim() === '',
  },
]

const ID_RULES: Rule[] = [
  {
    code: 'product_malformed',
    target: 'productId',
    message: "give the product's guid as Partner Center's API lists it, not the offer id of the portal",
    broken: (offer) => productsOf(offer).some(isNoGuid),
  },
  {
    code: 'plan_malformed',
    target: 'basePlanId',
    message: "give the public plan's guid as Partner Center's API lists it, not the plan id of the portal",
    broken: (offer) => plansOf(offer).some(isNoGuid),
  },
  {
    code: 'billing_account_malformed',
    target: 'billingAccountId',
    message: 'ask the customer for the billing account id in the Azure portal: guid:guid_2019-05-31, or the enrollment number',
    broken: ({ billingAccountId }) => billingAccountId !== undefined && !BILLING_ACCOUNT.test(billingAccountId),
  },
  {
    code: 'tenant_malformed',
    target: 'cspTenants',
    message: 'give the tenant ids (guids) of the resellers and of their customers, each reseller once',
    broken: ({ cspTenants = [] }) => {
      const ids = cspTenants.map(({ tenantId }) => tenantId)
      const customers = cspTenants.flatMap(({ customerTenantIds = [] }) => customerTenantIds)
      return hasTwice(ids) || [...ids, ...customers].some(isNoGuid)
    },
  },
  {
    code: 'received_offer_malformed',
    target: 'receivedOfferId',
    message: "give the private offer's guid, as Partner Center shows it in the address of the received offer",
    broken: ({ receivedOfferId }) => isNoGuid(receivedOfferId),
  },
]

export const REFERENCE_RULES: Rule[] = [
  ...WORD_RULES,
  ...ID_RULES,
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
    broken: ({ termsUrl }) => termsUrl !== undefined && !isHttps(termsUrl),
  },
  {
    code: 'terms_not_https',
    target: 'termsDocuments',
    message: 'Microsoft fetches the terms over https: give signed https urls of the PDFs',
    broken: ({ termsDocuments = [] }) => termsDocuments.some(({ url }) => !isHttps(url)),
  },
]
