import { type Column, describeColumn, type FileTable } from '../core/column.ts'
import { metricColumns } from './metrics.ts'
import { partnerColumns } from './partners.ts'
import { transactionColumns } from './transactions.ts'

const LISTS = 'tables'

const partition: FileTable['partition'] = {
  name: 'export_month',
  type: 'month',
  description: 'the month of the export',
  from: '2020-01',
}

const tableOf = <Row>(name: string, columns: Column<Row>[], description: string): FileTable => ({
  description,
  columns: columns.map(describeColumn),
  folder: `${LISTS}/${name}/`,
  partition,
  holds: 'list',
})

/** What of the Parquet exports a query engine reads: of each month the export that was finished last. */
export const exportTables = {
  metrics: tableOf('metrics', metricColumns, 'The metrics of a month, one value a row'),
  transactions: tableOf('transactions', transactionColumns, 'The transactions of a month by the day on which they count'),
  partners: tableOf('partners', partnerColumns, 'The figures of a month, one partner a row'),
} satisfies Record<string, FileTable>

/** The text file that tells a query engine which file a table has for a month. */
export const listKey = ({ folder, partition: { name } }: FileTable, period: string) => `${folder}${name}=${period}/symlink.txt`
