import type { DomainEvent } from '../../events/index.ts'
import { isMetricEvent } from '../../events/metrics.ts'
import { unavailable } from '../core/errors.ts'
import type { MetricsDocument } from '../metrics/document.ts'
import { sortableInstant } from '../metrics/fact.ts'
import { inFileOrder, type TransactionEvent } from './transactions.ts'

/** What the feed holds: how many events metrics are made of, when the latest was recorded, and the transactions of a month. */
export type Feed = { events: number; recordedAt: string | null; transactions: TransactionEvent[] }

const later = (latest: string | null, each: string) =>
  latest !== null && sortableInstant(each) <= sortableInstant(latest) ? latest : each

/** Reads the feed once. An id counts once: what takes it a second time may be no further fact. */
export const readFeed = async (events: AsyncIterable<DomainEvent>, period: string): Promise<Feed> => {
  const ids = new Set<string>()
  const transactions: TransactionEvent[] = []
  let recordedAt: string | null = null
  for await (const event of events) {
    if (!isMetricEvent(event)) continue
    ids.add(event.id)
    recordedAt = later(recordedAt, event.recordedat)
    if (event.type === 'transaction.recorded.v1' && event.data.on.startsWith(period)) transactions.push(event)
  }
  return { events: ids.size, recordedAt, transactions: transactions.sort(inFileOrder) }
}

/**
 * Metrics follow the feed through streams: a document read after the feed must know as many events as it held, or sales would be
 * without their revenue. It may know more. A count is all there is to compare: an event that came in behind the reader can stand in
 * for one that is still on its way.
 */
export const mustHaveCaughtUp = ({ knownEvents }: MetricsDocument, { events }: Feed) => {
  if (knownEvents < events) throw unavailable(`the metrics know ${knownEvents} of ${events} events as yet: try again`)
}
