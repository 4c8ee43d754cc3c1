import * as z from '../core/schema.ts'
import { type AzureClient, bodyOf, continuationOf } from '../runtime/azure.ts'
import type { Catalogued } from './source.ts'

// Subscriptions name a product and a plan as the seller did in the portal, private offers by their guids. Product Ingestion has both.

const SCOPE = 'https://graph.microsoft.com/.default'
const VERSION = '2022-07-01'

const Page = z.object({
  value: z.array(z.object({ id: z.string(), identity: z.object({ externalId: z.string() }) })),
  '@nextLink': z.nullish(z.string()),
})

/** The id of the first of a list that has this name in the portal. */
const idOf = async (client: AzureClient, url: string, query: Record<string, string>, name: string) => {
  let from: string | undefined
  do {
    const said = new URLSearchParams({ ...query, externalID: name, $version: VERSION, ...(from && { continuationToken: from }) })
    const page = bodyOf(await client.call(url, SCOPE, { method: 'GET', path: `?${said}`, answer: Page }))
    const found = page.value.find(({ identity }) => identity.externalId === name)
    if (found) return found.id
    from = continuationOf(page['@nextLink'])
  } while (from)
  return undefined
}

const guidOf = (id: string) => id.slice(id.lastIndexOf('/') + 1)

/** The guids of a product and its plan, by the names that a subscription has of them. */
export const catalogue =
  (client: AzureClient, baseUrl: string) =>
  async ({ productId, planId }: Catalogued): Promise<Catalogued | undefined> => {
    const product = await idOf(client, `${baseUrl}/product`, {}, productId)
    const plan = product && (await idOf(client, `${baseUrl}/plan`, { product }, planId))
    return plan ? { productId: guidOf(product), planId: guidOf(plan) } : undefined
  }
