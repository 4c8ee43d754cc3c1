import { acceptPrivateOffer, purchase } from '../../infra/local/marketplaces/azure/customer.ts'
import { AZURE } from '../../infra/local/marketplaces/azure/tenant.ts'
import type { TestAzure } from './azure.ts'

const SCHEMA = 'https://schema.mp.microsoft.com/schema'
export const product = `product/${AZURE.saasProductId}`
export const plan = `plan/${AZURE.saasProductId}/${AZURE.planId}`

/** A live percentage offer; a change to undefined takes a field away. */
export const percentageOffer = (changes: Record<string, unknown> = {}) => ({
  $schema: `${SCHEMA}/private-offer/2023-07-15`,
  name: 'Fabrikam FY27',
  state: 'live',
  privateOfferType: 'customerPromotion',
  offerPricingType: 'editExistingOfferPricingOnly',
  variableStartDate: true,
  end: '2027-12-31',
  acceptBy: '2026-12-20',
  preparedBy: 'desk@contoso.example',
  notificationContacts: ['desk@contoso.example'],
  beneficiaries: [{ id: AZURE.billingAccountId, description: 'Fabrikam' }],
  pricing: [{ product, plan, discountType: 'percentage', discountPercentage: 12.5 }],
  ...changes,
})

export const price = (changes: Record<string, unknown> = {}) => ({
  $schema: `${SCHEMA}/price-and-availability-private-offer-plan/2023-07-15`,
  resourceName: 'fabrikamPrice',
  product,
  plan,
  offerPricingType: 'saasNewCustomizedPlans',
  pricing: {
    recurrentPrice: {
      recurrentPriceMode: 'flatRate',
      priceInputOption: 'usd',
      prices: [
        { billingTerm: { type: 'year', value: 1 }, paymentOption: { type: 'year', value: 1 }, pricePerPaymentInUsd: 48000 },
      ],
    },
  },
  ...changes,
})

/** A live offer of a plan of its own at the absolute price `fabrikamPrice`. */
export const absoluteOffer = (changes: Record<string, unknown> = {}) =>
  percentageOffer({
    offerPricingType: 'saasNewCustomizedPlans',
    pricing: [
      {
        product,
        basePlan: plan,
        discountType: 'absolute',
        priceDetails: { resourceName: 'fabrikamPrice' },
        newPlanDetails: { name: 'Fabrikam Enterprise', description: 'As negotiated' },
      },
    ],
    ...changes,
  })

export const configured = ({ call }: TestAzure, ...resources: unknown[]) =>
  call('POST', '/azure/ingestion/configure?$version=2022-07-01', {
    body: { $schema: `${SCHEMA}/configure/2022-07-01`, resources },
  })

/** Posts resources and waits for the end of the job. */
export const carriedOut = async (azure: TestAzure, ...resources: unknown[]) => {
  const { body: job } = await configured(azure, ...resources)
  azure.advance(180)
  const status = await azure.call('GET', `/azure/ingestion/configure/${job.jobId}/status?$version=2022-07-01`)
  const detail = await azure.call('GET', `/azure/ingestion/configure/${job.jobId}?$version=2023-07-15`)
  const offers = detail.body.resources.filter(({ id }: { id: string }) => id.startsWith('private-offer/'))
  return { status: status.body, detail, offerId: String(offers[0]?.id) }
}

export const readOffer = ({ call }: TestAzure, offerId: string) => call('GET', `/azure/ingestion/${offerId}?$version=2023-07-15`)

/** A subscription to the private plan of an accepted offer, before its activation. */
export const purchased = async (azure: TestAzure) => {
  const { offerId } = await carriedOut(azure, price(), absoluteOffer())
  await acceptPrivateOffer(azure.world, offerId)
  return { offerId, ...(await purchase(azure.world, offerId)) }
}

export const saas = ({ call }: TestAzure, method: string, path: string, more: Parameters<TestAzure['call']>[2] = {}) =>
  call(method, `/azure/marketplace/api/saas/subscriptions${path}${path.includes('?') ? '&' : '?'}api-version=2018-08-31`, more)

export const subscribed = async (azure: TestAzure) => {
  const bought = await purchased(azure)
  await saas(azure, 'POST', `/${bought.subscriptionId}/activate`, { body: { planId: 'any' } })
  return bought
}
