import { emit } from '../../events/envelope.ts'
import type { WebhookEvent } from '../../events/webhook.ts'
import type { Actor, Context } from '../core/context.ts'
import { conflict, invalid } from '../core/errors.ts'
import { type Endpoint, isValid, type Progress, type WebhookSettings } from './endpoint.ts'
import { problemOfUrl } from './url.ts'

const MAX_SECRETS = 8
const HOUR_MS = 3_600_000

export type Decided = { endpoint: Endpoint; events: WebhookEvent[] }

const told = ({ id: webhookId }: Pick<Endpoint, 'id'>, { subject: by }: Pick<Actor, 'subject'>) => ({ webhookId, by })

const mustBeCallable = (url: string, loopback: boolean) => {
  const problem = problemOfUrl(url, loopback)
  if (problem) throw invalid('the webhook cannot be called there', [{ target: 'url', message: problem }])
}

/** What a decision may know besides: a new secret, and whether the own machine may be called. */
export type Setting = { newSecret: () => string; loopback: boolean }

export const register = (
  { url, types }: WebhookSettings,
  cursor: string,
  actor: Actor,
  { newSecret, loopback }: Setting,
  context: Context,
): Decided & { progress: Progress } => {
  mustBeCallable(url, loopback)
  const { now, newId } = context
  const id = newId('whk')
  const secrets = [{ id: newId('key'), value: newSecret(), createdAt: now }]
  const endpoint = { id, url, types, secrets, createdAt: now, createdBy: actor.subject, version: 0 }
  const events = [emit(context, 'webhook.registered.v1', id, { ...told(endpoint, actor), types })]
  return { endpoint, progress: { id, cursor, failing: false, version: 0 }, events }
}

export const change = (
  endpoint: Endpoint,
  { url, types }: WebhookSettings,
  actor: Actor,
  { loopback }: Pick<Setting, 'loopback'>,
  context: Context,
): Decided => {
  mustBeCallable(url, loopback)
  if (endpoint.url === url && String(endpoint.types) === String(types)) return { endpoint, events: [] }
  const events = [emit(context, 'webhook.changed.v1', endpoint.id, { ...told(endpoint, actor), types })]
  return { endpoint: { ...endpoint, url, types }, events }
}

export const pause = (endpoint: Endpoint, reason: string, actor: Pick<Actor, 'subject'>, context: Context): Decided => {
  if (endpoint.pausedBecause !== undefined) return { endpoint, events: [] }
  const events = [emit(context, 'webhook.paused.v1', endpoint.id, { ...told(endpoint, actor), reason })]
  return { endpoint: { ...endpoint, pausedBecause: reason }, events }
}

export const resume = (endpoint: Endpoint, actor: Actor, context: Context): Decided => {
  const { pausedBecause, ...resumed } = endpoint
  if (pausedBecause === undefined) return { endpoint, events: [] }
  return { endpoint: resumed, events: [emit(context, 'webhook.resumed.v1', endpoint.id, told(endpoint, actor))] }
}

const earlier = (a: string, b: string | undefined) => (b !== undefined && b < a ? b : a)

/** A new secret; what was valid until now signs beside it for a while. */
export const rotate = (
  endpoint: Endpoint,
  overlapHours: number,
  actor: Actor,
  { newSecret }: Pick<Setting, 'newSecret'>,
  context: Context,
): Decided & { secret: string } => {
  const { now, newId } = context
  const until = new Date(Date.parse(now) + overlapHours * HOUR_MS).toISOString()
  const ending = endpoint.secrets.map((each) => ({ ...each, until: earlier(until, each.until) })).filter(isValid(now))
  if (ending.length >= MAX_SECRETS)
    throw conflict(`${ending.length} secrets still sign: wait until one ends, or rotate with overlapHours 0`, 'overlapHours')
  const secret = { id: newId('key'), value: newSecret(), createdAt: now }
  const data = { ...told(endpoint, actor), secretId: secret.id, until }
  const events = [emit(context, 'webhook.secret-rotated.v1', endpoint.id, data)]
  return { endpoint: { ...endpoint, secrets: [...ending, secret] }, events, secret: secret.value }
}

/** Goes on at another place of the feed. Who tells it now notices that it was not theirs to say. */
export const redrive = (
  { leasedUntil: _, ...progress }: Progress,
  cursor: string,
  actor: Actor,
  context: Context,
): { progress: Progress; events: WebhookEvent[] } => {
  const data = { ...told(progress, actor), from: progress.cursor, to: cursor }
  return { progress: { ...progress, cursor }, events: [emit(context, 'webhook.redriven.v1', progress.id, data)] }
}
