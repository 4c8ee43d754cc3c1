import { createHash } from 'node:crypto'
import type { World } from '../stand-in.ts'

type MarketplaceToken = { subscriptionId: string; expires: string }

const DAY_MS = 86_400_000
const shelfId = (token: string) => Buffer.from(token).toString('base64url')

/** A token for the landing page, good for a day. It has characters that a URL must encode. */
export const issueToken = async (world: World, subscriptionId: string) => {
  const token = createHash('sha512').update(world.newId(26)).digest('base64')
  const document: MarketplaceToken = { subscriptionId, expires: new Date(world.now().getTime() + DAY_MS).toISOString() }
  await world.shelf.put('azure.tokens', shelfId(token), document)
  return token
}

/** The subscription that a token stands for; undefined when it is unknown or too old. */
export const readToken = async (world: World, token: string) => {
  const found = await world.shelf.get<MarketplaceToken>('azure.tokens', shelfId(token))
  return found && found.expires > world.now().toISOString() ? found.subscriptionId : undefined
}
