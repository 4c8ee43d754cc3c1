import type { Contract } from '../core/contract.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import * as z from '../core/schema.ts'
import { DeliveryState, DeliveryView } from './delivery.ts'
import { NewWebhook, PauseReason, Redrive, Rotation, Webhook, WebhookSettings, WebhookWithSecret } from './endpoint.ts'

const write = { method: 'POST', scope: 'webhooks.write', status: 200, result: Webhook } as const
const read = { method: 'GET', scope: 'webhooks.read', status: 200 } as const

export const contract = {
  registerWebhook: {
    ...write,
    path: '/webhooks',
    status: 201,
    summary: 'Register an address that is told of events, signed; for the role platform only, as all about webhooks',
    body: NewWebhook,
    result: WebhookWithSecret,
  },
  listWebhooks: { ...read, path: '/webhooks', summary: 'List webhooks', query: PageQuery, result: pageOf(Webhook) },
  getWebhook: { ...read, path: '/webhooks/{webhookId}', summary: 'Read one webhook', result: Webhook },
  changeWebhook: {
    ...write,
    path: '/webhooks/{webhookId}/change',
    summary: 'Set another address and other types, all of them',
    body: WebhookSettings,
  },
  pauseWebhook: {
    ...write,
    path: '/webhooks/{webhookId}/pause',
    summary: 'Tell it nothing until it is resumed; nothing is lost meanwhile',
    body: PauseReason,
  },
  resumeWebhook: { ...write, path: '/webhooks/{webhookId}/resume', summary: 'Go on where it was paused' },
  rotateSecret: {
    ...write,
    path: '/webhooks/{webhookId}/rotate',
    summary: 'Make a new secret; what was valid before signs beside it for a while',
    body: Rotation,
    result: WebhookWithSecret,
  },
  testWebhook: {
    ...write,
    path: '/webhooks/{webhookId}/test',
    summary: 'Call it once with a message of type webhook.test, and tell how that ended',
    result: z.object({ delivered: z.boolean(), status: z.optional(z.int()), reason: z.optional(z.string()) }),
  },
  redriveWebhook: {
    ...write,
    path: '/webhooks/{webhookId}/redrive',
    summary: 'Go on at another cursor of the feed: everything from there on is sent, again',
    body: Redrive,
  },
  listDeliveries: {
    ...read,
    path: '/webhooks/{webhookId}/deliveries',
    summary: 'List what could not be sent at once, the oldest first: what is still tried, what is dead, what was taken at last',
    query: z.extend(PageQuery, { state: z._default(DeliveryState, 'open') }),
    result: pageOf(DeliveryView),
  },
  redriveDelivery: {
    ...write,
    path: '/webhooks/{webhookId}/deliveries/{deliveryId}/redrive',
    summary: 'Try it again at once, and for three more days',
    result: DeliveryView,
  },
} as const satisfies Contract
