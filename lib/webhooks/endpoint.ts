import { Id } from '../../events/vocabulary.ts'
import { Instant } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { type Entry, isOfType } from '../feed/sequence.ts'

const MAX_TYPES = 50

const Type = z.pattern(/^[a-z][a-z0-9.-]{0,99}$/, 'a type like offer.accepted.v1, or how types begin, like offer')

const settings = {
  url: z.described(z.text(2000), 'https, by the name of a host; it answers 2xx within ten seconds'),
  types: z.described(
    z._default(z.array(Type).check(z.maxLength(MAX_TYPES)), []),
    'types of events, or how they begin; none: all but those of webhooks',
  ),
}

export const NewWebhook = z.named(
  z.strictObject({
    ...settings,
    cursor: z.described(z.optional(z.text(100)), 'of the feed, where to begin; without it with what comes from now on'),
  }),
  'NewWebhook',
)
export type NewWebhook = z.infer<typeof NewWebhook>

export const WebhookSettings = z.strictObject(settings)
export type WebhookSettings = z.infer<typeof WebhookSettings>

export const PauseReason = z.strictObject({ reason: z.trimmed(500) })
export const Rotation = z.strictObject({
  overlapHours: z.described(
    z._default(z.int().check(z.minimum(0), z.maximum(168)), 24),
    'how long what was valid before signs too; 0 where it has become known to others',
  ),
})
export const Redrive = z.strictObject({
  cursor: z.described(z.text(100), 'of the feed or an older one of the webhook, where to go on; 0.0 is the first event'),
})

const seen = { id: z.string(), createdAt: Instant, until: z.optional(Instant) }
const Secret = z.object({ ...seen, value: z.string() })

const kept = {
  id: Id,
  url: z.string(),
  types: z.array(z.string()),
  createdAt: Instant,
  createdBy: z.string(),
  version: z.int(),
  pausedBecause: z.optional(z.string()),
}

/** Who is told of events. A secret without `until` is the newest; the others sign until then. */
export const Endpoint = z.object({ ...kept, secrets: z.array(Secret) })
export type Endpoint = z.infer<typeof Endpoint>

/** How far it is told. `failing`: so much waits for it that the feed does too. */
export const Progress = z.object({
  id: Id,
  cursor: z.string(),
  failing: z.boolean(),
  /** Somebody tells it now; nobody else begins to before. */
  leasedUntil: z.optional(Instant),
  version: z.int(),
})
export type Progress = z.infer<typeof Progress>

export type Held = { endpoint: Endpoint; progress: Progress }

const State = z.enum(['active', 'paused', 'failing'])
const view = {
  ...kept,
  state: z.described(State, 'failing: so much waits for it that only the oldest is tried, until it takes that'),
  cursor: z.described(z.string(), 'how far in the feed it is'),
  secrets: z.described(z.array(z.object(seen)), 'those that sign; their values are told once, when they are made'),
}
export const Webhook = z.named(z.object(view), 'Webhook')
export type Webhook = z.infer<typeof Webhook>

export const WebhookWithSecret = z.named(
  z.object({ ...view, secret: z.described(z.string(), 'told here and never again') }),
  'WebhookWithSecret',
)
export type WebhookWithSecret = z.infer<typeof WebhookWithSecret>

/** Whether a secret signs now. */
export const isValid =
  (now: string) =>
  ({ until }: { until?: string | undefined }) =>
    until === undefined || until > now

const stateOf = ({ endpoint, progress }: Held) =>
  endpoint.pausedBecause !== undefined ? 'paused' : progress.failing ? 'failing' : 'active'

/** What may be seen of an endpoint: no value of a secret. */
export const viewOf = (held: Held, now: string): Webhook => {
  const { secrets, ...rest } = held.endpoint
  const valid = secrets.filter(isValid(now)).map(({ value: _, ...secret }) => secret)
  return { ...rest, state: stateOf(held), cursor: held.progress.cursor, secrets: valid }
}

/** The values that a call is signed with now, the newest last. */
export const signing = ({ secrets }: Endpoint, now: string) => secrets.filter(isValid(now)).map(({ value }) => value)

/**
 * Whether an endpoint is told of an entry of the feed. Of webhooks only who asks for that by name, and never of itself: what cannot be
 * sent makes events, which could not be sent either.
 */
export const isWanted =
  ({ id, types }: Pick<Endpoint, 'id' | 'types'>) =>
  ({ pk, type }: Pick<Entry, 'pk' | 'type'>): boolean =>
    types.length > 0 ? types.some((asked) => isOfType(asked, type)) && pk !== `WEBHOOK#${id}` : !type.startsWith('webhook.')
