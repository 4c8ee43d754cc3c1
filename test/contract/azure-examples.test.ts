import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  acceptPrivateOffer,
  purchase,
  reinstate,
  renewSubscription,
  suspend,
  unsubscribe,
} from '../../infra/local/marketplaces/azure/customer.ts'
import { receiveOffer } from '../../infra/local/marketplaces/azure/selling-partner.ts'
import { AZURE } from '../../infra/local/marketplaces/azure/tenant.ts'
import { configureRequest } from '../../lib/offers/azure/plan.ts'
import type { AzureOffer } from '../../lib/offers/offer.ts'
import { testAzure } from '../support/azure.ts'
import { carriedOut, readOffer, saas, subscribed } from '../support/azure-offers.ts'
import { csp, flexible, metered, originator, percentage, perUser, reservation } from '../unit/offers/azure-offer.ts'

const EXAMPLES = new URL('../../../shared/reference/azure-examples/', import.meta.url)
const example = (path: string) => JSON.parse(readFileSync(new URL(`${path}.json`, EXAMPLES), 'utf8'))
const resources = (path: string): unknown[] => example(`private-offer/${path}.request`).resources

/** The names in a document, and of a list those of its first element. */
const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf)
  if (typeof value !== 'object' || value === null) return '·'
  const entries = Object.entries(value).map(([name, each]): [string, unknown] => [name, shapeOf(each)])
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

const at = '/azure/ingestion'
const SAID = { customerContractRenewal: false, termsUrl: 'https://contosodocs.blob.core.windows.net/terms/fabrikam.pdf' }

/** A subscription bought through the example's offer, not activated yet. */
const boughtPlan = async () => {
  const azure = await testAzure('2026-11-22T08:00:00.123Z')
  const { offerId } = await carriedOut(azure, ...resources('02-configure-customer-absolute-saas'))
  await acceptPrivateOffer(azure.world, offerId)
  return { azure, ...(await purchase(azure.world, offerId)) }
}

