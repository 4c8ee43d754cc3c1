import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AZURE } from '../../infra/local/marketplaces/azure/tenant.ts'
import { type Answered, type Ask, expectProblem, requestsTo } from '../support/requests.ts'
import { startTwin, type TestTwin } from '../support/twin.ts'
import { usd } from '../support/usd.ts'

// What a new partner manager gets wrong in an offer, and what the API answers. Who reads a message must know what to do next.

const AWS = {
  ...{ marketplace: 'aws', partnerId: 'ptn-1', accountId: 'acc-1', name: 'Alpine 500 seats', productId: 'prod-cosell0ledger' },
  ...{ listPrice: usd(120_000), price: usd(100_000), termMonths: 12, expiresOn: '2026-11-30' },
  buyerAccountIds: ['310000000009'],
  grants: [{ dimension: 'seats', quantity: 500 }],
  schedule: [
    { on: '2026-12-15', amount: usd(50_000) },
    { on: '2027-06-15', amount: usd(50_000) },
  ],
}
const AZ = {
  ...{ marketplace: 'azure', partnerId: 'ptn-1', accountId: 'acc-1', name: 'Alpine insights', productId: AZURE.saasProductId },
  ...{ listPrice: usd(120_000), price: usd(60_000), termMonths: 12, expiresOn: '2026-11-30' },
  ...{ billingAccountId: AZURE.billingAccountId, basePlanId: AZURE.planId, payments: 'monthly' },
  ...{ planName: 'Alpine', planDescription: 'As agreed' },
  ...{ preparedBy: 'desk@example.test', notificationContacts: ['desk@example.test'] },
}
/** Two plans of 12 payments each. */
const PLANS = ['Alpine', 'Alpine plus'].map((planName) => ({ planName, listPrice: usd(60_000), price: usd(30_000) }))

const paid = (...charges: [on: string, cents: number][]) => ({
  schedule: charges.map(([on, cents]) => ({ on, amount: usd(cents) })),
})
const without = (...fields: string[]) => Object.fromEntries(fields.map((field) => [field, undefined]))

type Mistake = [what: string, changes: object, messages: Record<string, string>]

const UNREADABLE: Mistake[] = [
  [
    'a price as a number',
    { price: 100_000 },
    { price: 'must be money in minor units (cents), like { "amount": 4800000, "currency": "USD" }' },
  ],
  [
    'an amount with decimals',
    { price: { amount: 1000.5, currency: 'USD' } },
    { 'price.amount': 'must be a whole number of minor units (cents) without quotes: 4800000 is 48,000.00' },
  ],
  [
    'an amount as text',
    { price: { amount: '1,000.00', currency: 'USD' } },
    { 'price.amount': 'must be a whole number of minor units (cents) without quotes: 4800000 is 48,000.00' },
  ],
  [
    'a currency sign',
    { price: { amount: 100_000, currency: '$' } },
    { 'price.currency': 'must be three capital letters of ISO 4217, like USD' },
  ],
  [
    'another name for a field',
    { ...without('expiresOn'), expiryDate: '2026-11-30' },
    {
      expiresOn: 'is missing: give a date like 2026-10-31, from 2000 to 2099, in quotes',
      expiryDate: 'is not a field of this request: remove it or correct its name',
    },
  ],
  [
    'a date in the order of home',
    { expiresOn: '30.11.2026' },
    { expiresOn: 'must be a date like 2026-10-31, from 2000 to 2099' },
  ],
  ['the 31st of November', { expiresOn: '2026-11-31' }, { expiresOn: 'must be a day that exists in the calendar' }],
  ['a term in words', { termMonths: '1 year' }, { termMonths: 'must be a number without quotes' }],
  ['ten years', { termMonths: 120 }, { termMonths: 'must be at most 60' }],
  ['a marketplace in capitals', { marketplace: 'AWS' }, { marketplace: 'must be one of aws, azure' }],
]
const UNREADABLE_AWS: Mistake[] = [
  [
    'an account of 13 digits',
    { buyerAccountIds: ['3100000000091'] },
    { 'buyerAccountIds.0': 'must be an AWS account id of 12 digits' },
  ],
  [
    'an account as a number',
    { buyerAccountIds: [310000000009] },
    { 'buyerAccountIds.0': 'must be an AWS account id of 12 digits, in quotes' },
  ],
  ['one account without a list', { buyerAccountIds: '310000000009' }, { buyerAccountIds: 'must be a list in [ ]' }],
  [
    'a price of a metered unit as a number',
    { usage: [{ dimension: 'calls', price: 0.025 }] },
    { 'usage.0.price': 'must be a decimal text in USD with up to 8 decimals, like 0.025, in quotes' },
  ],
  ['no quantity', { grants: [{ dimension: 'seats', quantity: 0 }] }, { 'grants.0.quantity': 'must be at least 1' }],
  ['the EULA as a word', { eula: 'standard' }, { eula: 'must be { "type": "standard" }, or { "type": "custom", "url": … }' }],
  [
    'a field of the other cloud',
    { billingAccountId: '7654321' },
    { billingAccountId: 'is not a field of this request: remove it or correct its name' },
  ],
]
const UNREADABLE_AZURE: Mistake[] = [
  [
    'a percentage as a number',
    { pricing: { model: 'percentage', discountPercent: 12.5 } },
    { 'pricing.discountPercent': 'must be a decimal text with up to 2 decimals, like 12.5, in quotes' },
  ],
  [
    'a percentage with a sign',
    { pricing: { model: 'percentage', discountPercent: '12,5 %' } },
    { 'pricing.discountPercent': 'must be a decimal text with up to 2 decimals, like 12.5' },
  ],
  [
    'the model as a word',
    { pricing: 'percentage' },
    { pricing: 'must be an object with its model, like { "model": "flat-rate" }' },
  ],
  ['quarterly payments', { payments: 'quarterly' }, { payments: 'must be one of monthly, yearly, upfront' }],
  ['a contact by name', { notificationContacts: ['Ann'] }, { 'notificationContacts.0': 'must be an e-mail address' }],
  [
    'a plan in a list without its price',
    { items: [{ basePlanId: AZURE.planId, price: usd(60_000) }] },
    { 'items.0.listPrice': 'is missing: give money in minor units (cents), like { "amount": 4800000, "currency": "USD" }' },
  ],
]

