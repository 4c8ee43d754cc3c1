import { mustBe, mustMatch } from '../core/access.ts'
import type { Actor, Context } from '../core/context.ts'
import { invalid, isCode, notFound } from '../core/errors.ts'
import type { Page, PageQuery } from '../core/page.ts'
import { cursorIn, cursorText, endOf, type Part } from '../feed/sequence.ts'
import {
  type DeliveryState,
  type DeliveryView,
  type Outcome,
  reopened,
  viewOf as viewOfDelivery,
  withoutAnswer,
} from './delivery.ts'
import {
  change,
  type Decided,
  type Endpoint,
  type NewWebhook,
  pause,
  redrive,
  register,
  resume,
  rotate,
  type Setting,
  viewOf,
  type Webhook,
  type WebhookSettings,
  type WebhookWithSecret,
} from './endpoint.ts'
import type { WebhookStore } from './store.ts'

type Store = { store: WebhookStore }
type Sequence = { sequence: { last: () => Promise<Part | undefined>; part: (first: number) => Promise<Part | undefined> } }
export type Dependencies = Store & Sequence & { setting: Setting }

const MARK_LENGTH = 12

/** A cursor of the feed as its answers tell it, with the mark of its list, or as a webhook does. */
const unmarked = (text: string) => cursorIn(text) ?? cursorIn(text.slice(MARK_LENGTH))

/** The cursor, if there is such a place in the sequence: behind a place that is none nothing would ever come. */
const placeOf = async ({ sequence }: Sequence, text: string): Promise<string> => {
  const cursor = unmarked(text)
  const part = cursor && (await sequence.part(cursor.first))
  const isPlace = part
    ? cursor.offset < part.entries.length
    : cursor?.offset === 0 && cursor.first === endOf(await sequence.last())
  if (cursor && isPlace) return cursorText(cursor)
  throw invalid('the cursor is no place in the feed', [
    { target: 'cursor', message: 'take it from an answer of the feed or of the webhook; 0.0 is the first event' },
  ])
}

const nowIn = async ({ sequence }: Sequence) => cursorText({ first: endOf(await sequence.last()), offset: 0 })

export const registerWebhook =
  (dependencies: Dependencies) =>
  async (actor: Actor, { cursor, ...input }: NewWebhook, context: Context): Promise<WebhookWithSecret> => {
    mustBe(actor, 'platform')
    const from = cursor === undefined ? await nowIn(dependencies) : await placeOf(dependencies, cursor)
    const { endpoint, progress, events } = register(input, from, actor, dependencies.setting, context)
    const view = viewOf({ endpoint: { ...endpoint, version: 1 }, progress }, context.now)
    const answer = { ...view, secret: endpoint.secrets.map(({ value }) => value).join() }
    await dependencies.store.keep({ endpoint, progress, events }, context, answer)
    return answer
  }

export const getWebhook =
  ({ store }: Store) =>
  async (actor: Actor, id: string, { now }: Context): Promise<Webhook> => {
    mustBe(actor, 'platform')
    return viewOf(await store.get(id), now)
  }

export const listWebhooks =
  ({ store }: Store) =>
  async (actor: Actor, query: PageQuery, { now }: Context): Promise<Page<Webhook>> => {
    mustBe(actor, 'platform')
    const { items, ...page } = await store.list(query)
    return { ...page, items: items.map((held) => viewOf(held, now)) }
  }

/** Decides about the endpoint as it is; `more` is what the answer has besides. */
const decideOn =
  <D extends Decided>({ store }: Store, decide: (endpoint: Endpoint) => D, more: (decided: D) => object = () => ({})) =>
  async (actor: Actor, id: string, expected: number | undefined, context: Context): Promise<Webhook> => {
    mustBe(actor, 'platform')
    const { endpoint: before, progress } = await store.get(id)
    mustMatch(expected, before.version)
    const decided = decide(before)
    const { endpoint, events } = decided
    if (events.length === 0) return viewOf({ endpoint: before, progress }, context.now)
    const saved = { ...endpoint, version: before.version + 1 }
    const answer = { ...viewOf({ endpoint: saved, progress }, context.now), ...more(decided) }
    await store.keep({ endpoint, events }, context, answer)
    return answer
  }

