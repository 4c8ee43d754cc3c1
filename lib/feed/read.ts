import type { DomainEvent } from '../../events/index.ts'
import { mustBe } from '../core/access.ts'
import type { Actor } from '../core/context.ts'
import { invalid } from '../core/errors.ts'
import { type Cursor, cursorIn, cursorText, type Entry, endOf, type Found, isOfType, START, take } from './sequence.ts'
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

/** Parts are looked at up to so many at a time, where hardly any event is of the type that is asked for. */
const PARTS = 50

/** The entries that follow a cursor in the sequence and are wanted. There is always a cursor to go on with, however long from now. */
export const entriesFrom = async (
  { part }: Pick<SequenceStore, 'part'>,
  from: Cursor,
  wanted: (entry: Entry) => boolean,
  limit: number,
): Promise<{ found: Found[]; cursor: Cursor; upToDate: boolean }> => {
  const found: Found[] = []
  let cursor = from
  for (let parts = 0; parts < PARTS && found.length < limit; parts++) {
    const next = await part(cursor.first)
    if (!next) return { found, cursor, upToDate: true }
    const taken = take(next, cursor, wanted, limit - found.length)
    found.push(...taken.found)
    cursor = taken.cursor
  }
  return { found, cursor, upToDate: false }
}

const readFrom = async ({ sequence }: Dependencies, query: FeedQuery): Promise<FeedPage> => {
  const wanted = ({ type }: Entry) => query.type === undefined || isOfType(query.type, type)
  const { found, cursor, upToDate } = await entriesFrom(sequence, await startOf({ sequence }, query), wanted, query.limit)
  return { items: await sequence.events(found.map(({ entry }) => entry)), cursor: cursorText(cursor), upToDate }
}

export const readFeed =
  (dependencies: Dependencies) =>
  async (actor: Actor, query: FeedQuery): Promise<FeedPage> => {
    mustBe(actor, 'manager', 'finance', 'platform')
    return readFrom(dependencies, query)
  }
