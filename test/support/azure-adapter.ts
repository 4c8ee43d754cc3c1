import { afterEach, beforeEach } from 'vitest'
import { AZURE } from '../../infra/local/marketplaces/azure/tenant.ts'
import { Fault } from '../../infra/local/marketplaces/faults.ts'
import type { StandIn } from '../../infra/local/marketplaces/stand-in.ts'
import { azureAgreements } from '../../lib/agreements/azure.ts'
import { azureMarketplace } from '../../lib/offers/azure/marketplace.ts'
import type { AzureOffer } from '../../lib/offers/offer.ts'
import { azureClient, type Credentials } from '../../lib/runtime/azure.ts'
import { clock } from '../../lib/runtime/clock.ts'
import { azureOrdering } from '../../lib/terms/azure.ts'
import { sending } from '../unit/offers/azure-offer.ts'
import { type TestAzure, testAzure } from './azure.ts'
import { serve } from './loopback.ts'

/** A plan whose terms the customer's subscription has not accepted yet. */
export const VM_PLAN = {
  subscriptionId: AZURE.buyerSubscriptionId,
  publisherId: AZURE.publisherId,
  productId: 'contoso-appliance',
  planId: 'pro',
}

type Kind = Fault['kind']

/** Cosell's adapters against Microsoft's marketplace on a port of this machine, new for each test. `front` sees every request first. */
export const azureAdapter = () => {
  let azure: TestAzure
  let server: Awaited<ReturnType<typeof serve>>
  let front: StandIn['answer']

  beforeEach(async () => {
    azure = await testAzure()
    clock.now = azure.world.now
    front = async () => undefined
    server = await serve([{ answer: (exchange) => front(exchange), tick: async () => undefined }, ...azure.standIns])
  })
  afterEach(() => server.close())

  const url = (path: string) => `${server.url}/azure/${path}`
  const app = { tenantId: AZURE.tenantId, clientId: AZURE.clientId, secret: async () => AZURE.clientSecret }
  const client = (changes: Partial<Credentials> = {}) => azureClient({ loginUrl: url('login'), ...app, ...changes })
  const marketplace = (by = client()) =>
    azureMarketplace({ client: by, ingestionUrl: url('ingestion'), settings: { flexibleBilling: true } })

  /** Sends an offer's open call; the offer then knows its job. */
  const sent = async (offer: AzureOffer): Promise<AzureOffer> => {
    const answer = await marketplace().send(offer)
    if (!('jobId' in answer) || !offer.submission) throw new Error(`not taken: ${JSON.stringify(answer)}`)
    return { ...offer, submission: { ...offer.submission, jobId: answer.jobId } }
  }

  const released = async (given = sending('create')): Promise<AzureOffer> => {
    const { submission, ...offer } = await sent(given)
    azure.advance(180)
    const outcome = await marketplace().observe({ ...offer, ...(submission && { submission }) })
    if (outcome.state !== 'succeeded') throw new Error(`not released: ${JSON.stringify(outcome)}`)
    return {
      ...offer,
      status: 'released',
      externalId: outcome.externalId,
      externalName: outcome.externalName ?? '',
      releasedAt: outcome.at,
    }
  }

  return {
    azure: () => azure,
    url,
    client,
    marketplace,
    agreements: () =>
      azureAgreements({ client: client(), fulfilmentUrl: url('marketplace/api'), ingestionUrl: url('ingestion') }),
    ordering: () => azureOrdering({ client: client(), managementUrl: url('management') }),
    sent,
    released,
    setFront: (answer: StandIn['answer']) => {
      front = answer
    },
    fault: (target: string, kind: Kind, more: { status?: number; times?: number } = {}) =>
      azure.world.faults.add(Fault.parse({ target, kind, ...more })),
  }
}
