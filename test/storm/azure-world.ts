import { acceptPrivateOffer } from '../../infra/local/marketplaces/azure/customer.ts'
import type { Offer as Listed } from '../../infra/local/marketplaces/azure/offer-state.ts'
import { publishAsPartner } from '../../infra/local/marketplaces/azure/selling-partner.ts'
import { AZURE } from '../../infra/local/marketplaces/azure/tenant.ts'
import { Fault } from '../../infra/local/marketplaces/faults.ts'
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
  const settings = { flexibleBilling: false }
  return {
    marketplace: azureMarketplace({ client, ingestionUrl: `${server.url}/azure/ingestion`, settings }),
    now: () => world.now().toISOString(),
    pass: async (seconds: number) => {
      azure.advance(seconds)
      await azure.tick()
    },
    calm: () => world.faults.clear(),
    fail: (fault: Partial<Fault>) => world.faults.add(Fault.parse(fault)),
    listed: () => world.shelf.list<Listed>('azure.offers'),
    accept: (guid: string) => acceptPrivateOffer(world, guid),
    publish: (guid: string) => publishAsPartner(world, guid),
    close: server.close,
  }
}
export type AzureWorld = Awaited<ReturnType<typeof openAzure>>