const REFUSED_AWS: Mistake[] = [
  [
    'a last day that is over',
    { expiresOn: '2025-11-30' },
    { expiresOn: 'must be after 2026-11-02: the buyer needs a day to accept' },
  ],
  [
    'a start before the last day',
    { startsOn: '2026-11-15' },
    {
      startsOn:
        'must be after expiresOn (2026-11-30), since the buyer may accept until then: take a later start or an earlier expiresOn',
    },
  ],
  ['no buyer', without('buyerAccountIds'), { buyerAccountIds: 'name the AWS account that shall accept, by its id of 12 digits' }],
  [
    'nothing that is sold',
    without('grants', 'schedule'),
    { grants: 'say what is sold: grants (a fixed contract), rates (the buyer chooses), usage (metered) or resale' },
  ],
  [
    'seats paid at once',
    without('schedule'),
    {
      'grants.0.quantity':
        'without a schedule the whole price stands on one unit: use quantity 1, or give a schedule of one installment',
    },
  ],
  [
    'a schedule that does not add up',
    paid(['2026-12-15', 50_000]),
    { schedule: 'the installments add up to 500.00 USD, the price is 1000.00 USD: make them equal' },
  ],
  [
    'dollars for cents in the price',
    { price: usd(1_000) },
    { schedule: 'the installments add up to 1000.00 USD, the price is 10.00 USD: make them equal' },
  ],
  [
    'an installment in the past',
    paid(['2026-10-15', 50_000], ['2027-06-15', 50_000]),
    { 'schedule.0.on': 'is in the past: choose 2026-11-02 or later' },
  ],
  [
    'an installment after the end',
    paid(['2026-12-15', 50_000], ['2028-06-15', 50_000]),
    {
      'schedule.1.on':
        'must be before 2027-11-02, the end of the agreement if it is accepted today: take an earlier day, or a longer term',
    },
  ],
  [
    'a currency that AWS has not',
    {
      listPrice: { amount: 120_000, currency: 'CHF' },
      price: { amount: 100_000, currency: 'CHF' },
      schedule: [{ on: '2026-12-15', amount: { amount: 100_000, currency: 'CHF' } }],
    },
    { 'price.currency': 'AWS sells in USD, EUR, GBP, AUD, JPY, CAD only: use one of them' },
  ],
  [
    'a price of nothing',
    { listPrice: usd(0) },
    {
      'listPrice.amount':
        'must be more than zero, since AWS takes no free charge and no refund here: give what is charged, in minor units (cents)',
    },
  ],
  [
    'the EULA from a web site',
    { eula: { type: 'custom', url: 'https://example.test/eula.pdf' } },
    { 'eula.url': 'must be the https address in Amazon S3, public or presigned, of a PDF without password' },
  ],
  ['signs in the name', { name: 'Alpine <500>' }, { name: 'AWS takes no \\, < or > in a name: remove them' }],
]
const REFUSED_AZURE: Mistake[] = [
  [
    'the offer id of the portal',
    { productId: 'contoso-insights' },
    { productId: "give the product's guid as Partner Center's API lists it, not the offer id of the portal" },
  ],
  [
    'the plan id of the portal',
    { basePlanId: 'enterprise' },
    { basePlanId: "give the public plan's guid as Partner Center's API lists it, not the plan id of the portal" },
  ],
  [
    'the name of the customer as its account',
    { billingAccountId: 'Fabrikam' },
    {
      billingAccountId:
        'ask the customer for the billing account id in the Azure portal: guid:guid_2019-05-31, or the enrollment number',
    },
  ],
  [
    'no customer',
    without('billingAccountId'),
    {
      billingAccountId:
        'is missing: an offer to a customer at the model flat-rate needs the billing account of the customer who shall accept, who finds its id in the Azure portal',
    },
  ],
  [
    'nobody whom the customer can ask',
    without('preparedBy'),
    {
      preparedBy:
        'is missing: an offer to a customer at the model flat-rate needs the e-mail address of whom the customer can ask',
    },
  ],
  [
    'a plan without a description',
    without('planDescription'),
    {
      planDescription:
        'is missing: an offer to a customer at the model flat-rate needs a description of the private plan, which the customer sees',
    },
  ],
  [
    'euros',
    { price: { amount: 60_000, currency: 'EUR' } },
    {
      'price.currency': 'Microsoft takes private prices in US dollars and converts them for the customer: give the price in USD',
    },
  ],
  [
    'a price that no twelve payments make',
    { price: usd(60_001) },
    { 'price.amount': 'all 12 payments are equal to the cent: take 60000 or 60012' },
  ],
  [
    'eighteen months',
    { termMonths: 18 },
    { termMonths: 'plans at the model flat-rate run for 1, 12, 24, 36, 48, 60 months: take one of these' },
  ],
  [
    'a start in the middle of a month',
    { startsOn: '2027-01-15' },
    { startsOn: 'Microsoft begins offers with a month: take the first day of one, or leave it out to begin on acceptance' },
  ],
  [
    'a last day that is today',
    { expiresOn: '2026-11-02' },
    { expiresOn: 'publishing takes a while and the customer must still be able to accept: take a day after today' },
  ],
  [
    'a discount that the price does not show',
    { ...without('planName', 'planDescription', 'payments'), pricing: { model: 'percentage', discountPercent: '20' } },
    { 'price.amount': 'the price must be the list price less the percentage: 96000' },
  ],
  [
    'a private plan of a percentage',
    { ...without('payments', 'planDescription'), pricing: { model: 'percentage', discountPercent: '50' } },
    { planName: 'an offer to a customer at the model percentage takes no planName: leave it out' },
  ],
  [
    'terms that anybody can change on the way',
    { termsUrl: 'http://example.test/terms.pdf' },
    { termsUrl: 'Microsoft fetches the terms over https: give a signed https url of the PDF' },
  ],
  [
    'a name of signs',
    { name: '%%%' },
    { name: 'nothing is left of the name without ! < > ^ [ ] @ # % and signs like ° or §: use letters and digits' },
  ],
  [
    'two plans that do not make the price',
    { ...without('planName'), items: PLANS, price: usd(30_000) },
    { 'price.amount': 'it must be the total of the items, which is 60000: correct it, or the item that is wrong' },
  ],
]

