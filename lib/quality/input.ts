import { isCode } from '../core/errors.ts'
import { dateText, monthText } from '../core/period.ts'
import { monthOf } from '../metrics/calendar.ts'
import { contributionsOf } from '../metrics/contribution.ts'
import type { Cost, Transaction } from '../metrics/fact.ts'
import { hasRate } from '../metrics/rates.ts'
import { correctedBy } from '../metrics/transaction.ts'
import { type Finding, finding, noEffect, unknown } from './finding.ts'
import { correctedIn, isContract, type Known, transactionsIn } from './known.ts'

// Facts that are no facts, or not all of one: amounts, currencies, dates and corrections.

type Money = Transaction | Cost

const moneyIn = ({ row }: Known): Money[] =>
  [...row.facts.values()].filter((fact): fact is Money => fact.type === 'transaction' || fact.type === 'cost')

const monthIn = (fact: Money) => monthText(fact.type === 'cost' ? fact.month : monthOf(fact.day))
const about = (facts: readonly Money[]) => ({ eventIds: facts.map(({ id }) => id), months: facts.map(monthIn) })

const CODES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

/** Amounts in a currency that ISO 4217 does not have. */
const unknownCurrencies = (known: Known): Finding[] => {
  const groups = Map.groupBy(moneyIn(known), ({ currency }) => currency)
  return [...groups].flatMap(([currency, facts]) => {
    if (CODES.has(currency)) return []
    const message = `${currency} is no currency of ISO 4217: correct the amounts by others, and publish no rate of it`
    const effect = unknown('what the amounts should be is not known')
    return [finding({ kind: 'unknown-currency', row: known.key, ...about(facts), message, effect })]
  })
}

const countsAsRevenue = (row: Known['row'], fact: Money) =>
  fact.type === 'cost' ||
  (fact.ledger === 'booked' && isContract(row, fact)) ||
  (fact.ledger === 'billed' && fact.kind !== 'tax' && fact.kind !== 'fee')

/** Amounts that count and have no rate to the reporting currency: no metrics can be told until there is one. */
const missingRates = (known: Known): Finding[] => {
  const { key, row, rates } = known
  const without = moneyIn(known).filter((fact) => !hasRate(rates, fact.currency) && countsAsRevenue(row, fact))
  return [...Map.groupBy(without, ({ currency }) => currency)].map(([currency, facts]) => {
    const pair = `${currency}/${rates.reporting}`
    const message = `there is no rate ${pair}: publish one (POST /v1/rates)`
    return finding({ kind: 'rate-missing', row: key, ...about(facts), message, effect: unknown(`the rate ${pair} is not known`) })
  })
}

const FUTURE_DAYS = 31

/** What was billed or paid more than a month from now. The latest day known is that of the whole document. */
const futureDates = (known: Known): Finding[] => {
  const late = transactionsIn(known.row).filter(
    ({ ledger, day }) => (ledger === 'billed' || ledger === 'cash') && day > known.today + FUTURE_DAYS,
  )
  return late.map((fact) => {
    const message = `${fact.transactionId} is ${fact.ledger} on ${dateText(fact.day)}, in the future: metrics list all months up to there; correct its date`
    const effect = unknown('its right date is not known')
    return finding({ kind: 'date-out-of-range', row: known.key, ...about([fact]), message, effect })
  })
}

/** A thousand of them may be added up exactly. */
const LARGE = Math.floor(Number.MAX_SAFE_INTEGER / 1000)

/** Amounts so large that sums of them soon pass 2^53 minor units. */
const largeAmounts = (known: Known): Finding[] =>
  moneyIn(known)
    .filter(({ amount }) => Math.abs(amount) > LARGE)
    .map((fact) => {
      const message = `${fact.amount} ${fact.currency} in minor units: sums of such amounts pass 2^53; see whether it is in the right unit`
      const effect = unknown('the right amount is not known')
      return finding({ kind: 'amount-too-large', row: known.key, ...about([fact]), message, effect })
    })

const largestOf = (facts: readonly Money[]) => facts.toSorted((a, b) => Math.abs(b.amount) - Math.abs(a.amount)).slice(0, 10)

/** Sums of a row that cannot be told exactly any more; the events are those of its largest amounts. */
const largeSums = (known: Known): Finding[] => {
  try {
    contributionsOf(known.row, known.rates)
    return []
  } catch (error) {
    if (!isCode(error, 'unprocessable')) throw error
    const largest = largestOf(moneyIn(known))
    const effect = unknown('no metric can be told')
    return [finding({ kind: 'sum-too-large', row: known.key, ...about(largest), message: error.message, effect })]
  }
}

/** Refunds and credits of a transaction that nobody knows: they count as contract. */
const unknownOriginals = (known: Known): Finding[] =>
  transactionsIn(known.row)
    .filter((fact) => correctedBy(fact) !== undefined && correctedIn(known.row, fact).length === 0)
    .map((fact) => {
      const message = `${fact.transactionId} corrects ${fact.corrects}, which is not known: it counts as ${fact.ledger} contract on its own day and for its own partner`
      const effect = unknown('what it corrects is not known')
      return finding({ kind: 'corrects-unknown', row: known.key, ...about([fact]), message, effect })
    })

const takenBy = (facts: readonly Transaction[], { ledger, currency }: Transaction) =>
  facts.filter((fact) => fact.ledger === ledger && fact.currency === currency)

/** What one sale and its corrections come to. Of a billed contract or one-time sale NRR knows nothing. */
const tooMuchOf = ({ key, row }: Known, original: Transaction, corrections: readonly Transaction[]): Finding[] => {
  const taking = takenBy(corrections, original)
  const left = taking.reduce((sum, { amount }) => sum + BigInt(amount), BigInt(original.amount))
  if (original.amount <= 0 || taking.length === 0 || left >= 0n) return []
  const counts = original.ledger === 'billed' ? original.kind === 'usage' : isContract(row, original)
  const times = taking.length === 1 ? 'once' : taking.length === 2 ? 'twice' : `${taking.length} times`
  const message = `${original.transactionId} is ${original.amount} ${original.currency} and is corrected ${times}, by ${-left} too much: take back what was recorded by mistake`
  const effect = counts
    ? unknown('which of the corrections is wrong is not known')
    : noEffect('NRR is of bookings and usage: whichever correction is wrong, it does not change')
  return [finding({ kind: 'corrected-too-much', row: key, ...about([original, ...taking]), message, effect })]
}

/** Corrections that take back more than there was, mostly since one was recorded twice. */
const tooMuch = (known: Known): Finding[] => {
  const all = [...transactionsIn(known.row), ...known.row.foreign.values()]
  const corrections = Map.groupBy(
    all.filter((fact) => correctedBy(fact) !== undefined),
    correctedBy,
  )
  return transactionsIn(known.row)
    .filter((fact) => correctedBy(fact) === undefined && ['booked', 'billed'].includes(fact.ledger))
    .flatMap((fact) => tooMuchOf(known, fact, corrections.get(fact.transactionId) ?? []))
}

/** What is wrong with the facts of a row, each by itself. */
export const inputFindings = (known: Known): Finding[] => [
  ...largeSums(known),
  ...largeAmounts(known),
  ...unknownCurrencies(known),
  ...missingRates(known),
  ...futureDates(known),
  ...unknownOriginals(known),
  ...tooMuch(known),
]
