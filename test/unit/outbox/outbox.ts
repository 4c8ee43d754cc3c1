import { conflict, notFound, ServiceError } from '../../../lib/core/errors.ts'
import { type Decided, type Draft, type Message, queued } from '../../../lib/outbox/message.ts'
import { hashOf, type MessageStore } from '../../../lib/outbox/store.ts'
import { contextAt } from '../../support/offers.ts'

export const DRAFT: Draft = {
  key: 'offer-expiring|offer|off_1|2026-12-15|7|email|partner|par_1',
  kind: 'offer-expiring',
  channel: 'email',
  to: 'partner',
  partnerId: 'par_1',
  about: { type: 'offer', id: 'off_1' },
  on: '2026-12-15',
  title: 'One week left',
  text: 'The offer ends in a week.',
  data: { about: { type: 'offer', id: 'off_1' }, days: 7 },
}

export const messageOf = (changes: Partial<Message> = {}): Message => ({
  ...queued(DRAFT, hashOf, contextAt()).message,
  version: 1,
  ...changes,
})

/** An outbox that keeps the promises of the real one: versions, and events with their state. */
export const memoryOutbox = (...given: Message[]) => {
  const messages = new Map(given.map((message) => [message.id, message]))
  const events: string[] = []
  const tell = ({ event }: Decided) => event && events.push(event.type)
  const store: Pick<MessageStore, 'get' | 'save' | 'queued'> = {
    get: async (id) => {
      const found = messages.get(id)
      if (!found) throw notFound('message', id)
      return found
    },
    queued: async function* () {
      yield* [...messages.values()].filter(({ state }) => state === 'queued')
    },
    save: async (decided) => {
      const { message } = decided
      if (messages.get(message.id)?.version !== message.version) throw new ServiceError('stale_version', 'changed meanwhile')
      if (decided.event && events.includes(decided.event.type)) throw conflict('told already')
      const saved = { ...message, version: message.version + 1 }
      messages.set(message.id, saved)
      tell(decided)
      return saved
    },
  }
  return { store, events, messages }
}
