import { createHash } from 'node:crypto'
import type { World } from '../stand-in.ts'
import { SELLER } from './products.ts'

/** An event as EventBridge delivers it. */
export type Envelope = {
  version: '0'
  id: string
  'detail-type': string
  source: string
  account: string
  time: string
  region: 'us-east-1'
  resources: string[]
  detail: Record<string, unknown>
}

/** An instant in whole seconds, as the catalog and EventBridge write it. */
export const seconds = (instant: string) => `${instant.slice(0, 19)}Z`

/** 32 hexadecimal digits that the text determines. */
export const hex = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32)

const uuid = (world: World) => hex(world.newId(25)).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')

/** Wraps what happened at an instant; every event carries a request id of its own. */
export const envelope = (
  world: World,
  at: string,
  event: Pick<Envelope, 'source' | 'detail-type' | 'resources' | 'detail'>,
): Envelope => ({
  version: '0',
  id: uuid(world),
  'detail-type': event['detail-type'],
  source: event.source,
  account: SELLER.accountId,
  time: seconds(at),
  region: 'us-east-1',
  resources: event.resources,
  detail: { requestId: uuid(world), ...event.detail },
})

/** The name of an entity or change set in the APIs. The catalog's events name an offer differently, see `offerReleased`. */
export const arn = (
  kind: 'ChangeSet' | 'Offer' | 'OfferSet' | 'SaaSProduct' | 'ResaleAuthorization',
  id: string,
  accountId: string = SELLER.accountId,
) => `arn:aws:aws-marketplace:us-east-1:${accountId}:AWSMarketplace/${kind}/${id}`