const here = existsSync(EXAMPLES)
describe.skipIf(!here)(
  `the examples of Microsoft's messages${here ? '' : ' (skipped: they are not beside this repository)'}`,
  () => {
    it.each([
      '01-configure-customer-percentage',
      '02-configure-customer-absolute-saas',
      '03-configure-customer-absolute-per-user',
      '04-configure-customer-flexible-schedule.UNVERIFIED',
      '05-configure-vm-software-reservation',
      '06-configure-csp',
      '07-configure-mpo-originator',
      '08-configure-mpo-channel-partner',
      '10-withdraw',
      '11-delete-draft',
      '12-upgrade',
    ])('include the request %s, which is taken', async (name) => {
      const { call } = await testAzure('2026-11-22T08:00:00.123Z')
      const body = example(`private-offer/${name}.request`)
      const answer = await call('POST', `${at}/configure?$version=2022-07-01`, { body })
      expect(answer.status).toBe(202)
      expect(shapeOf(answer.body)).toEqual(shapeOf(example('private-offer/20-configure.202.response')))
    })

    it('show a private offer as it is read through its life', async () => {
      const azure = await testAzure('2026-11-22T08:00:00.123Z')
      const { offerId, status, detail } = await carriedOut(azure, ...resources('01-configure-customer-percentage'))
      const read = async () => shapeOf((await readOffer(azure, offerId)).body)
      const same = (name: string) => shapeOf(example(`private-offer/${name}.response`))
      expect(shapeOf(status)).toEqual(same('22-status-succeeded'))
      expect(shapeOf(detail.body)).toEqual(same('30-configure-detail'))
      expect(await read()).toEqual(same('31-private-offer.pending'))
      await carriedOut(azure, ...resources('10-withdraw').map((offer) => ({ ...Object(offer), id: offerId })))
      expect(await read()).toEqual(same('33-private-offer.draft-after-withdraw'))
      await carriedOut(
        azure,
        ...resources('01-configure-customer-percentage').map((offer) => ({ ...Object(offer), id: offerId })),
      )
      await acceptPrivateOffer(azure.world, offerId)
      expect(await read()).toEqual(same('32-private-offer.accepted'))
    })

    it.each([
      '01-configure-customer-percentage',
      '02-configure-customer-absolute-saas',
      '03-configure-customer-absolute-per-user',
      '05-configure-vm-software-reservation',
      '06-configure-csp',
      '07-configure-mpo-originator',
    ])('make a live offer of %s', async (name) => {
      const azure = await testAzure('2026-11-22T08:00:00.123Z')
      const { status, offerId } = await carriedOut(azure, ...resources(name))
      expect(status).toMatchObject({ jobResult: 'succeeded', errors: [] })
      expect((await readOffer(azure, offerId)).body.state).toBe('live')
    })

    it('show an offer that a selling partner received, which is published as in the example', async () => {
      const azure = await testAzure('2026-11-22T08:00:00.123Z')
      const shown = example('private-offer/35-mpo-selling-partner-view.response')
      const { name, end, acceptBy, beneficiaries, partners, originatorTermsAndConditionsDocs } = shown
      const received = { name, end, acceptBy, beneficiaries, partners, originatorTermsAndConditionsDocs }
      const [{ productName: _, planName: __, ...item }] = shown.originatorPricing
      const { privateOfferId } = await receiveOffer(azure.world, { ...received, originatorPricing: [item] })
      expect(shapeOf((await readOffer(azure, `private-offer/${privateOfferId}`)).body)).toEqual(shapeOf(shown))
      const { privateOfferId: other } = await receiveOffer(azure.world, received)
      const [published] = resources('08-configure-mpo-channel-partner').map((offer) => Object(offer))
      const { status } = await carriedOut(azure, { ...published, id: `private-offer/${other}` })
      expect(status.errors).toEqual([])
    })

    it.each<[string, AzureOffer]>([
      ['01-configure-customer-percentage', { ...percentage(), ...SAID }],
      ['02-configure-customer-absolute-saas', { ...metered(), ...SAID }],
      ['03-configure-customer-absolute-per-user', { ...perUser(), ...SAID }],
      ['04-configure-customer-flexible-schedule.UNVERIFIED', { ...flexible(), ...SAID }],
      ['05-configure-vm-software-reservation', { ...reservation(), ...SAID }],
      ['06-configure-csp', csp()],
      ['07-configure-mpo-originator', originator()],
    ])('are what Cosell sends: %s', (name, offer) => {
      const sent: unknown[] = configureRequest(offer).resources
      const named = (resource: unknown) => Object.keys(Object(resource)).filter((field) => field !== 'resourceName')
      const theirs = resources(name)
      expect(sent.map((resource) => named(resource).toSorted())).toEqual(theirs.map((resource) => named(resource).toSorted()))
      for (const [index, resource] of theirs.entries()) {
        const [ours, other] = [Object(sent[index]), Object(resource)]
        for (const field of ['privateOfferType', 'offerPricingType', '$schema']) expect(ours[field]).toBe(other[field])
        const pricingOf = (from: { pricing?: unknown }) => shapeOf(Array.isArray(from.pricing) ? from.pricing : [from.pricing])
        if (index === theirs.length - 1) expect(pricingOf(ours)).toEqual(pricingOf(other))
      }
    })

    it('show a failed job, a refused request and a refused cancellation', async () => {
      const azure = await testAzure()
      const failed = await carriedOut(azure, ...resources('10-withdraw'))
      const refused = await azure.call('POST', `${at}/configure?$version=2022-07-01`, { body: {} })
      const cancelled = await azure.call('POST', `${at}/configure/${failed.status.jobId}/cancel?$version=2022-07-01`)
      expect(shapeOf(failed.status)).toEqual(shapeOf(example('private-offer/23-status-failed.response')))
      expect(shapeOf(refused.body)).toEqual(shapeOf(example('private-offer/25-error-400.response')))
      expect(shapeOf(cancelled.body)).toEqual(shapeOf(example('private-offer/26-cancel-refused-400.response')))
    })

    it.each([
      ['/private-offer/query?', 'private-offer/41-query-page-2.response', 'privateOffers'],
      ['/product?', 'private-offer/42-products.response', 'value'],
      [`/plan?product=${AZURE.saasProductId}&`, 'private-offer/43-plans.response', 'value'],
    ])('show the list %s', async (path, name, list) => {
      const azure = await testAzure()
      const body = await azure.call('GET', `${at}${path}$version=2023-07-15`)
      expect(Object.keys(body.body)).toEqual([list])
      const [theirs] = example(name)[list]
      for (const ours of body.body[list]) expect(shapeOf(ours)).toEqual(shapeOf(theirs))
    })

    it('show the token answer', async () => {
      const { login } = await testAzure()
      expect(shapeOf(Object(await login('ingestion')).body)).toEqual(shapeOf(example('tokens/token.v2.200.response')))
    })

    it('show the refusals of the fulfilment API', async () => {
      const azure = await testAzure()
      const { subscriptionId } = await subscribed(azure)
      const token = await azure.tokenFor('fulfilment', { client_id: AZURE.strangerId, client_secret: AZURE.strangerSecret })
      const forbidden = await saas(azure, 'GET', '', { token })
      await saas(azure, 'PATCH', `/${subscriptionId}`, { body: { planId: 'seats' } })
      const locked = await saas(azure, 'PATCH', `/${subscriptionId}`, { body: { planId: 'enterprise' } })
      expect([forbidden.status, shapeOf(forbidden.body)]).toEqual([403, shapeOf(example('saas/23-error-403.response'))])
      expect([locked.status, shapeOf(locked.body)]).toEqual([400, shapeOf(example('saas/24-error-400-locked.response'))])
    })

    it('show a purchase', async () => {
      const { azure, subscriptionId, token } = await boughtPlan()
      const resolved = await saas(azure, 'POST', '/resolve', { headers: { 'x-ms-marketplace-token': token } })
      const body = { ...example('saas/02-activate.request'), planId: resolved.body.planId }
      const plans = await saas(azure, 'GET', `/${subscriptionId}/listAvailablePlans?planId=${resolved.body.planId}`)
      const activated = await saas(azure, 'POST', `/${subscriptionId}/activate`, { body })
      const read = await saas(azure, 'GET', `/${subscriptionId}`)
      expect(activated.status).toBe(200)
      expect(shapeOf(resolved.body)).toEqual(shapeOf(example('saas/01-resolve.200.response')))
      expect(shapeOf(read.body)).toEqual(shapeOf(example('saas/03-subscription.200.response')))
      expect(shapeOf(plans.body)).toEqual(shapeOf(example('saas/05-list-available-plans.with-private-offer.200.response')))
    })

    it('show the webhook messages and their operations', async () => {
      const azure = await testAzure()
      const { subscriptionId } = await subscribed(azure)
      await suspend(azure.world, subscriptionId)
      await reinstate(azure.world, subscriptionId)
      const open = await saas(azure, 'GET', `/${subscriptionId}/operations`)
      const one = await saas(azure, 'GET', `/${subscriptionId}/operations/${open.body.operations[0].id}`)
      azure.advance(10)
      await renewSubscription(azure.world, subscriptionId)
      await unsubscribe(azure.world, subscriptionId)
      const names = ['12-webhook-suspend', '13-webhook-reinstate', '14-webhook-renew', '15-webhook-unsubscribe']
      expect(azure.sent.map(({ body }) => shapeOf(body))).toEqual(names.map((name) => shapeOf(example(`saas/${name}`))))
      expect(azure.sent.map(({ body }) => body['status'])).toEqual(names.map((name) => example(`saas/${name}`).status))
      expect(shapeOf(open.body)).toEqual(shapeOf(example('saas/21-operations.200.response')))
      expect(shapeOf(one.body)).toEqual(shapeOf(example('saas/20-operation.200.response')))
    })

    it('show the terms of a VM plan', async () => {
      const { call } = await testAzure()
      const base = `/azure/management/subscriptions/${AZURE.buyerSubscriptionId}/providers/Microsoft.MarketplaceOrdering`
      const path = `${base}/offerTypes/virtualmachine/publishers/contoso/offers/contoso-appliance/plans/pro/agreements/current`
      const read = await call('GET', `${path}?api-version=2021-01-01`)
      const body = example('arm-marketplaceordering/02-put-terms.request')
      body.properties.signature = read.body.properties.signature
      expect((await call('PUT', `${path}?api-version=2021-01-01`, { body })).status).toBe(200)
      const portal = await call(
        'POST',
        `${base}/agreements/contoso/offers/contoso-appliance/plans/pro_fabrikam/sign?api-version=2021-01-01`,
      )
      expect(shapeOf(portal.body)).toEqual(shapeOf(example('arm-marketplaceordering/05-sign-portal-required.400.response')))
      const list = await call('GET', `${base}/agreements?api-version=2021-01-01`)
      expect(shapeOf(read.body)).toEqual(shapeOf(example('arm-marketplaceordering/01-get-terms.200.response')))
      expect(shapeOf(list.body)).toEqual(shapeOf(example('arm-marketplaceordering/04-list.200.response')))
    })
  },
)
