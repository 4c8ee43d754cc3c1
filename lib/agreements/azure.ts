import { conflict, invalid, isCode, notFound } from '../core/errors.ts'
import type * as z from '../core/schema.ts'
import { type AzureClient, type AzureRequest, bodyOf, continuationOf } from '../runtime/azure.ts'
import { clock } from '../runtime/clock.ts'
import { catalogue } from './azure-catalogue.ts'
import { anything, Operation, Purchase, SourceOffer, Subscription, SubscriptionPage, snapshotOf } from './azure-subscription.ts'
import type { AgreementSource } from './source.ts'

const SCOPE = '20e940b3-4c77-4b0b-9a53-9e16a1b010a7/.default'

const saas = (...parts: string[]) => ['/saas/subscriptions', ...parts.map(encodeURIComponent)].join('/')

/** The calls to SaaS fulfilment. */
const fulfilment = (client: AzureClient, baseUrl: string) => {
  const call = <T>(path: string, query: Record<string, string>, request: Omit<AzureRequest<T>, 'path'>) =>
    client.call(baseUrl, SCOPE, {
      ...request,
      path: `${path}?${new URLSearchParams({ ...query, 'api-version': '2018-08-31' })}`,
    })
  return {
    get: async <T>(path: string, answer: z.ZodMiniType<T>, query: Record<string, string> = {}) =>
      bodyOf(await call(path, query, { method: 'GET', answer })),
    post: <T>(path: string, request: Pick<AzureRequest<T>, 'answer' | 'headers' | 'body'>) =>
      call(path, {}, { method: 'POST', ...request }),
  }
}
type Fulfilment = ReturnType<typeof fulfilment>

/** Only asked for the purchased plan does the listing tell the private offer; a cancelled subscription may have no plans any more. */
const privateOfferOf = async ({ get }: Fulfilment, { id, planId }: Subscription): Promise<SourceOffer> => {
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

/** What Microsoft itself says of an operation: a webhook is believed only after this. Unknown ones are answered with 400. */
const operation = async ({ get }: Fulfilment, subscriptionId: string, operationId: string): Promise<Operation> => {
  try {
    return await get(saas(subscriptionId, 'operations', operationId), Operation)
  } catch (error) {
    throw isCode(error, 'unprocessable') ? notFound('operation', operationId) : error
  }
}

type Dependencies = { client: AzureClient; fulfilmentUrl: string; ingestionUrl: string; now?: () => Date }

/** SaaS subscriptions of Microsoft's marketplace as agreements, and the vendor's part in a purchase. */
export const azureAgreements = ({ client, fulfilmentUrl, ingestionUrl, now = () => clock.now() }: Dependencies) => {
  const api = fulfilment(client, fulfilmentUrl)
  const source: AgreementSource = {
    read: async (id) => {
      const subscription = await api.get(saas(id), Subscription)
      return snapshotOf(subscription, await privateOfferOf(api, subscription), now().toISOString())
    },
    // The API tells no change dates: all of them.
    changedSince: () => allIds(api),
    catalogued: catalogue(client, ingestionUrl),
  }
  return {
    ...source,
    resolve: (token: string) => resolve(api, token),
    activate: (subscriptionId: string, planId: string) => activate(api, subscriptionId, planId),
    operation: (subscriptionId: string, operationId: string) => operation(api, subscriptionId, operationId),
  }
}
