/** How far a shard of a stream is taken in: its sequence numbers only grow, whatever a batch holds the second time. */
export type Place = { sequence: string; at: number }

/** Sequence numbers have up to 40 digits; as text of equal length they sort by value. */
export const sortable = (sequence: string) => sequence.padStart(40, '0')

/**
 * How far a shard is taken in, and at what time (seconds since 1970) that was noted; sorts after its own sequence number and before the
 * next one.
 */
export const markOf = ({ sequence, at }: Place) => `${sortable(sequence)}@${at}`
const timeOf = (mark: unknown) => Number(String(mark).split('@')[1])

/** What a mark does not cover. */
export const beyond = <T extends Pick<Place, 'sequence'>>(mark: string, all: T[]) =>
  all.filter(({ sequence }) => sortable(sequence) > mark)

/** Streams keep records for a day, and nobody who began to take one in goes on for so long. */
export const KEPT_S = 2 * 86_400

/** Whether a mark guards against nothing any more. */
export const isOld = (mark: unknown, now: number) => timeOf(mark) < now - KEPT_S
