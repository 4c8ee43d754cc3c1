import { isOld, type Place } from '../core/watermark.ts'
import type { Contribution } from './aggregate.ts'

/** What is added to one cell up to a place in a shard; `at` is the time of the record there, in seconds since 1970. */
export type Delta = Place & { contribution: Contribution }

const PREFIX = 'wm:'
const REPAIR = 'fix:'

/** The attribute of an aggregate item that tells how far a shard is added. */
export const markName = (shard: string) => `${PREFIX}${shard}`
const shardOf = (name: string) => name.slice(PREFIX.length)
export const isMark = (name: string) => name.startsWith(PREFIX) || name.startsWith(REPAIR)

/** The attribute of an aggregate item that tells that a repair is done. */
export const repairName = (repairId: string) => `${REPAIR}${repairId}`

/**
 * The marks that guard against nothing any more: a table has new shards every few hours, an item only so much room. Marks of shards
 * that are still in the log stay, however old: what waits there might be added a second time without them.
 */
export const oldMarks = (item: Record<string, unknown>, now: number, logged: ReadonlySet<string>) =>
  Object.keys(item).filter((name) => name.startsWith(PREFIX) && !logged.has(shardOf(name)) && isOld(item[name], now))

const PROBE = 'PROBE#'

/** The key of one of the empty rows that are sent through the stream to learn when all before them are summed. */
export const probeKey = (probeId: string, number: number) => `${PROBE}${probeId}#${number}`
export const isProbe = (rowKey: string) => rowKey.startsWith(PROBE)
