import type { Contribution } from './aggregate.ts'

/** What is added to one cell up to a place in a shard; `at` is the time of the record there, in seconds since 1970. */
export type Delta = { sequence: string; at: number; contribution: Contribution }

const PREFIX = 'wm:'
const REPAIR = 'fix:'

/** The attribute of an aggregate item that tells how far a shard is added. */
export const markName = (shard: string) => `${PREFIX}${shard}`
const shardOf = (name: string) => name.slice(PREFIX.length)
export const isMark = (name: string) => name.startsWith(PREFIX) || name.startsWith(REPAIR)

/** The attribute of an aggregate item that tells that a repair is done. */
export const repairName = (repairId: string) => `${REPAIR}${repairId}`

/** Sequence numbers have up to 40 digits; as text of equal length they sort by value. */
export const sortable = (sequence: string) => sequence.padStart(40, '0')

/**
 * How far a shard is added, and at what time (seconds since 1970) that was noted; sorts after its own sequence number and before the
 * next one.
 */
export const markOf = ({ sequence, at }: Pick<Delta, 'sequence' | 'at'>) => `${sortable(sequence)}@${at}`
const timeOf = (mark: unknown) => Number(String(mark).split('@')[1])

/** What a mark does not cover. */
export const beyond = <T extends { sequence: string }>(mark: string, all: T[]) =>
  all.filter(({ sequence }) => sortable(sequence) > mark)

/** Streams keep records for a day, and nobody who began to add one goes on for so long. */
export const KEPT_S = 2 * 86_400

/**
 * The marks that guard against nothing any more: a table has new shards every few hours, an item only so much room. Marks of shards
 * that are still in the log stay, however old: what waits there might be added a second time without them.
 */
export const oldMarks = (item: Record<string, unknown>, now: number, logged: ReadonlySet<string>) =>
  Object.keys(item).filter((name) => name.startsWith(PREFIX) && !logged.has(shardOf(name)) && timeOf(item[name]) < now - KEPT_S)

const PROBE = 'PROBE#'

/** The key of one of the empty rows that are sent through the stream to learn when all before them are summed. */
export const probeKey = (probeId: string, number: number) => `${PROBE}${probeId}#${number}`
export const isProbe = (rowKey: string) => rowKey.startsWith(PROBE)
