import { statSync } from 'node:fs'
import { dateText } from '../../lib/core/period.ts'
import { openFindings } from '../../lib/quality/events.ts'
import type { Finding } from '../../lib/quality/finding.ts'
import { type Output, writeAll } from './command.ts'
import { readEvents } from './events-file.ts'

/** What is wrong with the events of a file, as of today; its bad lines are left out. Every event is held in memory. */
export const findingsOfFile = async (path: string, currency: string): Promise<Finding[]> => {
  const findings = openFindings(currency, dateText(Math.floor(Date.now() / 86_400_000)))
  for await (const { events } of readEvents(path)) for (const event of events) findings.add(event)
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
const PACKED = 10

/** Tells the findings of a file beside what it was read for; of a file that may not fit into memory only how to get them. */
export const tellFindings = async (path: string, currency: string, { stdout, stderr }: Output) => {
  const bytes = statSync(path).size * (path.endsWith('.gz') ? PACKED : 1)
  if (bytes > LARGE)
    await writeAll(stderr, `not looked through for findings, since it is large: cosell findings --from ${path}\n`)
  else await writeAll(stdout, describeFindings(await findingsOfFile(path, currency)))
}
