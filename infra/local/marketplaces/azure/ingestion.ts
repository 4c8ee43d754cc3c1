import type { Answer } from '../stand-in.ts'
import { type Api, type Call, ok, refusal } from './api.ts'
import { catalogueOf, guidIn, type Plan, type Product } from './catalogue.ts'
import { cancel, catchUp, configure, detail, status } from './ingestion-jobs.ts'
import { admitTo } from './login.ts'
import type { Offer } from './offer-state.ts'
import { offerRow, offerView } from './offer-view.ts'
import { pageAfter } from './page.ts'

const ROWS_PER_PAGE = 20
const SCHEMA = 'https://schema.mp.microsoft.com/schema'

const missing = (what: string) => refusal(404, 'notFound', `There is no ${what}.`, [])

const offer = async ({ world, path }: Call): Promise<Answer> => {
  const found = await world.shelf.get<Offer>('azure.offers', path['guid'] ?? '')
  return found ? ok(offerView(found, await catalogueOf(world))) : missing('such private offer')
}

const positionOf = ({ created, guid }: Offer) => `${created} ${guid}`

const query = async ({ world, query, base }: Call): Promise<Answer> => {
  const all = await world.shelf.list<Offer>('azure.offers')
  const { rows, continuationToken } = pageAfter(all, positionOf, query.get('continuationToken'), ROWS_PER_PAGE)
  const privateOffers = rows.map(offerRow)
  if (!continuationToken) return ok({ privateOffers })
  const next = new URLSearchParams({ $version: query.get('$version') ?? '', continuationToken })
  return ok({ privateOffers, '@nextLink': `${base}/private-offer?${next}` })
}

const products = async ({ world, query }: Call): Promise<Answer> => {
  const { products } = await catalogueOf(world)
  const wanted = products.filter(
    ({ externalId, type }) => (query.get('externalID') ?? externalId) === externalId && (query.get('type') ?? type) === type,
  )
  const view = ({ id, externalId, type, alias }: Product) => ({
    $schema: `${SCHEMA}/product/2022-07-01`,
    id,
    identity: { externalId },
    type,
    alias,
  })
  return ok({ value: wanted.map(view) })
}

const plans = async ({ world, query }: Call): Promise<Answer> => {
  const { plans } = await catalogueOf(world)
  const wanted = plans.filter(
    ({ product, externalId }) =>
      guidIn(product) === guidIn(query.get('product') ?? '') && (query.get('externalID') ?? externalId) === externalId,
  )
  const view = ({ id, product, externalId, alias }: Plan) => ({
    $schema: `${SCHEMA}/plan/2022-07-01`,
    product,
    id,
    identity: { externalId },
    alias,
  })
  return ok({ value: wanted.map(view) })
}

const price = async ({ world, path, query }: Call): Promise<Answer> => {
  const { plans } = await catalogueOf(world)
  const plan = plans.find(({ id }) => guidIn(id) === guidIn(query.get('plan') ?? ''))
  if (!plan?.pricing || guidIn(plan.product) !== path['product']) return missing('price of such plan')
  const { id, product, pricing } = plan
  const name = 'price-and-availability-private-offer-plan'
  const offerPricingType = 'saasNewCustomizedPlans'
  return ok({
    $schema: `${SCHEMA}/${name}/2023-07-15`,
    id: `${name}/${path['product']}/${guidIn(id)}`,
    resourceName: null,
    product,
    plan: id,
    offerPricingType,
    pricing,
  })
}

const VERSION = /^\d{4}-\d{2}-\d{2}(-preview\d*)?$/
const admitted = admitTo('ingestion')
const admit = async (call: Call) => {
  const refused = await admitted(call)
  if (refused || VERSION.test(call.query.get('$version') ?? '')) return refused
  return refusal(400, 'badRequest', 'The query needs $version, like 2022-07-01.')
}

const PRICE = '/price-and-availability-private-offer-plan/{product}'

/** Product Ingestion: private offers are made, changed and read here. */
export const ingestion: Api = {
  prefix: '/azure/ingestion',
  admit,
  catchUp,
  operations: [
    { method: 'POST', path: '/configure', fault: 'azure.ingestion.configure', run: configure },
    { method: 'GET', path: '/configure/{jobId}/status', fault: 'azure.ingestion.status', run: status },
    { method: 'GET', path: '/configure/{jobId}', fault: 'azure.ingestion.detail', run: detail },
    { method: 'POST', path: '/configure/{jobId}/cancel', fault: 'azure.ingestion.cancel', run: cancel },
    { method: 'GET', path: '/private-offer/query', fault: 'azure.ingestion.query', run: query },
    { method: 'GET', path: '/private-offer', fault: 'azure.ingestion.query', run: query },
    { method: 'GET', path: '/private-offer/{guid}', fault: 'azure.ingestion.get', run: offer },
    { method: 'GET', path: '/product', fault: 'azure.ingestion.products', run: products },
    { method: 'GET', path: '/plan', fault: 'azure.ingestion.plans', run: plans },
    { method: 'GET', path: PRICE, fault: 'azure.ingestion.price', run: price },
  ],
}
