import type { DomainEvent } from '../../events/index.ts'

// In this order come those of the same instant.
const ORDER = [
  ...['requested', 'offer-replaced', 'withdrawal-requested', 'attention-needed', 'resumed', 'retried'],
  ...['submission-started', 'submission-accepted', 'created', 'failed', 'released', 'accepted', 'expired', 'withdrawn'],
].map((what) => `offer-set.${what}.v1`)

const placeOf = ({ type }: DomainEvent) => ORDER.indexOf(type)

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const inOrder = (a: DomainEvent, b: DomainEvent) =>
  compare(a.time, b.time) || compare(a.recordedat, b.recordedat) || placeOf(a) - placeOf(b) || compare(a.id, b.id)

const entryOf = ({ id, type, cause, time, recordedat: recordedAt, data }: DomainEvent) => ({
  ...{ id, type, time, recordedAt, data },
  ...(cause && { cause }),
})

/** What happened to a set, by when it happened. */
export const timelineOf = (events: readonly DomainEvent[]) => events.toSorted(inOrder).map(entryOf)
