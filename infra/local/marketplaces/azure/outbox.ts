import type { Shelf, World } from '../stand-in.ts'
import { webhookToken } from './webhook-token.ts'

type Posted = Record<string, unknown> & { id: string; timeStamp: string }

const running = new WeakMap<Shelf, Promise<void>>()

/** Sends the webhook messages that wait, oldest first; each leaves the shelf once the channel has it. */
export const sendPosted = (world: World): Promise<void> => {
  const next = (running.get(world.shelf) ?? Promise.resolve()).catch(() => undefined).then(() => sendAll(world))
  running.set(world.shelf, next)
  return next
}

const sendAll = async (world: World) => {
  const waiting = await world.shelf.list<Posted>('azure.outbox')
  for (const body of waiting.toSorted((a, b) => (a.timeStamp < b.timeStamp ? -1 : 1))) {
    const headers = { authorization: `Bearer ${await webhookToken(world)}`, 'content-type': 'application/json' }
    await world.send({ channel: 'azure.webhook', headers, body })
    await world.shelf.remove('azure.outbox', body.id)
  }
}
