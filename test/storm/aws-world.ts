import { AGREEMENTS, type Agreement, acceptOffer, cancelAgreement } from '../../infra/local/marketplaces/aws/agreements.ts'
import { AUTHORIZATIONS, type Authorization } from '../../infra/local/marketplaces/aws/authorization.ts'
import { invoiceAgreement, invoiceUsage, refundInvoice } from '../../infra/local/marketplaces/aws/billing.ts'
import { type Offer as Listed, OFFERS } from '../../infra/local/marketplaces/aws/offer.ts'
import { receiveAuthorization, resell } from '../../infra/local/marketplaces/aws/other-seller.ts'
import { renewAgreement } from '../../infra/local/marketplaces/aws/renewal.ts'
import { awsAgreements } from '../../lib/agreements/aws/source.ts'
import { awsMarketplace } from '../../lib/offers/aws/marketplace.ts'
import { openAwsAlone } from '../support/aws-alone.ts'

export const BUYER = '310000000009'

const WHOLESALE = {
  months: 12,
  charges: [
    { on: '2026-12-15', amount: '80000.00' },
    { on: '2027-04-15', amount: '20000.00' },
  ],
}

/** AWS Marketplace with its people, and our adapters speaking to it. */
export const openAws = async () => {
  const { world, sent, pass, fail, close } = await openAwsAlone()
  const heard: typeof sent = []
  const { send } = world
  world.send = async (message) => {
    heard.push(message)
    await send(message)
  }
  return {
    name: 'aws' as const,
    world,
    sent,
    /** All that was ever sent; `sent` is what is on its way. */
    heard,
    pass,
    fail,
    close,
    marketplace: awsMarketplace({ startsPerSecond: Number.POSITIVE_INFINITY }),
    source: awsAgreements(world),
    now: () => world.now().toISOString(),
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
