import * as z from 'zod'
import type { Answer, World } from '../stand-in.ts'
import { type Api, type Call, guidOf, ok, refusal, stamp } from './api.ts'
import { catalogueOf, type Plan } from './catalogue.ts'
import { admitTo } from './login.ts'
import { AZURE, publisherOf } from './tenant.ts'

/** What a buyer's subscription said to the terms of a VM plan. */
type Terms = { subscription: string; publisher: string; product: string; plan: string; retrieved: string; accepted: boolean }

/** A document on the shelf (`azure.switches`, this id): present, a PUT of terms answers `accepted: false` although it accepts them. */
export const PUT_DENIES_ACCEPTANCE = 'ordering-put-denies-acceptance'

const bad = (message: string) => refusal(400, 'BadRequest', message)
const missing = (what: string) => refusal(404, 'NotFound', `There is no ${what}.`)

const idOf = ({ subscription, publisher, product, plan }: Terms) => [subscription, publisher, product, plan].join('~')

const signatureOf = (terms: Terms) => guidOf(idOf(terms)).replaceAll('-', '').toUpperCase()

const view = (terms: Terms) => {
  const { subscription, publisher, product, plan, retrieved, accepted } = terms
  const path = `offertypes/virtualmachine/publishers/${publisher}/offers/${product}/plans/${plan}/agreements/current`
  const links = {
    licenseTextLink: `https://storage.example/legalterms/${publisher}.txt`,
    privacyPolicyLink: `https://${publisher}.example/privacy`,
    marketplaceTermsLink: 'https://storage.example/marketplaceterms.txt',
  }
  return {
    id: `/subscriptions/${subscription}/providers/Microsoft.MarketplaceOrdering/${path}`,
    name: plan,
    type: 'Microsoft.MarketplaceOrdering/offertypes',
    properties: { publisher, product, plan, ...links, retrieveDatetime: retrieved, signature: signatureOf(terms), accepted },
  }
}

const planAt = async ({ world, path }: Call): Promise<Plan | undefined> => {
  const { plans, products } = await catalogueOf(world)
  const { publisherId } = await publisherOf(world)
  const product = products.find(({ externalId, type }) => externalId === path['offer'] && type === 'azureVirtualMachine')
  if (!product || path['publisher'] !== publisherId) return undefined
  return plans.find((plan) => plan.product === product.id && plan.externalId === path['plan'])
}

const fresh = ({ world, path }: Call): Terms => ({
  subscription: path['subscription'] ?? '',
  publisher: path['publisher'] ?? '',
  product: path['offer'] ?? '',
  plan: path['plan'] ?? '',
  retrieved: stamp(world.now()),
  accepted: false,
})

const kept = ({ shelf }: World, terms: Terms) => shelf.get<Terms>('azure.terms', idOf(terms))
const keep = async ({ shelf }: World, terms: Terms) => {
  await shelf.put('azure.terms', idOf(terms), terms)
  return terms
}

const forPlan =
  (answer: (call: Call, terms: Terms, plan: Plan) => Promise<Answer>) =>
  async (call: Call): Promise<Answer> => {
    if ((call.path['offerType'] ?? 'virtualmachine').toLowerCase() !== 'virtualmachine')
      return bad('The offer type is virtualmachine.')
    const plan = await planAt(call)
    return plan ? answer(call, fresh(call), plan) : missing('such plan')
  }

const get = forPlan(async ({ world }, terms) => ok(view((await kept(world, terms)) ?? terms)))

const Sent = z.object({ properties: z.object({ signature: z.string(), accepted: z.literal(true) }) })

const create = forPlan(async ({ world, body }, terms) => {
  const sent = Sent.safeParse(body)
  if (!sent.success) return bad('Send back the terms as they were read, with accepted: true.')
  if (sent.data.properties.signature !== signatureOf(terms)) return bad('The signature is not that of the current terms.')
  const accepted = await keep(world, { ...terms, accepted: true })
  const denies = await world.shelf.get('azure.switches', PUT_DENIES_ACCEPTANCE)
  return ok(view({ ...accepted, accepted: !denies }))
})

const sign = forPlan(async ({ world }, terms, plan) =>
  plan.privateOnly
    ? bad('The terms of a private offer must be accepted through the portal.')
    : ok(view(await keep(world, { ...terms, accepted: true }))),
)

const cancel = forPlan(async ({ world }, terms) => ok(view(await keep(world, { ...terms, accepted: false }))))

const getAgreement = forPlan(async ({ world }, terms) => {
  const found = await kept(world, terms)
  return found ? ok(view(found)) : missing('agreement on this plan')
})

const list = async ({ world, path }: Call): Promise<Answer> => {
  const all = await world.shelf.list<Terms>('azure.terms')
  return ok(all.filter(({ subscription }) => subscription === path['subscription']).map(view))
}

const admitted = admitTo('ordering')
const admit = async (call: Call) => {
  const refused = await admitted(call)
  if (refused) return refused
  if (call.query.get('api-version') !== '2021-01-01') return bad('The query needs api-version=2021-01-01.')
  return call.path['subscription'] === AZURE.buyerSubscriptionId ? undefined : missing('such subscription')
}

const PROVIDER = '/subscriptions/{subscription}/providers/Microsoft.MarketplaceOrdering'
const CURRENT = `${PROVIDER}/offerTypes/{offerType}/publishers/{publisher}/offers/{offer}/plans/{plan}/agreements/current`
const AGREEMENT = `${PROVIDER}/agreements/{publisher}/offers/{offer}/plans/{plan}`

/** MarketplaceOrdering of the Azure Resource Manager: the terms of VM plans, on the buyer's side. */
export const ordering: Api = {
  prefix: '/azure/management',
  admit,
  operations: [
    { method: 'GET', path: CURRENT, fault: 'azure.ordering.get', run: get },
    { method: 'PUT', path: CURRENT, fault: 'azure.ordering.create', run: create },
    { method: 'POST', path: `${AGREEMENT}/sign`, fault: 'azure.ordering.sign', run: sign },
    { method: 'POST', path: `${AGREEMENT}/cancel`, fault: 'azure.ordering.cancel', run: cancel },
    { method: 'GET', path: AGREEMENT, fault: 'azure.ordering.agreement', run: getAgreement },
    { method: 'GET', path: `${PROVIDER}/agreements`, fault: 'azure.ordering.list', run: list },
  ],
}
