import { exact, type Money } from '../core/money.ts'
import type { MetricsDocument } from '../metrics/document.ts'
import { type Column, csvOf, FORMAT } from './csv.ts'
import type { Feed } from './feed.ts'
import { metricColumns, metricRows } from './metrics.ts'
import { partnerColumns, partnerRows } from './partners.ts'
import { type TransactionEvent, transactionColumns } from './transactions.ts'

/** What an export is made of. */
export type Sources = {
  period: string
  document: MetricsDocument
  feed: Feed
  partnerTypes: ReadonlyMap<string, string>
}

export type File = { name: string; rows: number; body: Uint8Array; columns: Omit<Column<never>, 'of'>[] }

const bytesOf = (text: string) => new TextEncoder().encode(text)

const fileOf = <Row>(name: string, columns: Column<Row>[], rows: Row[]): File => ({
  name,
  rows: rows.length,
  body: bytesOf(csvOf(columns, rows)),
  columns: columns.map(({ of: _, ...column }) => column),
})

/** The files of a month, in the order in which they are written. */
export const filesOf = ({ period, document, feed, partnerTypes }: Sources): File[] => [
  fileOf('metrics.csv', metricColumns(document.currency), metricRows(document, period)),
  fileOf('transactions.csv', transactionColumns, feed.transactions),
  fileOf('partners.csv', partnerColumns, partnerRows(document, partnerTypes)),
]

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
export const manifestOf = ({ period, document, feed }: Sources, files: (File & { sha256: string })[], generatedAt: string) => ({
  schemaVersion: 1,
  definitionVersion: document.definitions,
  period,
  currency: document.currency,
  grossMargin: document.grossMargin,
  asOfDay: document.asOfDay,
  watermark: { knownEvents: document.knownEvents, recordedAt: feed.recordedAt },
  generatedAt,
  format: FORMAT,
  files: files.map(({ name, rows, body, sha256, columns }) => ({ name, rows, bytes: body.length, sha256, columns })),
  totals: { billed: billedIn(feed.transactions), revenue: revenueOf(document) },
})
export type Manifest = ReturnType<typeof manifestOf>

export const manifestFile = (manifest: Manifest) => bytesOf(`${JSON.stringify(manifest, null, 2)}\n`)
