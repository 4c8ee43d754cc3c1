import type { DomainEvent } from '../../events/index.ts'
import { mustBe } from '../core/access.ts'
import type { Actor } from '../core/context.ts'
import { invalid } from '../core/errors.ts'
import { type Cursor, cursorIn, cursorText, type Entry, endOf, START, take } from './sequence.ts'
import type { SequenceStore } from './sequence-store.ts'

export type Dependencies = { sequence: SequenceStore }

export type FeedQuery = { limit: number; cursor?: string | undefined; type?: string | undefined; start?: 'now' | undefined }
export type FeedPage = { items: DomainEvent[]; cursor: string; upToDate: boolean }

const startOf = async ({ sequence }: Dependencies, { cursor, start }: FeedQuery): Promise<Cursor> => {
  if (cursor === undefined) return start === 'now' ? { first: endOf(await sequence.last()), offset: 0 } : START
  const found = cursorIn(cursor)
  if (found) return found
  throw invalid('the cursor is not one of the feed', [
    { target: 'cursor', message: 'take it from an answer of this feed, as it is' },
  ])
}

/** A type like offer.accepted.v1, or all that begin like offer. */
const isWanted = (asked: string | undefined) => (type: string) =>
  asked === undefined || type === asked || type.startsWith(asked.endsWith('.') ? asked : `${asked}.`)

/** Parts are looked at up to so many at a time, where hardly any event is of the type that is asked for. */
const PARTS = 50

/** What follows a cursor in the sequence. There is always a cursor to go on with, however long from now. */
const readFrom = async ({ sequence }: Dependencies, query: FeedQuery): Promise<FeedPage> => {
  const wanted = isWanted(query.type)
  const entries: Entry[] = []
  let cursor = await startOf({ sequence }, query)
  for (let parts = 0; parts < PARTS && entries.length < query.limit; parts++) {
    const part = await sequence.part(cursor.first)
    if (!part) return { items: await sequence.events(entries), cursor: cursorText(cursor), upToDate: true }
    const taken = take(part, cursor, wanted, query.limit - entries.length)
    entries.push(...taken.entries)
    cursor = taken.cursor
  }
  return { items: await sequence.events(entries), cursor: cursorText(cursor), upToDate: false }
}

export const readFeed =
  (dependencies: Dependencies) =>
  async (actor: Actor, query: FeedQuery): Promise<FeedPage> => {
    mustBe(actor, 'manager', 'finance', 'platform')
    return readFrom(dependencies, query)
  }
