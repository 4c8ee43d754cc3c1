import type * as z from '../../core/schema.ts'
import { type AzureAnswer, type AzureClient, bodyOf, continuationOf } from '../../runtime/azure.ts'
import { Job, JobDetail, PrivateOffer, PrivateOfferPage } from './answers.ts'
import { Received } from './received.ts'

const SCOPE = 'https://graph.microsoft.com/.default'
// The newest schema that an answer may have.
const JOB_VERSION = '2022-07-01'
const OFFER_VERSION = '2023-07-15'

/** The calls to Product Ingestion that private offers need. Jobs are asked for under its own path: their `resourceUri` has another host. */
export const ingestion = (client: AzureClient, baseUrl: string) => {
  const get = async <T>(path: string, query: Record<string, string>, answer: z.ZodMiniType<T>): Promise<T> =>
    bodyOf(await client.call(baseUrl, SCOPE, { method: 'GET', path: `${path}?${new URLSearchParams(query)}`, answer }))

  /** The guids of all private offers of exactly this name, drafts too; the listing has no filter. */
  const named = async function* (name: string): AsyncIterable<string> {
    let from: string | undefined
    do {
      const query = { $version: OFFER_VERSION, ...(from && { continuationToken: from }) }
      const page = await get('/private-offer/query', query, PrivateOfferPage)
      yield* page.offers.filter((offer) => offer.name === name).map(({ guid }) => guid)
      from = continuationOf(page.next)
    } while (from)
  }

  return {
    configure: (body: unknown): Promise<AzureAnswer<Job>> =>
      client.call(baseUrl, SCOPE, { method: 'POST', path: `/configure?$version=${JOB_VERSION}`, body, answer: Job }),
    job: (jobId: string) => get(`/configure/${encodeURIComponent(jobId)}/status`, { $version: JOB_VERSION }, Job),
    made: (jobId: string) => get(`/configure/${encodeURIComponent(jobId)}`, { $version: OFFER_VERSION }, JobDetail),
    privateOffer: (guid: string) => get(`/private-offer/${encodeURIComponent(guid)}`, { $version: OFFER_VERSION }, PrivateOffer),
    /** The same as its originator fixed it, word for word. */
    received: (guid: string) => get(`/private-offer/${encodeURIComponent(guid)}`, { $version: OFFER_VERSION }, Received),
    named,
  }
}
export type Ingestion = ReturnType<typeof ingestion>
