import type { World } from '../stand-in.ts'

/** The ids that the seeded publisher, its customer and its catalogue have. */
export const AZURE = {
  tenantId: '10000000-0000-4000-8000-000000000001',
  clientId: '10000000-0000-4000-8000-0000000000a1',
  clientSecret: 'local-azure-secret',
  /** An app that the tenant knows but that was given no marketplace API. */
  strangerId: '10000000-0000-4000-8000-0000000000a2',
  strangerSecret: 'local-stranger-secret',
  /** The app of the SaaS offer's technical configuration: webhook messages are addressed to it. */
  webhookAppId: '10000000-0000-4000-8000-0000000000a1',
  publisherId: 'contoso',
  saasProductId: '20000000-0000-4000-8000-000000000001',
  planId: '20000000-0000-4000-8000-0000000000b1',
  seatPlanId: '20000000-0000-4000-8000-0000000000b3',
  vmProductId: '20000000-0000-4000-8000-000000000002',
  vmPlanId: '20000000-0000-4000-8000-0000000000b2',
  vmPrivatePlanId: '20000000-0000-4000-8000-0000000000b4',
  servicesProductId: '20000000-0000-4000-8000-000000000003',
  servicesPlanId: '20000000-0000-4000-8000-0000000000b5',
  /** The customer. */
  billingAccountId: '80000000-0000-4000-8000-000000000001:80000000-0000-4000-8000-000000000002_2019-05-31',
  customerTenantId: '70000000-0000-4000-8000-000000000001',
  /** A reseller (CSP) and a selling partner of multiparty offers. */
  cspTenantId: 'a0000000-0000-4000-8000-000000000001',
  sellerId: '12345678',
  buyerSubscriptionId: 'e0000000-0000-4000-8000-000000000001',
} as const

/** Microsoft's marketplace itself, as the resource of tokens and as the sender of webhook messages. */
export const MARKETPLACE_APP = '20e940b3-4c77-4b0b-9a53-9e16a1b010a7'

export type ApiName = 'ingestion' | 'fulfilment' | 'ordering'

/** An app registration; `apis` are those that it was associated with. */
export type Client = { id: string; secret: string; tenantId: string; apis: ApiName[] }

/** The publisher's account: where its webhook messages are addressed. */
export type Publisher = { tenantId: string; publisherId: string; webhookAppId: string }

export const publisherOf = async ({ shelf }: World): Promise<Publisher> => {
  const found = await shelf.get<Publisher>('azure.publisher', 'publisher')
  if (!found) throw new Error('the Azure stand-ins have no publisher: call seedAzure first')
  return found
}
