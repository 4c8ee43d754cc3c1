import { exact } from '../core/money.ts'
import * as z from '../core/schema.ts'
import type { Line } from './reading.ts'

/** What became of a row. Each row is counted once; the counts add up to `rows`. */
export const Outcome = z.enum(['recorded', 'restated', 'duplicate', 'unmatched', 'rejected', 'elsewhere', 'noted'])
export type Outcome = z.infer<typeof Outcome>

const Count = z.int()
const Total = z.object({ type: z.string(), currency: z.string(), rows: Count, amount: Count })
const Rejection = z.object({ line: Count, column: z.string(), reason: z.string() })
const Unmatched = z.object({ reason: z.string(), rows: Count, firstLine: Count })

export const Report = z
  .object({
    kind: z.optional(z.string().check(z.describe('which kind of file it is, by its header'))),
    rows: Count.check(z.describe('rows read, the header not counted')),
    outcomes: z.object({
      recorded: Count.check(z.describe('new in the books')),
      restated: Count.check(
        z.describe('a later statement of a row that is in the books: what differs is booked as a correction'),
      ),
      duplicate: Count.check(z.describe('stated already')),
      unmatched: Count.check(
        z.describe('of no agreement, order or payment that is known yet: taken when the file is read again'),
      ),
      rejected: Count.check(z.describe('cannot be read')),
      elsewhere: Count.check(
        z.describe('recorded from another source: invoices from the agreement, the tax of tax items from the billing event feed'),
      ),
      noted: Count.check(
        z.describe('moves nothing of an agreement by itself: transfers to the bank, orders, accounts, agreements, products'),
      ),
    }),
    ledgers: z.record(z.string(), Count).check(z.describe('transactions written, by ledger')),
    rounded: Count.check(z.describe('rows whose amount has more places than its currency, rounded half to even')),
    blankLines: Count,
    byteOrderMark: z.boolean(),
    unknownColumns: z.array(z.string()),
    totals: z.array(Total).check(z.describe('of the rows that can be read, in minor units, by what the provider calls them')),
    rejections: z.array(Rejection).check(z.describe('the first of them')),
    unmatched: z.array(Unmatched).check(z.describe('the first reasons, with how many rows each')),
  })
  .check(z.meta({ id: 'SettlementReport' }))
export type Report = z.infer<typeof Report>

const MAX_REJECTIONS = 20
const MAX_REASONS = 20
const MAX_TOTALS = 80
const MAX_TEXT = 80
const OTHER = 'other'

export const emptyReport = (): Report => ({
  rows: 0,
  outcomes: { recorded: 0, restated: 0, duplicate: 0, unmatched: 0, rejected: 0, elsewhere: 0, noted: 0 },
  ledgers: {},
  rounded: 0,
  blankLines: 0,
  byteOrderMark: false,
  unknownColumns: [],
  totals: [],
  rejections: [],
  unmatched: [],
})

// A part of a chunk would keep all of it in memory.
const owned = (text: string) => Buffer.from(text).toString()

const totalOf = (report: Report, type: string, currency: string) => {
  for (const total of report.totals) if (total.type === type && total.currency === currency) return total
  const isFull = report.totals.length >= MAX_TOTALS
  if (isFull && type !== OTHER) return totalOf(report, OTHER, currency)
  const total = { type: owned(type), currency: owned(currency), rows: 0, amount: 0 }
  if (!isFull || type === OTHER) report.totals.push(total)
  return total
}

const countUnmatched = (report: Report, reason: string, line: number) => {
  const found = report.unmatched.find((each) => each.reason === reason)
  if (found) found.rows++
  else if (report.unmatched.length < MAX_REASONS) report.unmatched.push({ reason: owned(reason), rows: 1, firstLine: line })
}

/** Counts a line in place; `unmatched` says what was not found. */
export const count = (report: Report, line: Line, outcome: Outcome, unmatched?: string) => {
  report.rows++
  report.outcomes[outcome]++
  if (unmatched !== undefined) countUnmatched(report, unmatched, line.line)
  if ('rejected' in line) {
    const { column, reason } = line.rejected
    if (report.rejections.length < MAX_REJECTIONS) report.rejections.push({ line: line.line, column, reason: owned(reason) })
    return
  }
  const { type, amount, rounded } = line.row
  if (rounded) report.rounded++
  const total = totalOf(report, type.length > MAX_TEXT ? type.slice(0, MAX_TEXT) : type, amount.currency)
  total.rows++
  total.amount = exact(total.amount + amount.amount, `the total of ${type}`)
}

const sums = (a: Report['ledgers'], b: Report['ledgers']) =>
  Object.fromEntries([...new Set([...Object.keys(a), ...Object.keys(b)])].map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]))

/**
 * What became of the rows after the file was read again. Rows leave `unmatched` alone: they are recorded now, or were by another file
 * meanwhile; so that each is still counted once.
 */
export const afterRepeat = (before: Report, now: Report): Report => {
  const taken = Math.max(0, before.outcomes.unmatched - now.outcomes.unmatched)
  const recorded = Math.min(taken, now.outcomes.recorded)
  const restated = Math.min(taken - recorded, now.outcomes.restated)
  const { outcomes, ledgers } = before
  return {
    ...before,
    outcomes: {
      ...outcomes,
      recorded: outcomes.recorded + recorded,
      restated: outcomes.restated + restated,
      duplicate: outcomes.duplicate + taken - recorded - restated,
      unmatched: outcomes.unmatched - taken,
    },
    ledgers: sums(ledgers, now.ledgers),
    unmatched: now.unmatched,
  }
}

export const countTransaction = ({ ledgers }: Report, ledger: string) => {
  ledgers[ledger] = (ledgers[ledger] ?? 0) + 1
}
