/** What a row holds in a column. Dates, months and instants are texts, decimals and integers texts or numbers. */
export type Cell = string | number | boolean | null | undefined

export type ColumnType = 'text' | 'integer' | 'decimal' | 'boolean' | 'date' | 'month' | 'instant'

/** What the columns are in Parquet files; decimals have the places of the currency with the most. */
export const PARQUET_TYPES: Record<ColumnType, string> = {
  text: 'BYTE_ARRAY (UTF-8)',
  month: 'BYTE_ARRAY (UTF-8, yyyy-mm)',
  integer: 'INT64',
  decimal: 'DECIMAL(38,4)',
  boolean: 'BOOLEAN',
  date: 'INT32 (DATE)',
  instant: 'INT64 (TIMESTAMP, microseconds, UTC)',
}

/** An entry of the data dictionary; a column that is `required` has a value in every row. */
export type ColumnDescription = { name: string; type: ColumnType; unit?: string; required?: true; description: string }

/** A column of the data dictionary, and how a row fills it; the texts of one that `repeats` are few and come often. */
export type Column<Row> = ColumnDescription & { repeats?: true; of: (row: Row) => Cell }

export const describeColumn = ({ of: _, repeats: __, ...description }: Column<never>): ColumnDescription => description

/** A table over files of a bucket, as a query engine is told of it. */
export type FileTable = {
  description: string
  columns: ColumnDescription[]
  /** Each day or month of the partition has a folder below `folder`, named `<partition>=<value>`. */
  folder: string
  partition: ColumnDescription & { type: 'date' | 'month'; from: string }
  /** Whether a folder holds the Parquet files or a text file that lists them. */
  holds: 'files' | 'list'
}
