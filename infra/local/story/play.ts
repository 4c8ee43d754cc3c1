import { addDays, addMonths } from '../../../lib/core/period.ts'
import { DEFAULT_PRODUCT } from '../marketplaces/aws/products.ts'
import { AZURE } from '../marketplaces/azure/tenant.ts'
import { sellOnAws, sellOnAzure, withdrawOne } from './deals.ts'
import { type Cast, castOf, goTo, recruit, type Stage, usd } from './stage.ts'

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
  const { id } = await stage.client.twin(`aws/agreements/${aws.agreementId}/renew`, { increasePercent: '10' })
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