let twin: TestTwin
let partner: Ask
let manager: Ask

beforeAll(async () => {
  twin = await startTwin({ startAt: '2026-11-02T09:00:00Z' })
  manager = await requestsTo(twin)({ role: 'manager' })
  partner = await requestsTo(twin)({ role: 'partner', partnerId: 'ptn-1' })
  for (const id of ['ptn-1', 'ptn-2']) await manager('POST', '/v1/partners', { body: { id, name: id, type: 'reseller' } })
  for (const id of ['acc-1', 'acc-2']) await manager('POST', '/v1/accounts', { body: { id, name: id } })
  const body = { partnerId: 'ptn-1', role: 'managed', from: '2026-01-01' }
  await manager('POST', '/v1/accounts/acc-1/attachments', { body })
})
afterAll(() => twin.stop())

/** Requests the offer, and submits it if it was taken. */
const tried = async (ask: Ask, body: object): Promise<Answered> => {
  const requested = await ask('POST', '/v1/offers', { body })
  return requested.status === 201 ? ask('POST', `/v1/offers/${requested.body['id']}/submit`) : requested
}
const told = ({ body }: Answered) =>
  Object.fromEntries((body['details'] as { target: string; message: string }[]).map(({ target, message }) => [target, message]))

describe('a mistake in an offer', () => {
  it('is none in the offers that these tests change', async () => {
    for (const offer of [AWS, AZ, { ...AZ, ...without('planName'), items: PLANS }])
      expect(await tried(partner, offer)).toMatchObject({ status: 200, body: { status: 'pending-approval' } })
  })

  it.each<Mistake>([
    ...[...UNREADABLE, ...UNREADABLE_AWS].map(([what, changes, messages]): Mistake => [what, { ...AWS, ...changes }, messages]),
    ...[...UNREADABLE.slice(0, -1), ...UNREADABLE_AZURE].map(
      ([what, changes, messages]): Mistake => [`${what}, on Azure`, { ...AZ, ...changes }, messages],
    ),
  ])('like %s is told at once, with what to do', async (_, offer, messages) => {
    const answer = await tried(partner, offer)
    expectProblem(answer, 400, 'invalid_request')
    expect(told(answer)).toEqual(messages)
  })

  it.each<Mistake>([
    ...REFUSED_AWS.map(([what, changes, messages]): Mistake => [what, { ...AWS, ...changes }, messages]),
    ...REFUSED_AZURE.map(([what, changes, messages]): Mistake => [`${what}, on Azure`, { ...AZ, ...changes }, messages]),
  ])('like %s is told before anything is sent, with what to do, and by the plan as well', async (_, offer, messages) => {
    const answer = await tried(partner, offer)
    expectProblem(answer, 422, 'unprocessable')
    expect(answer.body['detail']).toBe('the marketplace would refuse this offer: request it again with these fields corrected')
    expect(told(answer)).toEqual(messages)
    const plan = await partner('POST', '/v1/offers/plan', { body: offer })
    const problems = plan.body['problems'] as { target: string; message: string }[]
    expect(Object.fromEntries(problems.map(({ target, message }) => [target, message]))).toEqual(messages)
  })

  it.each<[string, () => Ask, object, number, string, Record<string, string>]>([
    [
      'a partner that there is not',
      () => manager,
      { partnerId: 'ptn-9' },
      404,
      'not_found',
      { partnerId: 'there is no partner ptn-9 that you may see: check the id' },
    ],
    [
      'an account that there is not',
      () => manager,
      { accountId: 'acc-9' },
      404,
      'not_found',
      { accountId: 'there is no account acc-9 that you may see: check the id' },
    ],
    [
      'another partner',
      () => partner,
      { partnerId: 'ptn-2' },
      403,
      'forbidden',
      { partnerId: 'a partner acts only for itself: give your own partnerId, ptn-1' },
    ],
    [
      'an account that one is not attached to',
      () => partner,
      { accountId: 'acc-2' },
      404,
      'not_found',
      { accountId: 'there is no account acc-2 that you may see: check the id, or ask the vendor to attach you to the account' },
    ],
    [
      'a renewal of nothing',
      () => partner,
      { ...AZ, upgradedFrom: 'off_9' },
      404,
      'not_found',
      { upgradedFrom: 'there is no offer off_9 that you may see: check the id' },
    ],
  ])('like naming %s is told with the field', async (_, ask, changes, status, code, messages) => {
    const answer = await tried(ask(), 'marketplace' in changes ? changes : { ...AWS, ...changes })
    expectProblem(answer, status, code)
    expect(told(answer)).toEqual(messages)
  })

  it.each<[string, { text?: string; body?: object; key?: string | null }, string, string]>([
    [
      'no key',
      { body: AWS, key: null },
      'Idempotency-Key',
      'send a header of 1 to 255 printable characters, new for each new request',
    ],
    ['half a document', { text: '{"marketplace": "aws",' }, 'body', 'must be a JSON document'],
  ])('like sending %s is told', async (_, sent, target, message) => {
    const answer = await partner('POST', '/v1/offers', sent)
    expectProblem(answer, 400, 'invalid_request')
    expect(told(answer)).toEqual({ [target]: message })
  })

  it('that can be put right without asking is put right: a name that Microsoft does not take', async () => {
    const { status, body } = await partner('POST', '/v1/offers/plan', { body: { ...AZ, name: 'Müller & Söhne, 50% off' } })
    expect(status).toBe(200)
    expect(body['problems']).toEqual([])
    expect(JSON.stringify(body['request'])).toContain('"Muller & Sohne, 50 off (off_')
  })
})
