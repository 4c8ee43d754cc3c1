import { addDays } from '../core/period.ts'
import type { Finding } from './finding.ts'
import { type Entry, later, matchRows } from './matching.ts'
import { byCurrency, contractRows, endOf, entryOf, firstDayOf, idsOf, type Matter, nameOf, sumOf, told } from './matter.ts'
import type { ReconciliationRule } from './rule.ts'

// What was agreed and what was invoiced.

/**
 * What is to be invoiced, and when: the installments, or on AWS the whole at once. Microsoft's plan of payments is not in the books.
 * Behind the end of an agreement that ended early nothing is due.
 */
const duesOf = (matter: Matter, currency: string): Entry[] => {
  const scheduled = contractRows(matter, 'scheduled', currency)
  const end = endOf(matter)
  if (scheduled.length > 0) return scheduled.filter(({ on }) => !end || on < end).map(entryOf)
  if (matter.marketplace !== 'aws') return []
  return contractRows(matter, 'booked', currency).map((row) => ({ ...entryOf(row), on: later(row.on, row.service?.from ?? '') }))
}

const notBilled = (matter: Matter, currency: string, { billing }: ReconciliationRule, day: string): Finding[] => {
  const { ours } = matchRows(duesOf(matter, currency), contractRows(matter, 'billed', currency).map(entryOf))
  return ours.flatMap(({ id, on, left, met }) => {
    const since = addDays(on, billing[matter.marketplace])
    if (left <= 0 || since >= day) return []
    const message = `${told(left, currency)} of ${nameOf(matter)} was due on ${on} and is not invoiced: ask the marketplace for the invoice`
    return [{ kind: 'not-billed', key: id, amount: { amount: left, currency }, since, rows: [id, ...met], message }]
  })
}

const remedyOf = ({ standing }: Matter) =>
  standing?.books?.term.amount.amount === 0
    ? 'its plan is not one whose price is known: record what that is worth as a booking, or accept it'
    : 'refund the rest, or accept it with the reason'

const tooMuch = (matter: Matter, currency: string): Finding[] => {
  const billed = contractRows(matter, 'billed', currency)
  const booked = contractRows(matter, 'booked', currency)
  const amount = sumOf(billed) - sumOf(booked)
  const last = billed.at(-1)
  if (!last || booked.length === 0 || amount <= 0) return []
  const message = `${told(sumOf(billed), currency)} of ${nameOf(matter)} is invoiced, ${told(sumOf(booked), currency)} is booked: ${remedyOf(matter)}`
  return [{ kind: 'overbilled', key: currency, amount: { amount, currency }, since: last.on, rows: idsOf(billed), message }]
}

const withoutContract = (matter: Matter, currency: string): Finding[] => {
  const billed = contractRows(matter, 'billed', currency)
  const amount = sumOf(billed)
  if (amount === 0 || matter.rows.some(({ ledger }) => ledger === 'booked' || ledger === 'scheduled')) return []
  const message = `${told(amount, currency)} of ${nameOf(matter)} is invoiced and nothing is booked or scheduled: book the contract, or name the agreement that it belongs to`
  const found = { amount: { amount, currency }, since: firstDayOf(billed), rows: idsOf(billed), message }
  return [{ kind: 'billed-without-contract', key: currency, ...found }]
}

/** Where invoices are missing, too many, or of no contract. */
export const billingFindings = (matter: Matter, rule: ReconciliationRule, day: string): Finding[] =>
  [...byCurrency(matter.rows).keys()].flatMap((currency) => [
    ...notBilled(matter, currency, rule, day),
    ...tooMuch(matter, currency),
    ...withoutContract(matter, currency),
  ])
