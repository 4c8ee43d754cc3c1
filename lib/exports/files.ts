import type { ExportFormat } from '../../events/export.ts'
import { type Column, type ColumnDescription, describeColumn } from '../core/column.ts'
import type { MetricsDocument } from '../metrics/document.ts'
import { csvOf } from './csv.ts'
import { dictionaryColumns, dictionaryRows } from './dictionary.ts'
import type { Feed } from './feed.ts'
import { metricColumns, metricRows } from './metrics.ts'
import { partnerColumns, partnerRows } from './partners.ts'
import { transactionColumns } from './transactions.ts'

/** What an export is made of. */
export type Sources = {
  period: string
  document: MetricsDocument
  feed: Feed
  partnerTypes: ReadonlyMap<string, string>
}

export type FileFormat = Exclude<ExportFormat, 'both'>

export const formatsOf = (format: ExportFormat): FileFormat[] => (format === 'both' ? ['csv', 'parquet'] : [format])

/** Makes a file of rows. */
export type Encode = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]) => Promise<Uint8Array>

export type File = { name: string; rows: number; body: Uint8Array; contentType: string; columns: ColumnDescription[] }

const CONTENT_TYPES: Record<FileFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
}

const encodeCsv: Encode = async (columns, rows) => new TextEncoder().encode(csvOf(columns, rows))

type Table = { name: string; columns: ColumnDescription[]; rows: number; encoded: (encode: Encode) => Promise<Uint8Array> }

const tableOf = <Row>(name: string, columns: Column<Row>[], rows: Row[]): Table => ({
  name,
  columns: columns.map(describeColumn),
  rows: rows.length,
  encoded: (encode) => encode(columns, rows),
})

/** The tables of a month, and the dictionary of their columns. */
const tablesOf = ({ period, document, feed, partnerTypes }: Sources): Table[] => {
  const tables = [
    tableOf('metrics', metricColumns, metricRows(document, period)),
    tableOf('transactions', transactionColumns, feed.transactions),
    tableOf('partners', partnerColumns, partnerRows(document, partnerTypes)),
  ]
  return [...tables, tableOf('dictionary', dictionaryColumns, tables.flatMap(dictionaryRows))]
}

/** The files of a month, in the order in which they are written; the same sources give the same bytes. */
export const filesOf = async (sources: Sources, formats: FileFormat[], parquet: Encode): Promise<File[]> => {
  const encoders: Record<FileFormat, Encode> = { csv: encodeCsv, parquet }
  const tables = tablesOf(sources)
  const files: File[] = []
  for (const format of formats) {
    for (const { name, columns, rows, encoded } of tables) {
      const body = await encoded(encoders[format])
      files.push({ name: `${name}.${format}`, rows, body, contentType: CONTENT_TYPES[format], columns })
    }
  }
  return files
}
