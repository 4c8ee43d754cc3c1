import * as z from '../lib/core/schema.ts'
import { define } from './envelope.ts'
import { Id } from './vocabulary.ts'

// Neither addresses nor secrets: an address may hold a secret too.
const about = { webhookId: Id }
const by = z.string()
const types = z.array(z.string())

export const WebhookEvent = z.discriminatedUnion('type', [
  define('webhook.registered.v1', z.object({ ...about, types, by })),
  define('webhook.changed.v1', z.object({ ...about, types, by })),
  define('webhook.paused.v1', z.object({ ...about, reason: z.string(), by })),
  define('webhook.resumed.v1', z.object({ ...about, by })),
  define('webhook.secret-rotated.v1', z.object({ ...about, secretId: z.string(), until: z.string(), by })),
  define('webhook.redriven.v1', z.object({ ...about, from: z.string(), to: z.string(), by })),
  define(
    'webhook.dead.v1',
    z.object({
      ...about,
      deliveryId: z.string(),
      eventId: z.string(),
      eventType: z.string(),
      attempts: z.int(),
      reason: z.string(),
    }),
  ),
])
export type WebhookEvent = z.infer<typeof WebhookEvent>
