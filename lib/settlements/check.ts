import { isCode, type ServiceError } from '../core/errors.ts'
import { FORMATS } from './formats/all.ts'
import { type Line, openReading, type Rejected } from './reading.ts'
import { count, emptyReport, type Outcome, type Report } from './report.ts'

export type Checked = { report: Report; failure?: ServiceError }

// Without the books nobody knows which rows are new: what would go into them counts as recorded.
const outcomeOf = (line: Line): Outcome => {
  if ('rejected' in line) return 'rejected'
  return line.row.treatment === 'books' ? 'recorded' : line.row.treatment
}

/** Reads a file without any service: what kind it is, what is in it, what of it cannot be read and why. */
export const checkFile = async (
  chunks: AsyncIterable<Uint8Array>,
  onRejected: (line: number, rejected: Rejected) => void = () => {},
): Promise<Checked> => {
  const report = emptyReport()
  const reading = openReading(FORMATS, '', (line) => {
    count(report, line, outcomeOf(line))
    if ('rejected' in line) onRejected(line.line, line.rejected)
  })
  try {
    for await (const chunk of chunks) reading.push(chunk)
    reading.end()
  } catch (error) {
    if (!isCode(error, 'unprocessable')) throw error
    return { report, failure: error }
  }
  const { bom, blankLines } = reading.seen
  const { kind, unknownColumns = [] } = reading.head() ?? {}
  return { report: { ...report, ...(kind && { kind }), unknownColumns, blankLines, byteOrderMark: bom } }
}
