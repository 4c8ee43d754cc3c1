import type { Column, ColumnDescription } from '../core/column.ts'

type DictionaryRow = ColumnDescription & { table: string }

/** What the dictionary tells of a table: a row for each of its columns. */
export const dictionaryRows = ({ name: table, columns }: { name: string; columns: ColumnDescription[] }): DictionaryRow[] =>
  columns.map((column) => ({ ...column, table }))

export const dictionaryColumns: Column<DictionaryRow>[] = [
  { name: 'table_name', type: 'text', required: true, description: 'the file, without its ending', of: ({ table }) => table },
  { name: 'column_name', type: 'text', required: true, description: 'the column', of: ({ name }) => name },
  {
    name: 'data_type',
    type: 'text',
    required: true,
    description: 'text, integer, decimal, boolean, date, month (yyyy-mm) or instant (UTC)',
    of: ({ type }) => type,
  },
  { name: 'unit', type: 'text', description: 'what a number counts', of: ({ unit }) => unit },
  {
    name: 'is_required',
    type: 'boolean',
    required: true,
    description: 'whether every row has a value',
    of: ({ required }) => required === true,
  },
  {
    name: 'description',
    type: 'text',
    required: true,
    description: 'what the column says',
    of: ({ description }) => description,
  },
]
