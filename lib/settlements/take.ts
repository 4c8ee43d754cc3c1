import type { NewTransaction } from '../transactions/transaction.ts'
import type { Entry, Link } from './entry.ts'
import { paymentKey } from './formats/azure-earnings.ts'
import type { Line } from './reading.ts'
import { count, countTransaction, type Outcome, type Report } from './report.ts'
import { type Owner, type Settled, settle } from './settle.ts'

/** A link as it is kept; version 0: it is not yet. */
export type Linked = { link: Link; version: number }

/** What lines do to the books; written in one transaction with the place that the reading came to. */
export type Changes = {
  settled: Map<string, Settled>
  links: Map<string, Linked>
  transactions: NewTransaction[]
  rejections: { line: number; column: string; reason: string }[]
}
export const noChanges = (): Changes => ({ settled: new Map(), links: new Map(), transactions: [], rejections: [] })

/** What is known of the entries of a line before it. */
export type Known = {
  settled: (key: string) => Settled | undefined
  link: (key: string) => Linked | undefined
  owner: (entry: Entry) => { name: string; owner: Owner | undefined }
}
type By = { settlementId: string; hash: (text: string) => string }
type Taken = { outcome: Outcome | 'contradicted'; missing?: string }

const dayOf = ({ on, paymentId = '' }: Entry, { link }: Known): string | undefined => {
  if (on) return on
  const payment = link(paymentKey(paymentId))?.link
  return payment && 'paidOn' in payment ? payment.paidOn : undefined
}

const takeEntry = (entry: Entry, known: Known, changes: Changes, { settlementId, hash }: By): Taken => {
  const { name, owner } = known.owner(entry)
  if (!owner) return { outcome: 'unmatched', missing: `${name} is not known` }
  const on = dayOf(entry, known)
  if (!on) return { outcome: 'unmatched', missing: `payment ${entry.paymentId} is in no payments file yet` }
  const { paymentId: _, reference, ...line } = entry
  const before = changes.settled.get(entry.key) ?? known.settled(entry.key)
  const decision = settle(before, { ...line, on, owner, marketplace: reference.marketplace }, settlementId, hash)
  if ('settled' in decision) {
    changes.settled.set(entry.key, decision.settled)
    changes.transactions.push(...decision.transactions)
  }
  return { outcome: decision.outcome }
}

/** Of two statements of the same time the same one holds, whichever comes first. */
const isBefore = (a: Link, b: Link) =>
  a.statedAt < b.statedAt || (a.statedAt === b.statedAt && JSON.stringify(a) < JSON.stringify(b))

/** What was told last; a private offer once told is not forgotten by a file that leaves it out. */
const later = (before: Link | undefined, link: Link): Link => {
  if (!before) return link
  const [older, newer] = isBefore(before, link) ? [before, link] : [link, before]
  const offer = 'privateOfferId' in older && !('privateOfferId' in newer) ? { privateOfferId: older.privateOfferId } : {}
  return { ...newer, ...offer } as Link
}

const takeLink = (link: Link, known: Known, { links }: Changes) => {
  const before = links.get(link.key) ?? known.link(link.key)
  const after = later(before?.link, link)
  const isNew = JSON.stringify(after) !== JSON.stringify(before?.link)
  if (isNew) links.set(link.key, { link: after, version: before?.version ?? 0 })
}

const RANK: readonly Taken['outcome'][] = ['contradicted', 'unmatched', 'restated', 'recorded', 'duplicate']
const CONTRADICTION = 'says otherwise than another row of the same id and time, which holds'

/** Takes a line in: changes and the report are changed in place. A line counts as the weightiest of what became of its entries. */
export const takeLine = (line: Line, known: Known, changes: Changes, report: Report, by: By) => {
  if ('rejected' in line) {
    changes.rejections.push({ line: line.line, ...line.rejected })
    return count(report, line, 'rejected')
  }
  const { treatment, entries, links } = line.row
  for (const link of links) takeLink(link, known, changes)
  const before = changes.transactions.length
  const taken = entries.map((entry) => takeEntry(entry, known, changes, by))
  for (const { ledger } of changes.transactions.slice(before)) countTransaction(report, ledger)
  if (treatment !== 'books') return count(report, line, treatment)
  const worst = RANK.find((outcome) => taken.some((each) => each.outcome === outcome)) ?? 'noted'
  if (worst !== 'contradicted') return count(report, line, worst, taken.find(({ missing }) => missing)?.missing)
  const contradicted: Line = { ...line, rejected: { column: '', reason: CONTRADICTION } }
  changes.rejections.push({ line: line.line, column: '', reason: CONTRADICTION })
  return count(report, contradicted, 'rejected')
}
