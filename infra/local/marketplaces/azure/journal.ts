import type { Shelf, World } from '../stand-in.ts'

/** A document to put on the shelf, or to remove from it. */
export type Write = { collection: string; id: string; document?: unknown }

const tails = new WeakMap<Shelf, Promise<unknown>>()

/** Lets work on one shelf happen one after another; what a kill cut short is completed first. */
export const inTurn = <T>(world: World, work: () => Promise<T>): Promise<T> => {
  const turn = (tails.get(world.shelf) ?? Promise.resolve()).then(() => replay(world)).then(work)
  tails.set(
    world.shelf,
    turn.catch(() => undefined),
  )
  return turn
}

/** Puts several documents as one: they are noted together before the first is put. */
export const commit = async (world: World, writes: Write[]) => {
  await world.shelf.put('azure.journal', 'open', writes)
  await replay(world)
}

const replay = async ({ shelf }: World) => {
  const writes = await shelf.get<Write[]>('azure.journal', 'open')
  if (!writes) return
  for (const { collection, id, document } of writes)
    await (document === undefined ? shelf.remove(collection, id) : shelf.put(collection, id, document))
  await shelf.remove('azure.journal', 'open')
}
