import { soldBy } from '../../infra/local/marketplaces/azure/available-plan.ts'
import { catalogueOf } from '../../infra/local/marketplaces/azure/catalogue.ts'
import {
  acceptPrivateOffer,
  purchase,
  reinstate,
  renewSubscription,
  suspend,
  unsubscribe,
} from '../../infra/local/marketplaces/azure/customer.ts'
import type { Offer as Listed } from '../../infra/local/marketplaces/azure/offer-state.ts'
import { plansFor } from '../../infra/local/marketplaces/azure/offered-plans.ts'
import { type Operation, operationsOf } from '../../infra/local/marketplaces/azure/operation.ts'
import { publishAsPartner, receiveOffer } from '../../infra/local/marketplaces/azure/selling-partner.ts'
import { changePlan, changeQuantity } from '../../infra/local/marketplaces/azure/subscriber.ts'
import type { Purchase } from '../../infra/local/marketplaces/azure/subscription.ts'
import { AZURE } from '../../infra/local/marketplaces/azure/tenant.ts'
import { Fault } from '../../infra/local/marketplaces/faults.ts'
import { azureAgreements } from '../../lib/agreements/azure.ts'
import { azureMarketplace } from '../../lib/offers/azure/marketplace.ts'
import { azureClient } from '../../lib/runtime/azure.ts'
import { clock } from '../../lib/runtime/clock.ts'
import { testAzure } from '../support/azure.ts'
import { serve } from '../support/loopback.ts'

/** Microsoft's marketplace on a port of this machine, and our adapter speaking to it. */
export const openAzure = async () => {
  const azure = await testAzure()
  const { world } = azure
  clock.now = world.now
  const server = await serve(azure.standIns)
  const app = { tenantId: AZURE.tenantId, clientId: AZURE.clientId, secret: async () => AZURE.clientSecret }
  const client = azureClient({ loginUrl: `${server.url}/azure/login`, ...app })
  const settings = { flexibleBilling: true }
  const pass = async (seconds: number) => {
    azure.advance(seconds)
    await azure.tick()
  }
  return {
    name: 'azure' as const,
    sent: azure.sent,
    source: azureAgreements({
      client,
      fulfilmentUrl: `${server.url}/azure/marketplace/api`,
      ingestionUrl: `${server.url}/azure/ingestion`,
      now: world.now,
    }),
    marketplace: azureMarketplace({ client, ingestionUrl: `${server.url}/azure/ingestion`, settings }),
    now: () => world.now().toISOString(),
    pass,
    calm: () => world.faults.clear(),
    fail: (fault: Partial<Fault>) => world.faults.add(Fault.parse(fault)),
    listed: () => world.shelf.list<Listed>('azure.offers'),
    accept: (guid: string) => acceptPrivateOffer(world, guid),
    /** Another originator sends us an offer of that name. */
    receive: async (name: string) => (await receiveOffer(world, { name })).privateOfferId,
    publish: (guid: string) => publishAsPartner(world, guid),
    bought: () => world.shelf.list<Purchase>('azure.subscriptions'),
    /** The names of the plans that an offer sells. */
    sold: async (guid: string) => {
      const offer = await world.shelf.get<Listed>('azure.offers', guid)
      return offer ? soldBy(offer, await catalogueOf(world)).map(({ plan }) => plan.displayName) : []
    },
    buy: (guid: string, quantity: number, plan: string | undefined) => purchase(world, guid, { quantity, plan }),
    /** Microsoft renews when the term is over. */
    renew: async ({ subscription: { id, term } }: Purchase) => {
      if (!term.endDate) return
      const end = Date.parse(term.endDate) / 1000 + 86_399
      await pass(Math.max(0, end - world.now().getTime() / 1000))
      await renewSubscription(world, id)
    },
    changePlan: async (bought: Purchase, which: number) => {
      const plans = await plansFor(world, bought)
      const wanted = plans[which % plans.length]?.plan.planId ?? ''
      await changePlan(world, bought.subscription.id, wanted)
    },
    /** The plan that it has now, which may be another one than was bought. */
    planOf: async (bought: Purchase) => {
      const plans = await plansFor(world, bought)
      return plans.find(({ plan }) => plan.planId === bought.subscription.planId)?.plan ?? bought.plan
    },
    changeUsers: ({ subscription: { id } }: Purchase, users: number) => changeQuantity(world, id, users),
    /** Whether it ever got another plan or other users. */
    isChanged: async ({ subscription: { id } }: Purchase) => {
      const got = ({ action, status }: Operation) => action.startsWith('Change') && status === 'Succeeded'
      return (await operationsOf(world, id)).some(got)
    },
    suspend: ({ subscription: { id } }: Purchase) => suspend(world, id),
    reinstate: ({ subscription: { id } }: Purchase) => reinstate(world, id),
    unsubscribe: ({ subscription: { id } }: Purchase) => unsubscribe(world, id),
    close: server.close,
  }
}
export type AzureWorld = Awaited<ReturnType<typeof openAzure>>
