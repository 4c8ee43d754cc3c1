import { openAgreement } from '../../infra/local/marketplaces/aws/agreement.ts'
import { AGREEMENTS, type Agreement, acceptOffer, cancelAgreement } from '../../infra/local/marketplaces/aws/agreements.ts'
import { invoiceAgreement } from '../../infra/local/marketplaces/aws/billing.ts'
import { openCatalog } from '../../infra/local/marketplaces/aws/catalog.ts'
import { type Offer as Listed, OFFERS } from '../../infra/local/marketplaces/aws/offer.ts'
import { seedProducts } from '../../infra/local/marketplaces/aws/products.ts'
import { Fault } from '../../infra/local/marketplaces/faults.ts'
import { awsAgreements } from '../../lib/agreements/aws/source.ts'
import { awsMarketplace } from '../../lib/offers/aws/marketplace.ts'
import { serve } from '../support/loopback.ts'
import { testWorld } from '../support/world.ts'

export const BUYER = '310000000009'

/** AWS Marketplace on a port of this machine, and our adapters speaking to it through the real clients, which repeat nothing here. */
export const openAws = async () => {
  const { world, sent, advance } = testWorld()
  const standIns = [openCatalog(world), openAgreement(world)]
  await seedProducts(world)
  const { url, close } = await serve(standIns)
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_MAX_ATTEMPTS: '1',
  })
  const pass = async (seconds: number) => {
    advance(seconds)
    for (const each of standIns) await each.tick()
  }
  return {
    world,
    sent,
    pass,
    close,
    marketplace: awsMarketplace(),
    source: awsAgreements(world),
    now: () => world.now().toISOString(),
    fail: (fault: Partial<Fault>) => world.faults.add(Fault.parse(fault)),
    listed: () => world.shelf.list<Listed>(OFFERS),
    agreements: () => world.shelf.list<Agreement>(AGREEMENTS),
    accept: (externalId: string) => acceptOffer(world, externalId, BUYER),
    cancel: (agreementId: string) => cancelAgreement(world, agreementId),
    invoice: (agreementId: string) => invoiceAgreement(world, agreementId),
  }
}
export type AwsWorld = Awaited<ReturnType<typeof openAws>>
