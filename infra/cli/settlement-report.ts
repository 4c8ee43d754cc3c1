import { decimalText } from '../../lib/core/money.ts'
import type { Report } from '../../lib/settlements/report.ts'

const OUTCOMES: Record<keyof Report['outcomes'], string> = {
  recorded: 'recorded',
  restated: 'restated, what differs is booked as corrections',
  duplicate: 'known already',
  unmatched: 'unmatched: of nothing that is known yet',
  rejected: 'rejected: cannot be read',
  elsewhere: 'left to another source: invoices to the agreement, tax items to the billing events',
  noted: 'noted: move nothing of an agreement',
}

const number = (value: number) => value.toLocaleString('en')

const outcomeLines = ({ outcomes }: Report, isCheck: boolean) =>
  Object.entries(OUTCOMES).flatMap(([name, told]) => {
    const rows = outcomes[name as keyof Report['outcomes']]
    const words = isCheck && name === 'recorded' ? 'for the books' : told
    return rows > 0 ? [`  ${number(rows).padStart(14)}  ${words}`] : []
  })

const oddities = ({ rounded, blankLines, byteOrderMark, unknownColumns }: Report) => [
  ...(rounded > 0 ? [`amounts with more places than their currency, rounded half to even: ${number(rounded)}`] : []),
  ...(blankLines > 0 ? [`blank lines: ${number(blankLines)}`] : []),
  ...(byteOrderMark ? ['it begins with a byte order mark'] : []),
  ...(unknownColumns.length > 0 ? [`unknown columns: ${unknownColumns.join(', ')}`] : []),
]

const totalLines = ({ totals }: Report) =>
  totals
    .filter(({ amount, rows }) => amount !== 0 || rows > 0)
    .map(
      ({ type, currency, rows, amount }) =>
        `  ${decimalText({ amount, currency }).padStart(18)} ${currency}  ${type} (${number(rows)})`,
    )

const block = (title: string, lines: string[]) => (lines.length > 0 ? [title, ...lines] : [])

/** What became of a settlement file, for people. `isCheck`: without the books, only as far as the file itself tells. */
export const describeReport = (report: Report, isCheck = false): string => {
  const { kind = 'of no kind that is known', rows, ledgers, rejections, unmatched } = report
  const ledgerText = Object.entries(ledgers).map(([ledger, count]) => `${number(count)} ${ledger}`)
  const lines = [
    `${kind}: ${number(rows)} rows`,
    ...outcomeLines(report, isCheck),
    ...(ledgerText.length > 0 ? [`transactions: ${ledgerText.join(', ')}`] : []),
    ...oddities(report),
    ...block('totals by type', totalLines(report)),
    ...block(
      'unmatched',
      unmatched.map((each) => `  line ${each.firstLine}: ${each.reason} (${number(each.rows)})`),
    ),
    ...block(
      'rejected',
      rejections.map(({ line, column, reason }) => `  line ${line}: ${[column, reason].filter(Boolean).join(' ')}`),
    ),
  ]
  return `${lines.join('\n')}\n`
}
