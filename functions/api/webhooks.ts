import { sequenceStore } from '../../lib/feed/sequence-store.ts'
import { env } from '../../lib/runtime/env.ts'
import { api, type Handlers } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'
import * as commands from '../../lib/webhooks/commands.ts'
import { contract } from '../../lib/webhooks/contract.ts'
import * as redrives from '../../lib/webhooks/redrive.ts'
import { webhookStore } from '../../lib/webhooks/store.ts'
import { callWebhook, setting } from '../bind/webhooks.ts'

const table = openTable(env('RECORDS_TABLE'))
const desk = { store: webhookStore(table), sequence: sequenceStore(table), setting, call: callWebhook }

const handlers: Handlers<typeof contract> = {
  registerWebhook: ({ actor, body, context }) => commands.registerWebhook(desk)(actor, body, context),
  listWebhooks: ({ actor, query, context }) => commands.listWebhooks(desk)(actor, query, context),
  getWebhook: ({ actor, path, context }) => commands.getWebhook(desk)(actor, path.webhookId, context),
  changeWebhook: ({ actor, path, body, expected, context }) =>
    commands.changeWebhook(desk)(actor, path.webhookId, body, expected, context),
  pauseWebhook: ({ actor, path, body, expected, context }) =>
    commands.pauseWebhook(desk)(actor, path.webhookId, body.reason, expected, context),
  resumeWebhook: ({ actor, path, expected, context }) => commands.resumeWebhook(desk)(actor, path.webhookId, expected, context),
  rotateSecret: ({ actor, path, body, expected, context }) =>
    commands.rotateSecret(desk)(actor, path.webhookId, body.overlapHours, expected, context),
  testWebhook: ({ actor, path, context }) => commands.testWebhook(desk)(actor, path.webhookId, context),
  redriveWebhook: ({ actor, path, body, context }) => redrives.redriveWebhook(desk)(actor, path.webhookId, body.cursor, context),
  listDeliveries: ({ actor, path, query }) => commands.listDeliveries(desk)(actor, path.webhookId, query),
  redriveDelivery: ({ actor, path, context }) => redrives.redriveDelivery(desk)(actor, path.webhookId, path.deliveryId, context),
}

export const handler = api(contract, handlers, table)
