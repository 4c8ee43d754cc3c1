import type { Actor, Context } from '../core/context.ts'
import { isCode } from '../core/errors.ts'
import { type Draft, type Message, queued, viewOf } from './message.ts'
import { begin, cancel, fail, isDue, lastWord, type Outcome, settle } from './sending.ts'
import type { MessageQuery, MessageStore } from './store.ts'

/** Puts a message into the outbox; one that is there already stays as it is. */
export const queueMessage =
  ({ store, hash }: { store: Pick<MessageStore, 'add'>; hash: (text: string) => string }) =>
  async (draft: Draft, context: Context): Promise<void> =>
    void (await store.add(queued(draft, hash, context)))

export type Dependencies = {
  store: Pick<MessageStore, 'get' | 'save' | 'queued'>
  /** Whether what a message says is still so. */
  holds: (message: Message) => Promise<boolean>
  /** How to send on each channel. Never throws for what the other side does. */
  ways: Record<Message['channel'], (message: Message, context: Context) => Promise<Outcome>>
  deadLetters: { keep: (letter: { queue: string; messageId: string; body: string; reason: string }) => Promise<void> }
}

/** The letter before the state: after a crash between them the message comes here again. */
const bury = async ({ store, deadLetters }: Dependencies, message: Message, reason: string, context: Context) => {
  const { id, kind, channel, to } = message
  await deadLetters.keep({ queue: 'messages', messageId: id, body: JSON.stringify({ id, kind, channel, to }), reason })
  await store.save(fail(message, reason, context), context)
}

const attempt = async (dependencies: Dependencies, due: Message, now: () => Context) => {
  const { store, ways } = dependencies
  const message = await store.save(begin(due, now()), now())
  const outcome = await ways[message.channel](message, now())
  const decided = settle(message, outcome, now())
  if (decided.message.state === 'failed') return bury(dependencies, message, decided.message.reason ?? '', now())
  await store.save(decided, now())
}

const step = async (dependencies: Dependencies, id: string, now: () => Context) => {
  const { store, holds } = dependencies
  const message = await store.get(id)
  if (!isDue(message, now().now)) return
  const end = lastWord(message)
  if (end) return bury(dependencies, message, end, now())
  if (!(await holds(message)))
    return void (await store.save(cancel(message, 'it was no longer true when it could have been sent', now()), now()))
  await attempt(dependencies, message, now)
}

/**
 * Sends a message if it is its turn, and notes how that ended. May be called at any time and again: who is second, or too early, does
 * nothing. A crash between sending and noting leaves the try open; it is repeated once for a mail, with the same id for a webhook.
 */
export const sendMessage =
  (dependencies: Dependencies) =>
  async (id: string, now: () => Context): Promise<void> => {
    try {
      await step(dependencies, id, now)
    } catch (error) {
      if (!isCode(error, 'stale_version')) throw error
    }
  }

type Run = { context: () => Context; isOver: () => boolean; onError: (error: unknown, id: string) => Promise<void> }

/** Sends what waits for its next try, or was forgotten by the queue. */
export const sendWaiting =
  (dependencies: Dependencies) =>
  async ({ context, isOver, onError }: Run): Promise<void> => {
    for await (const message of dependencies.store.queued()) {
      if (isOver()) return
      if (!isDue(message, context().now)) continue
      await sendMessage(dependencies)(message.id, context).catch((error: unknown) => onError(error, message.id))
    }
  }

/** A partner's list holds the messages to itself. */
export const listMessages =
  ({ store }: { store: Pick<MessageStore, 'list'> }) =>
  async (actor: Actor, { partnerId, ...query }: MessageQuery) => {
    const whose = actor.role === 'partner' ? actor.partnerId : partnerId
    if (actor.role === 'partner' && partnerId && partnerId !== whose) return { items: [] }
    const { items, ...page } = await store.list({ ...query, partnerId: whose })
    return { ...page, items: items.map(viewOf) }
  }
