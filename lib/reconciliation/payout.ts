import type { TransactionData } from '../../events/metrics.ts'
import type { Finding } from './finding.ts'
import { type Entry, type Matched, matchPayouts, type Open } from './matching.ts'
import { byCurrency, entryOf, type Matter, nameOf, told } from './matter.ts'
import { paidOutBy, type ReconciliationRule } from './rule.ts'

// What was invoiced, kept and paid out.

export type Group = 'sale' | 'fee' | 'tax'
export const groupOf = ({ kind }: Pick<TransactionData, 'kind'>): Group => (kind === 'fee' || kind === 'tax' ? kind : 'sale')

/** Billed against cash, apart for sales, fees and taxes. */
export type Settlement = Record<Group, Matched>

/** What is paid and what is withheld is restated by corrections: a row is what they make of it. Credit memos are rows of their own. */
const isRestated = ({ ledger, kind }: TransactionData) => ledger === 'cash' || groupOf({ kind }) !== 'sale'

const entriesOf = (rows: TransactionData[]): Entry[] => {
  const entries = new Map(rows.map((row) => [row.transactionId, entryOf(row)]))
  for (const row of rows) {
    const first = row.corrects !== row.transactionId && isRestated(row) ? entries.get(row.corrects ?? '') : undefined
    if (!first) continue
    const moved = entries.get(row.transactionId)?.amount ?? 0
    entries.set(first.id, { ...first, amount: first.amount + moved })
    entries.set(row.transactionId, { ...entryOf(row), amount: 0 })
  }
  return [...entries.values()].filter(({ amount }) => amount !== 0)
}

const settlementOf = (rows: TransactionData[]): Settlement => {
  const side = (ledger: TransactionData['ledger'], group: Group) =>
    entriesOf(rows.filter((row) => row.ledger === ledger && groupOf(row) === group))
  const matched = (group: Group) => matchPayouts(side('billed', group), side('cash', group))
  return { sale: matched('sale'), fee: matched('fee'), tax: matched('tax') }
}

type Asked = { matter: Matter; rule: ReconciliationRule; day: string; currency: string }

const findingOf = (kind: Finding['kind'], { id, met }: Open, amount: number, { currency }: Asked) => ({
  kind,
  key: id,
  amount: { amount, currency },
  rows: [id, ...met],
})

/** What is billed of a sale and not paid out; undefined: its time is not over. */
const unpaid = (row: Open, asked: Asked): Finding | undefined => {
  const { matter, rule, day, currency } = asked
  const { id, on, left, amount, paid, metOn } = row
  const what = `invoice row ${id} of ${nameOf(matter)} over ${told(amount, currency)}`
  if (paid !== 0) {
    const message = `${what} is paid out but for ${told(left, currency)}: ask the marketplace for the rest, or accept the difference with the reason`
    return { ...findingOf('payout-differs', row, left, asked), since: metOn, message }
  }
  const since = paidOutBy(rule, matter, on)
  if (since >= day) return undefined
  const message = `${what} should have been paid out by ${since}, ${told(left, currency)} is missing: import the settlement file that has it, or ask the marketplace`
  return { ...findingOf('payout-missing', row, left, asked), since, message }
}

const overpaid = (row: Open, asked: Asked): Finding => {
  const { metOn, left, paid, id } = row
  const isPart = paid !== 0
  const message = isPart
    ? `payout row ${id} of ${nameOf(asked.matter)} is ${told(left, asked.currency)} more than what was invoiced: find the invoice that is missing, or the correction`
    : `${told(left, asked.currency)} of ${nameOf(asked.matter)} was paid out, or taken back, without an invoice or credit memo (row ${id}): wait for the agreement to be read, or find whose it is`
  return { ...findingOf(isPart ? 'payout-differs' : 'payout-without-invoice', row, -left, asked), since: metOn, message }
}

/** A fee or tax waits for its payout with the sales of its day, or until its time is over. */
const isWaiting = ({ on, paid }: Open, { matter, rule, day }: Asked, firstOpen: string | undefined) =>
  paid === 0 && ((firstOpen !== undefined && firstOpen <= on) || paidOutBy(rule, matter, on) >= day)

const withheld = (group: 'fee' | 'tax', { ours, theirs }: Matched, asked: Asked, firstOpen: string | undefined): Finding[] => {
  const { matter, currency } = asked
  const of = (row: Open, amount: number): Finding => {
    const message = `${told(amount, currency)} between the ${group} that was stated and the one that the payouts of ${nameOf(matter)} withheld (row ${row.id}): ask the marketplace`
    return { ...findingOf(`${group}-differs`, row, amount, asked), since: row.metOn, message }
  }
  const stated = ours.filter((row) => row.left !== 0 && !isWaiting(row, asked, firstOpen)).map((row) => of(row, row.left))
  return [...stated, ...theirs.filter(({ left }) => left !== 0).map((row) => of(row, -row.left))]
}

const saleFindings = ({ ours, theirs }: Matched, asked: Asked): Finding[] => [
  ...ours.flatMap((row) => (row.left === 0 ? [] : (unpaid(row, asked) ?? []))),
  ...theirs.filter(({ left }) => left !== 0).map((row) => overpaid(row, asked)),
]

export type Payouts = { currency: string; settlement: Settlement; findings: Finding[] }

/**
 * Each currency's invoices, fees and taxes against what was paid out and withheld. What is billed is paid out, waits for its time, or is
 * a finding: Σ billed − Σ cash = Σ waiting + Σ findings.
 */
export const payoutsOf = (matter: Matter, rule: ReconciliationRule, day: string): Payouts[] => {
  const moved = matter.rows.filter(({ ledger }) => ledger === 'billed' || ledger === 'cash')
  return [...byCurrency(moved)].map(([currency, rows]) => {
    const settlement = settlementOf(rows)
    const asked = { matter, rule, day, currency }
    const firstOpen = settlement.sale.ours.find(({ left }) => left !== 0)?.on
    const findings = [
      ...saleFindings(settlement.sale, asked),
      ...withheld('fee', settlement.fee, asked, firstOpen),
      ...withheld('tax', settlement.tax, asked, firstOpen),
    ]
    return { currency, settlement, findings }
  })
}