export const changeWebhook =
  (dependencies: Store & { setting: Setting }) =>
  (actor: Actor, id: string, settings: WebhookSettings, expected: number | undefined, context: Context): Promise<Webhook> =>
    decideOn(dependencies, (endpoint) => change(endpoint, settings, actor, dependencies.setting, context))(
      actor,
      id,
      expected,
      context,
    )

export const pauseWebhook =
  (dependencies: Store) =>
  (actor: Actor, id: string, reason: string, expected: number | undefined, context: Context): Promise<Webhook> =>
    decideOn(dependencies, (endpoint) => pause(endpoint, reason, actor, context))(actor, id, expected, context)

export const resumeWebhook =
  (dependencies: Store) =>
  (actor: Actor, id: string, expected: number | undefined, context: Context): Promise<Webhook> =>
    decideOn(dependencies, (endpoint) => resume(endpoint, actor, context))(actor, id, expected, context)

export const rotateSecret =
  (dependencies: Store & { setting: Setting }) =>
  async (actor: Actor, id: string, hours: number, expected: number | undefined, context: Context): Promise<WebhookWithSecret> =>
    (await decideOn(
      dependencies,
      (endpoint) => rotate(endpoint, hours, actor, dependencies.setting, context),
      ({ secret }) => ({ secret }),
    )(actor, id, expected, context)) as WebhookWithSecret

const MAX_REPEATS = 10

/** Who sends notes how far it is every moment: a decision about that is made anew until it is about what is so. */
const untilFresh = async <T>(work: () => Promise<T>, repeats = 0): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (!isCode(error, 'stale_version') || repeats >= MAX_REPEATS) throw error
    return untilFresh(work, repeats + 1)
  }
}

export const redriveWebhook =
  (dependencies: Store & Sequence) =>
  async (actor: Actor, id: string, cursor: string, context: Context): Promise<Webhook> => {
    mustBe(actor, 'platform')
    const { endpoint } = await dependencies.store.get(id)
    const place = await placeOf(dependencies, cursor)
    return untilFresh(async () => {
      const before = await dependencies.store.get(id)
      const { progress, events } = redrive(before.progress, place, actor, context)
      const answer = viewOf({ endpoint, progress }, context.now)
      await dependencies.store.keep({ progress, events }, context, answer)
      return answer
    })
  }

export const listDeliveries =
  ({ store }: Store) =>
  async (actor: Actor, id: string, query: PageQuery & { state: DeliveryState }): Promise<Page<DeliveryView>> => {
    mustBe(actor, 'platform')
    await store.get(id)
    const { items, ...page } = await store.deliveries(id, query)
    return { ...page, items: items.map(viewOfDelivery) }
  }

/** Tries a delivery again at once, a dead one for three more days. */
export const redriveDelivery =
  ({ store }: Store) =>
  async (actor: Actor, id: string, deliveryId: string, context: Context): Promise<DeliveryView> => {
    mustBe(actor, 'platform')
    return untilFresh(async () => {
      const before = await store.delivery(id, deliveryId)
      if (!before) throw notFound('delivery', deliveryId)
      const delivery = reopened(before, context.now)
      await store.keep({ deliveries: [delivery] }, context, viewOfDelivery(delivery))
      return viewOfDelivery(delivery)
    })
  }

export type TestAnswer = { delivered: boolean; status?: number; reason?: string }

type Call = (endpoint: Endpoint, message: { id: string; body: string }, now: string) => Promise<Outcome>

/** Calls an endpoint with a message that tells nothing, and says how that ended. */
export const testWebhook =
  ({ store, call }: Store & { call: Call }) =>
  async (actor: Actor, id: string, { now, newId }: Context): Promise<TestAnswer> => {
    mustBe(actor, 'platform')
    const { endpoint } = await store.get(id)
    const body = JSON.stringify({ type: 'webhook.test', time: now, data: { webhookId: id } })
    const outcome = await call(endpoint, { id: newId('msg'), body }, now).catch(withoutAnswer)
    if (outcome.delivered) return { delivered: true }
    const { status, reason } = outcome
    return { delivered: false, reason, ...(status !== undefined && { status }) }
  }
