import { addDays, addMonths } from '../../lib/core/period.ts'
import type { Api, Client } from './client.ts'
import { DEFAULT_PRODUCT } from './marketplaces/aws/products.ts'
import { AZURE } from './marketplaces/azure/tenant.ts'

// A year of three partners, played through the public API as they and the vendor would; at the marketplaces the twin stands in for people.

export type Stage = {
  client: Client
  say: (line: string) => void
  /** Called before each step of an offer's way, so that a test can make trouble there. */
  before?: (step: Step) => Promise<void>
  /** The months to stop at, by their number; default: all. */
  months?: readonly number[]
}
export type Step =
  | 'submit ptn-northwind'
  | 'accept aws'
  | 'submit ptn-fabrikam'
  | 'accept azure'
  | 'submit ptn-litware'
  | 'refund'
  | 'renew'

type Cast = { manager: Api; approver: Api; finance: Api; partner: (partnerId: string) => Api }

const usd = (dollars: number) => ({ amount: Math.round(dollars * 100), currency: 'USD' })

const PARTNERS = [
  { id: 'ptn-northwind', name: 'Northwind Resale', type: 'reseller', country: 'US', onboardedAfter: 24 },
  { id: 'ptn-fabrikam', name: 'Fabrikam Consulting', type: 'si', country: 'DE', onboardedAfter: 41 },
  { id: 'ptn-litware', name: 'Litware Referrals', type: 'referral', country: 'GB', onboardedAfter: 12 },
]
const ACCOUNTS = [
  { id: 'acc-alpine', name: 'Alpine Bank', buyerIds: [{ marketplace: 'aws', id: '310000000009' }] },
  { id: 'acc-bluebird', name: 'Bluebird Retail', buyerIds: [{ marketplace: 'azure', id: AZURE.customerTenantId }] },
  { id: 'acc-cedar', name: 'Cedar Health', buyerIds: [{ marketplace: 'aws', id: '310000000017' }] },
  { id: 'acc-dune', name: 'Dune Logistics', buyerIds: [] },
  { id: 'acc-ember', name: 'Ember Energy', buyerIds: [] },
]

const castOf = ({ client }: Stage): Cast => ({
  manager: client.as({ role: 'manager', subject: 'mara@example.test' }),
  approver: client.as({ role: 'manager', subject: 'amir@example.test' }),
  finance: client.as({ role: 'finance', subject: 'fiona@example.test' }),
  partner: (partnerId) => client.as({ role: 'partner', partnerId, subject: `sales@${partnerId}.example.test` }),
})

const goTo = ({ client }: Stage, date: string, time = '09:00:00') => client.twin('clock', { to: `${date}T${time}Z` })
const minutes = ({ client }: Stage, count: number) => client.twin('clock', { minutes: count })

/** Waits by the twin's clock until an offer has a status; the reconcilers run each minute. */
const until = async (stage: Stage, reader: Api, offerId: string, status: string) => {
  for (let tries = 0; tries < 60; tries++) {
    const offer = await reader.get(`/offers/${offerId}`)
    if (offer['status'] === status) return offer
    await minutes(stage, tries < 10 ? 2 : 30)
  }
  throw new Error(`offer ${offerId} did not become ${status}`)
}

const recruit = async ({ say }: Stage, { manager, finance }: Cast, start: string) => {
  say('three partners join, five accounts open')
  for (const { onboardedAfter, ...partner } of PARTNERS) {
    await manager.post('/partners', { ...partner, joinedOn: start })
    await manager.post(`/partners/${partner.id}/milestones`, { milestone: 'agreement-signed', on: addDays(start, 5) })
    await manager.post(`/partners/${partner.id}/milestones`, {
      milestone: 'onboarding-complete',
      on: addDays(start, onboardedAfter),
    })
  }
  for (const account of ACCOUNTS) await manager.post('/accounts', account)
  await finance.post('/rates', { base: 'EUR', quote: 'USD', on: start, rate: '1.0850' })
}

const monthlyCosts = async ({ finance }: Cast, period: string) => {
  const cost = (purpose: string, channel: string, category: string, dollars: number, partnerId?: string) =>
    finance.post('/costs', { purpose, channel, category, amount: usd(dollars), period, ...(partnerId && { partnerId }) })
  await cost('acquisition', 'direct', 'field-sales', 9_000)
  await cost('acquisition', 'shared', 'events', 3_000)
  await cost('acquisition', 'partner', 'mdf', 1_200, 'ptn-northwind')
  await cost('support', 'partner', 'partner-manager', 1_500, 'ptn-northwind')
  await finance.post('/costs', {
    purpose: 'support',
    channel: 'partner',
    category: 'partner-manager',
    amount: { amount: 130_000, currency: 'EUR' },
    period,
    partnerId: 'ptn-fabrikam',
  })
}

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

const sellOnAws = async (stage: Stage, cast: Cast, start: string) => {
  const { client, say, before = async () => {} } = stage
  const offer = await sell(stage, cast, awsOffer(start))
  await goTo(stage, addDays(start, 3))
  await before('accept aws')
  await client.twin(`aws/offers/${offer['externalId']}/accept`, { buyerAccountId: '310000000009' })
  const accepted = await until(stage, cast.manager, String(offer['id']), 'accepted')
  say(`Alpine Bank accepted: agreement ${accepted['agreementId']}`)
  return { offerId: String(offer['id']), agreementId: String(accepted['agreementId']) }
}

