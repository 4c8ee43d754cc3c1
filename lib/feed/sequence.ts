import { beyond, isOld, markOf, type Place } from '../core/watermark.ts'

/** Where an event lies, and what it is. */
export type Entry = { pk: string; id: string; type: string }

/** A new event in a shard of the stream. */
export type Arrival = Place & { entry: Entry }

/**
 * A part of the one sequence of all events, from the position `first` on; the next part begins where it ends. `marks` tell how far each
 * shard is in the sequence up to here.
 */
export type Part = { first: number; entries: Entry[]; marks: Record<string, string> }

export const endOf = (part: Part | undefined) => (part ? part.first + part.entries.length : 0)

/** What follows the last part when a shard brings events: undefined where it has them all. */
export const nextPart = (last: Part | undefined, shard: string, arrivals: Arrival[]): Part | undefined => {
  const marks = last?.marks ?? {}
  const fresh = beyond(marks[shard] ?? '', arrivals)
  const end = fresh.at(-1)
  if (!end) return undefined
  const kept = Object.entries(marks).filter(([, mark]) => !isOld(mark, end.at))
  return {
    first: endOf(last),
    entries: fresh.map(({ entry }) => entry),
    marks: { ...Object.fromEntries(kept), [shard]: markOf(end) },
  }
}

/** A place in the sequence: before an entry of a part, or at its end. */
export type Cursor = { first: number; offset: number }

export const START: Cursor = { first: 0, offset: 0 }

export const cursorText = ({ first, offset }: Cursor) => `${first}.${offset}`

/** Undefined for what is no cursor. */
export const cursorIn = (text: string): Cursor | undefined => {
  const [, first, offset] = /^(\d{1,15})\.(\d{1,5})$/.exec(text) ?? []
  return first === undefined ? undefined : { first: Number(first), offset: Number(offset) }
}

/** An entry, and the cursor behind it. */
export type Found = { entry: Entry; behind: Cursor }

/** Of the part that a cursor is in: the first entries from there on that are wanted, and the cursor behind all that was looked at. */
export const take = (part: Part, { offset }: Cursor, wanted: (entry: Entry) => boolean, most: number) => {
  const found: Found[] = []
  const before = (at: number) =>
    at < part.entries.length ? { first: part.first, offset: at } : { first: endOf(part), offset: 0 }
  let at = offset
  for (; at < part.entries.length && found.length < most; at++) {
    const entry = part.entries[at]
    if (entry && wanted(entry)) found.push({ entry, behind: before(at + 1) })
  }
  return { found, cursor: before(at) }
}

/** Whether a type is asked for: a type like offer.accepted.v1, or all that begin like offer. */
export const isOfType = (asked: string, type: string) =>
  type === asked || type.startsWith(asked.endsWith('.') ? asked : `${asked}.`)
