import { PARQUET_TYPES } from '../core/column.ts'
import { exact, type Money } from '../core/money.ts'
import type { MetricsDocument } from '../metrics/document.ts'
import { CSV_FORMAT } from './csv.ts'
import type { File, FileFormat, Sources } from './files.ts'
import type { TransactionEvent } from './transactions.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)

const FORMATS: Record<FileFormat, object> = {
  csv: CSV_FORMAT,
  parquet: { compression: 'Zstandard', types: PARQUET_TYPES, empty: 'null is a value that there is not' },
}

/** What happens with facts that are recorded after the watermark. */
const LATE_DATA = {
  watermark:
    'the files tell what Cosell knew when it had recorded `knownEvents` events, the latest of them at `recordedAt`; that says nothing of the day on which they count',
  later:
    'what is recorded later, for this month too, changes none of these files: it is in the next export of the month, whose watermark is higher. The running month and the one before are exported every night, any other when it is asked for',
  corrections:
    'nothing is deleted or overwritten: a correction is a transaction or cost of its own on its own day, so that a month changes later only by what is recorded late for its days',
  toFind: 'transactions of a newer export whose `recorded_at` is after this watermark, or the table `events` of the lake',
}

/** What was billed, by currency; taxes, fees, refunds and credits included. */
const billedIn = (transactions: TransactionEvent[]): Money[] => {
  const sums = new Map<string, number>()
  for (const { data } of transactions) {
    if (data.ledger !== 'billed') continue
    const { amount, currency } = data.amount
    sums.set(currency, exact((sums.get(currency) ?? 0) + amount, `billed ${currency}`))
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, amount]) => ({ amount, currency }))
}

const revenueOf = ({ revenueTotals, currency }: MetricsDocument): Money => ({
  amount: exact(Number(revenueTotals[0]?.total ?? 0), 'total revenue'),
  currency,
})

/**
 * Says what the files beside it hold and by what they were computed. It is written last: a folder without it is not there.
 * A message that comes twice may let two runs write one folder at the same time. Files depend on the data alone, so they differ only
 * where the data did meanwhile; then a file's checksum is not that of the manifest, and the reader has to ask for another export.
 */
export const manifestOf = (
  { period, document, feed }: Sources,
  formats: FileFormat[],
  files: (File & { sha256: string })[],
  requestedAt: string,
) => ({
  schemaVersion: 2,
  definitionVersion: document.definitions,
  period,
  currency: document.currency,
  grossMargin: document.grossMargin,
  asOfDay: document.asOfDay,
  watermark: { knownEvents: document.knownEvents, recordedAt: feed.recordedAt },
  lateData: LATE_DATA,
  requestedAt,
  formats: Object.fromEntries(formats.map((format) => [format, FORMATS[format]])),
  files: files.map(({ name, rows, body, sha256, columns }) => ({ name, rows, bytes: body.length, sha256, columns })),
  totals: { billed: billedIn(feed.transactions), revenue: revenueOf(document) },
})
export type Manifest = ReturnType<typeof manifestOf>

export const manifestFile = (manifest: Manifest) => bytesOf(`${JSON.stringify(manifest, null, 2)}\n`)
