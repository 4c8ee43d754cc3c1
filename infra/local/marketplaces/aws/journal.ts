import type { Shelf, World } from '../stand-in.ts'
import type { Envelope } from './events.ts'

/** A document to put on the shelf, or to remove when it is absent. */
export type Write = { collection: string; id: string; document?: unknown }

const JOURNAL = 'aws.journal'
const OUTBOX = 'aws.outbox'
type Entry = { id: string; writes: Write[] }
type Sending = { id: string; body: Envelope }

const carryOut = async ({ shelf }: World, entry: Entry) => {
  for (const { collection, id, document } of entry.writes)
    await (document === undefined ? shelf.remove(collection, id) : shelf.put(collection, id, document))
  await shelf.remove(JOURNAL, entry.id)
}

const recover = async (world: World) => {
  for (const entry of await world.shelf.list<Entry>(JOURNAL)) await carryOut(world, entry)
}

/** Writes documents and outgoing events together: what a kill leaves half done is carried out by the next transaction. */
export const commit = async (world: World, writes: Write[], events: Envelope[] = []) => {
  const sendings = events.map((body) => ({ collection: OUTBOX, id: body.id, document: { id: body.id, body } satisfies Sending }))
  const entry: Entry = { id: world.newId(16), writes: [...writes, ...sendings] }
  await world.shelf.put(JOURNAL, entry.id, entry)
  await carryOut(world, entry)
}

const outbox = ({ shelf }: World) => shelf.list<Sending>(OUTBOX)
const sending = new WeakSet<Shelf>()

// Outside the turn of a transaction: the receiver of a message may ask the stand-in back before it returns.
const sendAll = async (world: World) => {
  if (sending.has(world.shelf)) return
  sending.add(world.shelf)
  try {
    for (let waiting = await outbox(world); waiting.length > 0; waiting = await outbox(world))
      for (const { id, body } of waiting) {
        await world.send({ channel: 'aws.events', body })
        await world.shelf.remove(OUTBOX, id)
      }
  } finally {
    sending.delete(world.shelf)
  }
}

const turns = new WeakMap<Shelf, Promise<unknown>>()

/** Does `work` when all work before it on this shelf has ended, then sends the events that it wrote. Must not be nested. */
export const transact = async <T>(world: World, work: () => Promise<T>): Promise<T> => {
  const before = turns.get(world.shelf) ?? Promise.resolve()
  const turn = before.then(() => recover(world)).then(work)
  turns.set(
    world.shelf,
    turn.catch(() => undefined),
  )
  try {
    return await turn
  } finally {
    await sendAll(world)
  }
}
