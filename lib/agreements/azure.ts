import { conflict, invalid, isCode } from '../core/errors.ts'
import { type AzureClient, continuationOf } from '../runtime/azure.ts'
import { clock } from '../runtime/clock.ts'
import { catalogue } from './azure-catalogue.ts'
import { type Fulfilment, fulfilment, saas } from './azure-fulfilment.ts'
import { azureOperations } from './azure-operations.ts'
import { anything, Purchase, SourceOffer, Subscription, SubscriptionPage, snapshotOf } from './azure-subscription.ts'
import type { AgreementSource } from './source.ts'

/** Only asked for one plan does the listing tell the private offer; a cancelled subscription may have no plans any more. */
const privateOfferOf = async ({ get }: Fulfilment, id: string, planId: string): Promise<SourceOffer> => {
  try {
    return await get(saas(id, 'listAvailablePlans'), SourceOffer, { planId })
  } catch (error) {
    if (isCode(error, 'not_found')) return undefined
    throw error
  }
}

const allIds = async function* ({ get }: Fulfilment): AsyncIterable<string> {
  let from: string | undefined
  do {
    const page = await get(saas(), SubscriptionPage, from ? { continuationToken: from } : {})
    yield* page.ids
    from = continuationOf(page.next)
  } while (from)
}

const badToken = () => {
  const message = 'it is valid for 24 hours: open the product again from the Azure portal or the mail of the marketplace'
  return invalid('Microsoft does not take the marketplace token', [{ target: 'token', message }])
}

/** The token as the marketplace made it; the landing page's address holds it percent-encoded. */
const decoded = (token: string) => {
  const plain = token.replace(/%[0-9a-f]{2}/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)))
  if (!/^[\x21-\x7e]+$/.test(plain)) throw badToken()
  return plain
}

const resolve = async ({ post }: Fulfilment, token: string): Promise<Purchase> => {
  const headers = { 'x-ms-marketplace-token': decoded(token) }
  const answer = await post(saas('resolve'), { headers, answer: Purchase })
  if (!answer.ok) throw badToken()
  return answer.body
}

const activate = async ({ post }: Fulfilment, subscriptionId: string, planId: string): Promise<void> => {
  const answer = await post(saas(subscriptionId, 'activate'), { body: { planId }, answer: anything })
  if (!answer.ok) throw conflict(`Microsoft does not activate it: ${answer.errors.map(({ message }) => message).join('; ')}`)
}

type Dependencies = { client: AzureClient; fulfilmentUrl: string; ingestionUrl: string; now?: () => Date }

/** SaaS subscriptions of Microsoft's marketplace as agreements, and the vendor's part in a purchase. */
export const azureAgreements = ({ client, fulfilmentUrl, ingestionUrl, now = () => clock.now() }: Dependencies) => {
  const api = fulfilment(client, fulfilmentUrl)
  const source: AgreementSource = {
    read: async (id) => {
      const subscription = await api.get(saas(id), Subscription)
      return snapshotOf(subscription, await privateOfferOf(api, id, subscription.planId), now().toISOString())
    },
    // The API tells no change dates: all of them.
    changedSince: () => allIds(api),
    catalogued: catalogue(client, ingestionUrl),
  }
  return {
    ...source,
    resolve: (token: string) => resolve(api, token),
    activate: (subscriptionId: string, planId: string) => activate(api, subscriptionId, planId),
    offerOfPlan: async (subscriptionId: string, planId: string) =>
      (await privateOfferOf(api, subscriptionId, planId))?.offerExternalId,
    ...azureOperations(api),
  }
}
