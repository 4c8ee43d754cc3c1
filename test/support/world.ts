import { openFaults } from '../../infra/local/marketplaces/faults.ts'
import type { Message, Shelf, World } from '../../infra/local/marketplaces/stand-in.ts'

const memoryShelf = (): Shelf => {
  const documents = new Map<string, Map<string, string>>()
  const of = (collection: string) => {
    const found = documents.get(collection) ?? new Map<string, string>()
    documents.set(collection, found)
    return found
  }
  return {
    get: async <T>(collection: string, id: string) => {
      const text = of(collection).get(id)
      return text === undefined ? undefined : (JSON.parse(text) as T)
    },
    put: async (collection, id, document) => {
      of(collection).set(id, JSON.stringify(document))
    },
    remove: async (collection, id) => {
      of(collection).delete(id)
    },
    list: async <T>(collection: string) => [...of(collection).values()].map((text) => JSON.parse(text) as T),
  }
}

/** A world for a stand-in alone: time is set by hand, messages are collected. */
export const testWorld = (start = '2026-11-02T09:00:00.000Z') => {
  let now = Date.parse(start)
  let ids = 0
  const sent: Message[] = []
  const world: World = {
    now: () => new Date(now),
    newId: (length) => (++ids).toString(36).padStart(length, '0').slice(-length),
    shelf: memoryShelf(),
    faults: openFaults(),
    send: async (message) => {
      sent.push(message)
    },
  }
  return { world, sent, advance: (seconds: number) => (now += seconds * 1000) }
}
