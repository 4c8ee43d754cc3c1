import { mustBe, mustMatch } from '../core/access.ts'
import type { Actor, Context } from '../core/context.ts'
import type { Page, PageQuery } from '../core/page.ts'
import { cursorText, endOf } from '../feed/sequence.ts'
import { type DeliveryState, type DeliveryView, viewOf as viewOfDelivery } from './delivery.ts'
import { type Endpoint, type NewWebhook, viewOf, type Webhook, type WebhookSettings, type WebhookWithSecret } from './endpoint.ts'
import { type Outcome, withoutAnswer } from './outcome.ts'
import { placeOf, type Sequence } from './redrive.ts'
import { change, type Decided, pause, register, resume, rotate, type Setting } from './registration.ts'
import type { WebhookStore } from './store.ts'

type Store = { store: WebhookStore }
export type Dependencies = Store & Sequence & { setting: Setting }

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

export const listDeliveries =
  ({ store }: Store) =>
  async (actor: Actor, id: string, query: PageQuery & { state: DeliveryState }): Promise<Page<DeliveryView>> => {
    mustBe(actor, 'platform')
    await store.get(id)
    const { items, ...page } = await store.deliveries(id, query)
    return { ...page, items: items.map(viewOfDelivery) }
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
