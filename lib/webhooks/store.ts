import { createHash } from 'node:crypto'
import type { Context } from '../core/context.ts'
import { notFound } from '../core/errors.ts'
import type { Page, PageQuery } from '../core/page.ts'
import type { Entry } from '../feed/sequence.ts'
import { record } from '../runtime/journal.ts'
import { replace, type Table, type Write } from '../runtime/table.ts'
import { Delivery, type DeliveryState } from './delivery.ts'
import { Endpoint, type Held, Progress } from './endpoint.ts'
import type { Kept } from './round.ts'

// access patterns: an endpoint and how far it is · all endpoints (gsi2) · one delivery · an endpoint's deliveries by state and age (gsi1)
const partition = (id: string) => `WEBHOOK#${id}`
const endpointKey = (id: string) => ({ pk: partition(id), sk: 'WEBHOOK' })
const progressKey = (id: string) => ({ pk: partition(id), sk: 'PROGRESS' })
const deliveryKey = (webhookId: string, id: string) => ({ pk: partition(webhookId), sk: `DELIVERY#${id}` })

const ALL = { gsi2pk: 'WEBHOOK' }
const allOf = {
  IndexName: 'gsi2',
  KeyConditionExpression: 'gsi2pk = :all',
  ExpressionAttributeValues: { ':all': ALL.gsi2pk },
}
const byState = (webhookId: string, state: DeliveryState) => ({
  IndexName: 'gsi1',
  KeyConditionExpression: 'gsi1pk = :pk AND begins_with(gsi1sk, :state)',
  ExpressionAttributeValues: { ':pk': partition(webhookId), ':state': `DELIVERY#${state}#` },
})

const KEPT_DAYS = 7
const DAY_S = 86_400

// What was taken is there to be looked at for a week.
const expiryOf = ({ state, lastAt }: Delivery) =>
  state === 'delivered' ? { ttl: Math.floor(Date.parse(lastAt) / 1000) + KEPT_DAYS * DAY_S } : {}

const endpointWrite = (endpoint: Endpoint): Write =>
  replace({ ...endpointKey(endpoint.id), ...ALL, gsi2sk: endpoint.id, ...endpoint }, endpoint.version)
const progressWrite = (progress: Progress): Write => replace({ ...progressKey(progress.id), ...progress }, progress.version)
const deliveryWrite = (delivery: Delivery): Write => {
  const { webhookId, id, state, firstAt, version } = delivery
  const index = { gsi1pk: partition(webhookId), gsi1sk: `DELIVERY#${state}#${firstAt}#${id}` }
  return replace({ ...deliveryKey(webhookId, id), ...index, ...expiryOf(delivery), ...delivery }, version)
}

const writesOf = ({ endpoint, progress, deliveries = [], events = [] }: Kept): Write[] => [
  ...(endpoint ? [endpointWrite(endpoint)] : []),
  ...(progress ? [progressWrite(progress)] : []),
  ...deliveries.map(deliveryWrite),
  ...events.map(record),
]

/** The id of the message that tells an event: no two events have the same, and ids of events may be any text. */
export const messageIdOf = ({ pk, id }: Pick<Entry, 'pk' | 'id'>) =>
  `msg_${createHash('sha256').update(`${pk}\n${id}`).digest('hex').slice(0, 32)}`

// No more are looked at in a round: what is failing has hardly more, and the rest waits behind the oldest.
const MOST_WAITING = 300

export const webhookStore = (table: Table) => {
  const heldBy = async (ids: string[]): Promise<Held[]> => {
    const items = await table.getAll(ids.flatMap((id) => [endpointKey(id), progressKey(id)]))
    const found = new Map(items.map((item) => [`${item.pk} ${item.sk}`, item]))
    return ids.flatMap((id) => {
      const [endpoint, progress] = [found.get(`${partition(id)} WEBHOOK`), found.get(`${partition(id)} PROGRESS`)]
      return endpoint && progress ? [{ endpoint: Endpoint.parse(endpoint), progress: Progress.parse(progress) }] : []
    })
  }

  return {
    get: async (id: string): Promise<Held> => {
      const [held] = await heldBy([id])
      if (!held) throw notFound('webhook', id)
      return held
    },

    list: async ({ limit, cursor }: PageQuery): Promise<Page<Held>> => {
      const { items, ...page } = await table.page(allOf, { limit, cursor })
      return { ...page, items: await heldBy(items.map(({ id }) => String(id))) }
    },

    ids: async function* (): AsyncIterable<string> {
      for await (const { id } of table.query(allOf)) yield String(id)
    },

    delivery: async (webhookId: string, id: string): Promise<Delivery | undefined> => {
      const item = await table.get(deliveryKey(webhookId, id))
      return item && Delivery.parse(item)
    },

    deliveries: async (
      webhookId: string,
      { state, limit, cursor }: PageQuery & { state: DeliveryState },
    ): Promise<Page<Delivery>> => {
      const { items, ...page } = await table.page(byState(webhookId, state), { limit, cursor })
      return { ...page, items: items.map((item) => Delivery.parse(item)) }
    },

    /** What waits for an endpoint, the oldest first; the index says where to look, the items what is so. */
    waiting: async (webhookId: string): Promise<Delivery[]> => {
      const { items } = await table.page(byState(webhookId, 'open'), { limit: MOST_WAITING })
      const found = await table.getAll(items.map(({ pk, sk }) => ({ pk, sk })))
      const open = found.map((item) => Delivery.parse(item)).filter(({ state }) => state === 'open')
      return open.toSorted((a, b) => (`${a.firstAt}${a.id}` < `${b.firstAt}${b.id}` ? -1 : 1))
    },

    /** How far an endpoint is, alone; refused as `stale_version` where somebody was quicker. */
    note: async (progress: Progress): Promise<Progress> => {
      await table.put(progressWrite(progress))
      return { ...progress, version: progress.version + 1 }
    },

    /** All or nothing; refused as `stale_version` where something of it was changed meanwhile. `answer` is that of the request. */
    keep: async (kept: Kept, context: Context, answer?: unknown): Promise<void> => {
      await table.commit(writesOf(kept), { context, answer })
    },
  }
}
export type WebhookStore = ReturnType<typeof webhookStore>
