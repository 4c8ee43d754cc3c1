import { openAgreement } from '../../infra/local/marketplaces/aws/agreement.ts'
import { AGREEMENTS, type Agreement, acceptOffer, cancelAgreement } from '../../infra/local/marketplaces/aws/agreements.ts'
import { AUTHORIZATIONS, type Authorization } from '../../infra/local/marketplaces/aws/authorization.ts'
import { invoiceAgreement, invoiceUsage, refundInvoice } from '../../infra/local/marketplaces/aws/billing.ts'
import { openCatalog } from '../../infra/local/marketplaces/aws/catalog.ts'
import { type Offer as Listed, OFFERS } from '../../infra/local/marketplaces/aws/offer.ts'
import { receiveAuthorization, resell } from '../../infra/local/marketplaces/aws/other-seller.ts'
import { seedProducts } from '../../infra/local/marketplaces/aws/products.ts'
import { renewAgreement } from '../../infra/local/marketplaces/aws/renewal.ts'
import { Fault } from '../../infra/local/marketplaces/faults.ts'
import { awsAgreements } from '../../lib/agreements/aws/source.ts'
import { awsMarketplace } from '../../lib/offers/aws/marketplace.ts'
import { serve } from '../support/loopback.ts'
import { testWorld } from '../support/world.ts'

export const BUYER = '310000000009'

const WHOLESALE = {
  months: 12,
  charges: [
    { on: '2026-12-15', amount: '80000.00' },
    { on: '2027-04-15', amount: '20000.00' },
  ],
}

/** AWS Marketplace on a port of this machine, and our adapters speaking to it through the real clients, which repeat nothing here. */
export const openAws = async () => {
  const { world, sent, advance } = testWorld()
  const heard: typeof sent = []
  const { send } = world
  world.send = async (message) => {
    heard.push(message)
    await send(message)
  }
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
    name: 'aws' as const,
    world,
    sent,
    /** All that was ever sent; `sent` is what is on its way. */
    heard,
    pass,
    close,
    marketplace: awsMarketplace({ startsPerSecond: Number.POSITIVE_INFINITY }),
    source: awsAgreements(world),
    now: () => world.now().toISOString(),
    fail: (fault: Partial<Fault>) => world.faults.add(Fault.parse(fault)),
    listed: () => world.shelf.list<Listed>(OFFERS),
    /** What is released and not accepted. */
    onSale: async () => {
      const sold = (await world.shelf.list<Agreement>(AGREEMENTS)).map(({ offerId }) => offerId)
      return (await world.shelf.list<Listed>(OFFERS)).filter(({ id, state }) => state === 'Released' && !sold.includes(id))
    },
    agreements: () => world.shelf.list<Agreement>(AGREEMENTS),
    accept: (externalId: string) => acceptOffer(world, externalId, BUYER, { autoRenew: true }),
    renew: (agreementId: string) => renewAgreement(world, agreementId),
    cancel: (agreementId: string) => cancelAgreement(world, agreementId),
    invoice: (agreementId: string) => invoiceAgreement(world, agreementId),
    meter: (agreementId: string) =>
      invoiceUsage(world, agreementId, { month: world.now().toISOString().slice(0, 7), amount: '12.34' }),
    refund: async ({ id, invoices }: Agreement) => refundInvoice(world, id, invoices[0]?.id ?? '', '0.01', 'OTHER'),
    /** Another seller lets us resell its product. */
    receive: async () => (await receiveAuthorization(world, WHOLESALE)).id,
    given: async () => (await world.shelf.list<Authorization>(AUTHORIZATIONS)).filter((each) => each.description),
    resell: (authorizationId: string) => resell(world, authorizationId, { buyerAccountId: BUYER, markupPercent: '5.0' }),
    resold: () => world.shelf.list<{ authorizationId: string }>('aws.resales'),
  }
}
export type AwsWorld = Awaited<ReturnType<typeof openAws>>
