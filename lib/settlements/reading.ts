import { unprocessable } from '../core/errors.ts'
import { csvReader, type Place, type Position } from './csv.ts'
import { type Columns, type Format, isFlaw, nameOf, type Row } from './entry.ts'

/** What a line of a file turned out to be; `blankLines` is how many were passed over before it in this reading. */
export type Line = Position & { blankLines: number } & ({ row: Row } | { rejected: Rejected })
export type Rejected = { column: string; reason: string }

/** What is known of a file once its first line is read. `columns` are as the file names them. */
export type Head = { kind: Format['kind']; columns: string[]; unknownColumns: string[] }

/** Where a reading goes on. Without a head it begins. */
export type Start = Place & { head?: Head | undefined }
const BEGINNING: Start = { offset: 0, line: 1 }

const lacking = ({ required }: Format, present: ReadonlySet<string>) => required.filter((name) => !present.has(nameOf(name)))

const unknownKind = (formats: readonly Format[], present: ReadonlySet<string>) => {
  const found = (format: Format) => format.required.length - lacking(format, present).length
  const nearest = formats.toSorted((a, b) => found(b) - found(a))
  const details = nearest.map((format) => ({ target: format.kind, message: `lacks ${lacking(format, present).join(', ')}` }))
  return unprocessable('the first line is the header of no file that is known', details)
}

/** More is no file of a marketplace, and would not fit into the record of the import. */
const MAX_COLUMNS = 500
const MAX_NAME = 100

const tooMuch = (columns: readonly string[]) => columns.length > MAX_COLUMNS || columns.some((name) => name.length > MAX_NAME)

const twice = (columns: readonly string[]) => columns.filter((name, index) => columns.indexOf(name) !== index)

/** What kind of file has these columns. Refused with what each kind lacks, or with the columns that are there twice. */
export const headOf = (formats: readonly Format[], columns: string[]): Head => {
  if (tooMuch(columns))
    throw unprocessable('the first line is no header', [
      {
        target: 'header',
        message: `has more than ${MAX_COLUMNS} columns, or one with a name of more than ${MAX_NAME} characters`,
      },
    ])
  const names = columns.map(nameOf)
  const present = new Set(names)
  const fitting = formats.filter((format) => lacking(format, present).length === 0)
  const [format] = fitting.toSorted((a, b) => b.required.length - a.required.length)
  if (!format) throw unknownKind(formats, present)
  const doubled = twice(names).map((target) => ({ target, message: 'is there twice: which of them holds?' }))
  if (doubled.length) throw unprocessable('the header names a column twice', doubled)
  const known = new Set([...format.required, ...format.optional, ...format.ignored].map(nameOf))
  return { kind: format.kind, columns, unknownColumns: columns.filter((_, index) => !known.has(names[index] ?? '')) }
}

const readerOf = (formats: readonly Format[], { kind, columns }: Head, statedAt: string) => {
  const format = formats.find((each) => each.kind === kind)
  if (!format) throw new TypeError(`there is no kind ${kind}`)
  const places: Columns = new Map(columns.map((name, index) => [nameOf(name), index]))
  return format.reader(places, statedAt)
}

const countFlaw = (count: number, columns: number, isOpenEnded: boolean): string | undefined => {
  if (count === columns) return undefined
  if (isOpenEnded && count < columns) return `the file is cut off here: ${count} of ${columns} fields, and no end of the line`
  return `has ${count} fields where the header has ${columns}`
}

/**
 * Reads a settlement file from chunks of bytes into rows, line by line. `statedAt` is when the file was made, for files whose rows do
 * not tell; `from` is where an earlier reading stopped.
 */
export const openReading = (formats: readonly Format[], statedAt: string, onLine: (line: Line) => void, from = BEGINNING) => {
  let head = from.head
  let read = head && readerOf(formats, head, statedAt)

  const reader = csvReader(
    {
      onRecord: (record) => {
        if (!head || !read) {
          head = headOf(
            formats,
            Array.from({ length: record.count }, (_, index) => record.field(index).trim()),
          )
          read = readerOf(formats, head, statedAt)
          return
        }
        const { line, nextOffset, nextLine } = record
        const { blankLines } = reader.seen
        const wrongCount = countFlaw(record.count, head.columns.length, record.isOpenEnded)
        const found = wrongCount ? { column: '', reason: wrongCount } : read(record)
        if (!isFlaw(found)) return onLine({ line, nextOffset, nextLine, blankLines, row: found })
        onLine({ line, nextOffset, nextLine, blankLines, rejected: found })
      },
      onBroken: ({ reason, ...position }) =>
        onLine({ ...position, blankLines: reader.seen.blankLines, rejected: { column: '', reason } }),
    },
    from,
  )
  return {
    push: reader.push,
    /** After the last chunk. A file without a header, so an empty one, is refused. */
    end: () => {
      reader.end()
      if (!head) throw unknownKind(formats, new Set())
    },
    head: () => head,
    seen: reader.seen,
  }
}
