import { addDays, addMonths } from '../../../lib/core/period.ts'
import { DEFAULT_PRODUCT } from '../marketplaces/aws/products.ts'
import { AZURE } from '../marketplaces/azure/tenant.ts'
import { type Cast, goTo, type Stage, type Step, until, usd } from './stage.ts'

const awsOffer = (start: string) => ({
  marketplace: 'aws',
  partnerId: 'ptn-northwind',
  accountId: 'acc-alpine',
  name: 'Alpine Bank 500 seats',
  productId: DEFAULT_PRODUCT.id,
  listPrice: usd(150_000),
  price: usd(120_000),
  termMonths: 12,
  expiresOn: addDays(start, 20),
  buyerAccountIds: ['310000000009'],
  grants: [{ dimension: DEFAULT_PRODUCT.dimensions[0]?.key ?? '', quantity: 500 }],
  schedule: [0, 3, 6, 9].map((months) => ({ on: addDays(addMonths(start, months), months ? 0 : 4), amount: usd(30_000) })),
})

const azureOffer = (start: string) => ({
  marketplace: 'azure',
  partnerId: 'ptn-fabrikam',
  accountId: 'acc-bluebird',
  name: 'Bluebird Retail insights',
  productId: AZURE.saasProductId,
  listPrice: usd(54_000),
  price: usd(48_000),
  termMonths: 12,
  expiresOn: addDays(start, 25),
  billingAccountId: AZURE.billingAccountId,
  basePlanId: AZURE.planId,
  planName: 'Bluebird Enterprise',
  planDescription: 'Negotiated enterprise plan',
  payments: 'yearly',
  preparedBy: 'deal.desk@example.test',
  notificationContacts: ['deal.desk@example.test'],
})

/** Request, submit, approve; released by the marketplace. Returns the offer. */
const sell = async (stage: Stage, cast: Cast, request: { partnerId: string; name: string }) => {
  const { say, before = async () => {} } = stage
  const partner = cast.partner(request.partnerId)
  await before(`submit ${request.partnerId}` as Step)
  const draft = await partner.post('/offers', request)
  const offerId = String(draft['id'])
  const submitted = await partner.post(`/offers/${offerId}/submit`)
  if (submitted['status'] === 'pending-approval')
    await cast.approver.post(`/offers/${offerId}/approve`, { reason: 'strategic account' })
  const released = await until(stage, partner, offerId, 'released')
  say(
    `${request.name}: requested, ${submitted['status'] === 'pending-approval' ? 'approved by a manager, ' : ''}released as ${released['externalId']}`,
  )
  return released
}

export const sellOnAws = async (stage: Stage, cast: Cast, start: string) => {
  const { client, say, before = async () => {} } = stage
  const offer = await sell(stage, cast, awsOffer(start))
  await goTo(stage, addDays(start, 3))
  await before('accept aws')
  await client.twin(`aws/offers/${offer['externalId']}/accept`, { buyerAccountId: '310000000009' })
  const accepted = await until(stage, cast.manager, String(offer['id']), 'accepted')
  say(`Alpine Bank accepted: agreement ${accepted['agreementId']}`)
  return { offerId: String(offer['id']), agreementId: String(accepted['agreementId']) }
}

export const sellOnAzure = async (stage: Stage, cast: Cast, start: string) => {
  const { client, say, before = async () => {} } = stage
  const offer = await sell(stage, cast, azureOffer(start))
  await goTo(stage, addDays(start, 6))
  await before('accept azure')
  await client.twin(`azure/offers/${offer['externalId']}/accept`)
  await until(stage, cast.manager, String(offer['id']), 'accepted')
  await goTo(stage, addDays(start, 8))
  const { token, subscriptionId } = await client.twin(`azure/offers/${offer['externalId']}/purchase`)
  await client.post('/azure/landing', { token })
  say(`Bluebird Retail accepted, purchased and was activated: subscription ${subscriptionId}`)
  return { offerId: String(offer['id']), subscriptionId: String(subscriptionId) }
}

export const withdrawOne = async (stage: Stage, cast: Cast, start: string) => {
  const request = {
    ...awsOffer(start),
    partnerId: 'ptn-litware',
    accountId: 'acc-cedar',
    name: 'Cedar Health pilot',
    price: usd(140_000),
  }
  const schedule = request.schedule.map((installment) => ({ ...installment, amount: usd(35_000) }))
  const offer = await sell(stage, cast, { ...request, schedule, buyerAccountIds: ['310000000017'] } as typeof request)
  await goTo(stage, addDays(start, 5))
  await cast.manager.post(`/offers/${offer['id']}/withdraw`, { reason: 'the customer postponed the project' })
  await until(stage, cast.manager, String(offer['id']), 'withdrawn')
  stage.say('Cedar Health pilot: withdrawn before acceptance')
}