const sellOnAzure = async (stage: Stage, cast: Cast, start: string) => {
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

const withdrawOne = async (stage: Stage, cast: Cast, start: string) => {
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

/** A sale without a marketplace, with or without a partner who referred it. */
const directSale = async (
  { finance }: Cast,
  order: string,
  accountId: string,
  on: string,
  dollars: number,
  partnerId?: string,
) => {
  const whose = { accountId, productId: DEFAULT_PRODUCT.id, marketplace: 'direct', ...(partnerId && { partnerId }) }
  const sale = { ...whose, kind: 'contract', on, amount: usd(dollars) }
  const service = { from: on, to: addMonths(on, 12) }
  await finance.post('/transactions', { ...sale, providerKey: `${order}-booked`, ledger: 'booked', service })
  await finance.post('/transactions', { ...sale, providerKey: `${order}-invoice`, ledger: 'billed' })
}

type Deals = { aws: { offerId: string; agreementId: string }; azure: { offerId: string; subscriptionId: string } }

/** Invoices of the marketplace, and what finance enters: Microsoft's billing and the money that arrived. */
const bill = async (stage: Stage, { finance }: Cast, { aws, azure }: Deals, month: number, on: string) => {
  await stage.client.twin(`aws/agreements/${aws.agreementId}/invoice`)
  const cash = { ledger: 'cash', kind: 'contract', on }
  if (month % 3 === 0) {
    const received = {
      ...cash,
      accountId: 'acc-alpine',
      productId: DEFAULT_PRODUCT.id,
      marketplace: 'aws',
      partnerId: 'ptn-northwind',
      ...aws,
    }
    await finance.post('/transactions', { ...received, providerKey: `aws-disbursement-${month}`, amount: usd(29_100) })
  }
  if (month !== 3) return
  const billed = { kind: 'contract', accountId: 'acc-bluebird', productId: AZURE.saasProductId, marketplace: 'azure', on }
  const names = { partnerId: 'ptn-fabrikam', offerId: azure.offerId, agreementId: azure.subscriptionId }
  await finance.post('/transactions', {
    ...billed,
    ...names,
    providerKey: 'azure-order-1',
    ledger: 'billed',
    amount: usd(48_000),
  })
  await finance.post('/transactions', { ...billed, ...names, providerKey: 'azure-payout-1', ledger: 'cash', amount: usd(46_560) })
}

const refund = async ({ client, say, before }: Stage, agreementId: string) => {
  await before?.('refund')
  const { invoices } = (await client.twin(`aws/agreements/${agreementId}/invoices`)) as { invoices?: { id: string }[] }
  const invoiceId = invoices?.[0]?.id
  await client.twin(`aws/agreements/${agreementId}/refund`, { invoiceId, amount: '2500.00', reason: 'INCORRECT_TERMS_ACCEPTED' })
  say('Alpine Bank: 2,500.00 USD of the first invoice refunded')
}

const renew = async (stage: Stage, { aws, azure }: Deals): Promise<Deals> => {
  await stage.before?.('renew')
  const { id } = await stage.client.twin(`aws/agreements/${aws.agreementId}/renew`, { priceFactor: 1.1 })
  await stage.client.twin(`azure/subscriptions/${azure.subscriptionId}/renew`)
  stage.say('both contracts renewed, on AWS 10 % higher')
  return { aws: { ...aws, agreementId: String(id) }, azure }
}

export const STORY_MONTHS = 14

/** Plays the story from `start` (the first day of a month) on; returns the month whose metrics tell the most. */
export const playStory = async (stage: Stage, start: string): Promise<{ period: string }> => {
  const cast = castOf(stage)
  await goTo(stage, start)
  await recruit(stage, cast, start)
  const month = (n: number) => addMonths(start, n)
  await monthlyCosts(cast, month(0).slice(0, 7))
  await goTo(stage, month(1))
  const aws = await sellOnAws(stage, cast, month(1))
  await directSale(cast, 'dune-1', 'acc-dune', addDays(month(1), 10), 36_000)
  await goTo(stage, month(2))
  const azure = await sellOnAzure(stage, cast, month(2))
  await goTo(stage, addDays(month(2), 15))
  await withdrawOne(stage, cast, addDays(month(2), 15))
  let deals: Deals = { aws, azure }
  for (const n of stage.months ?? Array.from({ length: STORY_MONTHS - 1 }, (_, i) => i + 1)) {
    await goTo(stage, addDays(month(n), 27))
    await monthlyCosts(cast, month(n).slice(0, 7))
    if (n >= 2) await bill(stage, cast, deals, n, addDays(month(n), 27))
    if (n === 5) await refund(stage, aws.agreementId)
    if (n === 12) deals = await renew(stage, deals)
    if (n === 13) await directSale(cast, 'ember-1', 'acc-ember', addDays(month(n), 20), 18_000, 'ptn-litware')
    stage.say(`${month(n).slice(0, 7)}: costs, invoices and payments recorded`)
  }
  await goTo(stage, month(STORY_MONTHS))
  return { period: month(STORY_MONTHS - 1).slice(0, 7) }
}
