/** How far a shard of a stream is taken in: its sequence numbers only grow, whatever a batch holds the second time. */
export type Place = { sequence: string; at: number }

/** Sequence numbers have up to 40 digits; as text of equal length they sort by value. */
export const sortable = (sequence: string) => sequence.padStart(40, '0')

/** The mark of a shard up to a record, and when that was written; sorts after its own sequence number and before the next one. */
export const markOf = ({ sequence, at }: Place) => `${sortable(sequence)}@${at}`
const timeOf = (mark: unknown) => Number(String(mark).split('@')[1])

/** What a mark does not cover. */
export const beyond = <T extends Pick<Place, 'sequence'>>(mark: string, all: T[]) =>
  all.filter(({ sequence }) => sortable(sequence) > mark)

/** Streams keep records for a day; twice that is safe. */
export const KEPT_S = 2 * 86_400

/** Whether a mark guards against nothing any more. */
export const isOld = (mark: unknown, now: number) => timeOf(mark) < now - KEPT_S
