import type { World } from '../stand-in.ts'
import { guidIn, type Plan, type Product } from './catalogue.ts'
import { seedKeys } from './login.ts'
import type { PlanPricing } from './price.ts'
import { AZURE, type Client, type Publisher } from './tenant.ts'

const CLIENTS: Client[] = [
  { id: AZURE.clientId, secret: AZURE.clientSecret, tenantId: AZURE.tenantId, apis: ['ingestion', 'fulfilment', 'ordering'] },
  { id: AZURE.strangerId, secret: AZURE.strangerSecret, tenantId: AZURE.tenantId, apis: [] },
]

const saas = `product/${AZURE.saasProductId}`
const services = `product/${AZURE.servicesProductId}`
const vm = `product/${AZURE.vmProductId}`
const PRODUCTS: Product[] = [
  { id: saas, externalId: 'contoso-insights', type: 'softwareAsAService', alias: 'Contoso Insights' },
  { id: services, externalId: 'contoso-onboarding', type: 'professionalService', alias: 'Contoso Onboarding' },
  { id: vm, externalId: 'contoso-appliance', type: 'azureVirtualMachine', alias: 'Contoso Appliance' },
]

const month = { type: 'month', value: 1 } as const
const year = { type: 'year', value: 1 } as const
const priced = (mode: 'flatRate' | 'perUser', monthly: number, yearly: number): PlanPricing => ({
  recurrentPrice: {
    recurrentPriceMode: mode,
    priceInputOption: 'usd',
    ...(mode === 'perUser' && { userLimits: { min: 1, max: 1000 } }),
    prices: [
      { billingTerm: month, paymentOption: month, pricePerPaymentInUsd: monthly },
      { billingTerm: year, paymentOption: year, pricePerPaymentInUsd: yearly },
    ],
  },
})

const planId = (product: string, guid: string) => `plan/${guidIn(product)}/${guid}`
const PLANS: Plan[] = [
  {
    id: planId(saas, AZURE.planId),
    product: saas,
    externalId: 'enterprise',
    alias: 'Enterprise',
    description: 'Everything, at a flat rate',
    pricing: priced('flatRate', 5000, 60_000),
  },
  {
    id: planId(saas, AZURE.seatPlanId),
    product: saas,
    externalId: 'seats',
    alias: 'Seats',
    description: 'For each user',
    pricing: priced('perUser', 40, 480),
  },
  {
    id: planId(services, AZURE.servicesPlanId),
    product: services,
    externalId: 'onboarding',
    alias: 'Onboarding',
    description: 'People',
  },
  { id: planId(vm, AZURE.vmPlanId), product: vm, externalId: 'pro', alias: 'Pro', description: 'The appliance' },
  {
    id: planId(vm, AZURE.vmPrivatePlanId),
    product: vm,
    externalId: 'pro_fabrikam',
    alias: 'Pro for Fabrikam',
    description: 'The appliance for one customer',
    privateOnly: true,
  },
]

/** Puts a publisher with its catalogue, and its tenant with apps and a signing key, on the shelf. Doing it again changes nothing. */
export const seedAzure = async (world: World) => {
  const { tenantId, publisherId, webhookAppId } = AZURE
  const publisher: Publisher = { tenantId, publisherId, webhookAppId }
  await world.shelf.put('azure.publisher', 'publisher', publisher)
  for (const client of CLIENTS) await world.shelf.put('azure.clients', client.id, client)
  for (const product of PRODUCTS) await world.shelf.put('azure.products', guidIn(product.id), product)
  for (const plan of PLANS) await world.shelf.put('azure.plans', guidIn(plan.id), plan)
  await seedKeys(world)
}
