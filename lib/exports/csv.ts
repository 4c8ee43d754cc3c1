import type { Cell, Column } from '../core/column.ts'
import { decimalText, type Money } from '../core/money.ts'

/** An amount as a computer and as a person reads it. */
export const moneyColumns = <Row>(name: string, description: string, of: (row: Row) => Money | undefined): Column<Row>[] => [
  { name, type: 'integer', unit: 'minor units of the currency', description, of: (row) => of(row)?.amount },
  {
    name: `${name}_decimal`,
    type: 'decimal',
    unit: 'units of the currency',
    description,
    of: (row) => {
      const money = of(row)
      return money && decimalText(money)
    },
  },
]

/** How to read the files. */
export const CSV_FORMAT = {
  encoding: 'UTF-8 without a byte order mark',
  quoting: 'RFC 4180: commas, lines end with CR LF, fields with a comma, a quote or a line break in double quotes',
  text: "a text that begins with = + - @, a tab or a line break has a ' before it, so that no spreadsheet takes it for a formula",
  empty: 'an empty field is a value that there is not',
}

/** Spreadsheets run as a formula what begins so. */
const FORMULA = /^[=+\-@\t\r\n]/

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

const fieldOf = ({ type }: Pick<Column<never>, 'type'>, cell: Cell): string => {
  const text = String(cell ?? '')
  return quoted(type === 'text' && FORMULA.test(text) ? `'${text}` : text)
}

/** Rows as CSV in the form that `FORMAT` tells. */
export const csvOf = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string => {
  const lines = rows.map((row) => columns.map((column) => fieldOf(column, column.of(row))).join(','))
  return [columns.map(({ name }) => name).join(','), ...lines, ''].join('\r\n')
}
