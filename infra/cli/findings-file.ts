import { dateText } from '../../lib/core/period.ts'
import { sortableInstant } from '../../lib/metrics/fact.ts'
import { openFindings } from '../../lib/quality/events.ts'
import type { Finding } from '../../lib/quality/finding.ts'
import { type Output, writeAll } from './command.ts'
import { filesAt, weightOf } from './event-files.ts'
import { readEvents } from './events-file.ts'

const today = () => dateText(Math.floor(Date.now() / 86_400_000))

/** What is wrong with the events of a file, as known at an instant or now; its bad lines are left out. Every event is held in memory. */
export const findingsOfFile = async (path: string, currency: string, asOf?: string): Promise<Finding[]> => {
  const findings = openFindings(currency, asOf?.slice(0, 10) ?? today())
  const isKnown = (recordedat: string) => asOf === undefined || sortableInstant(recordedat) <= sortableInstant(asOf)
  for await (const { events } of readEvents(path)) for (const event of events) if (isKnown(event.recordedat)) findings.add(event)
  return findings.all()
}

const LISTED = 20

const effectText = ({ effect }: Finding): string => {
  if (!effect.isKnown) return `effect unknown: ${effect.reason}`
  const [first] = effect.nrr
  if (!first) return `${effect.remedy}: NRR as it is`
  const { month, window, start, end } = effect.nrr.find((each) => each.window === 12) ?? first
  return `${effect.remedy}: NRR ${month} over ${window} months ${signed(end)} / ${signed(start)}, and ${effect.nrr.length - 1} more`
}
const signed = (amount: number) => (amount < 0 ? String(amount) : `+${amount}`)

const textOf = (finding: Finding) =>
  `${finding.severity} ${finding.kind} ${finding.row}: ${finding.message}\n  events ${finding.eventIds.join(' ')}\n  ${effectText(finding)}\n`

/** Findings line by line, the gravest first; of each kind so many as are read. */
export const describeFindings = (findings: Finding[]): string => {
  const order = ['error', 'warning', 'notice']
  const sorted = findings.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
  const groups = Map.groupBy(sorted, ({ kind }) => kind)
  return [...groups]
    .flatMap(([kind, some]) => [
      ...some.slice(0, LISTED).map(textOf),
      ...(some.length > LISTED ? [`… and ${some.length - LISTED} more of ${kind}\n`] : []),
    ])
    .join('')
}

/** About half a million events: more take too long beside what the file was read for, and much memory. */
const LARGE = 1 << 28

type Known = { currency: string; asOf?: string | undefined }

/** Tells the findings of a file beside what it was read for; of a file that may not fit into memory only how to get them. */
export const tellFindings = async (path: string, { currency, asOf }: Known, { stdout, stderr }: Output) => {
  const bytes = filesAt(path).reduce((sum, file) => sum + weightOf(file), 0)
  if (bytes > LARGE)
    await writeAll(stderr, `not looked through for findings, since it is large: cosell findings --from ${path}\n`)
  else await writeAll(stdout, describeFindings(await findingsOfFile(path, currency, asOf)))
}
