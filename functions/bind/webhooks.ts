import { envIfSet } from '../../lib/runtime/env.ts'
import { publicPost } from '../../lib/runtime/public-post.ts'
import { newSecret, signatureOf } from '../../lib/runtime/webhook.ts'
import { type Endpoint, signing } from '../../lib/webhooks/endpoint.ts'
import { outcomeOf } from '../../lib/webhooks/outcome.ts'

/** Only the local twin sets this: there a receiver may be on the same machine. */
const loopback = envIfSet('WEBHOOKS_ON_LOOPBACK') === 'on'
const post = publicPost({ loopback })

export const setting = { newSecret, loopback }

/** Calls an endpoint with a message, signed with all secrets that are valid. */
export const callWebhook = async (endpoint: Endpoint, { id, body }: { id: string; body: string }, now: string) => {
  const signature = signatureOf(signing(endpoint, now), id, Math.floor(Date.parse(now) / 1000), body)
  const headers = { 'content-type': 'application/json', 'user-agent': 'cosell', ...signature }
  return outcomeOf(await post({ url: endpoint.url, headers, body }), now)
}
