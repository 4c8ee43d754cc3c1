import type { TransactionData } from '../../events/metrics.ts'
import type { Money } from '../core/money.ts'
import { addDays } from '../core/period.ts'
import type { Finding } from './finding.ts'
import { compare, contractRows, firstDayOf, idsOf, isRenewed, type Matter, nameOf, sumOf, told } from './matter.ts'
import type { ReconciliationRule } from './rule.ts'

// What was offered, agreed, booked and scheduled.

const text = ({ amount, currency }: Money) => told(amount, currency)

const booked = ({ rows }: Matter) => rows.filter(({ ledger }) => ledger === 'booked')

const withoutOffer = (matter: Matter): Finding[] => {
  const { agreementId, offer, rows } = matter
  const [first] = rows
  if (!agreementId || offer || !first || rows.some(({ offerId }) => offerId)) return []
  const { currency } = booked(matter)[0]?.amount ?? first.amount
  const amount = { amount: sumOf(contractRows(matter, 'booked', currency)), currency }
  const message = `agreement ${agreementId} is of no offer that Cosell made: find out what was sold; accept it if it was bought from the public listing`
  return [
    { kind: 'agreement-without-offer', key: 'offer', amount, since: firstDayOf(rows), rows: idsOf(rows.slice(0, 1)), message },
  ]
}

/** An accepted offer has an agreement, and the agreement a booking, some days later at the latest. */
const unfollowed = (matter: Matter, { agreement }: ReconciliationRule, day: string): Finding[] => {
  const { offer, marketplace, agreementId } = matter
  if (!offer || booked(matter).length > 0) return []
  const since = addDays(offer.acceptedOn, agreement[marketplace])
  if (since >= day) return []
  const common = { key: 'offer', amount: offer.price, since, rows: [] }
  const when = `offer ${offer.id} was accepted on ${offer.acceptedOn}`
  if (!agreementId)
    return [
      { ...common, kind: 'agreement-missing', message: `${when} and has no agreement: ask the buyer to complete the purchase` },
    ]
  if (offer.price.amount === 0) return []
  const message = `${when}, but nothing is booked of agreement ${agreementId}: see the dead letters for why it cannot be read`
  return [{ ...common, kind: 'not-booked', message }]
}

const orderOf = ({ on, service }: TransactionData) => `${on} ${service?.from}`

/** The first booking; of several rows of that day the one of the longest service. */
const firstBooked = (matter: Matter): TransactionData | undefined => {
  const [first, ...others] = booked(matter).toSorted((a, b) => compare(orderOf(a), orderOf(b)))
  if (!first) return undefined
  const same = others.filter((row) => orderOf(row) === orderOf(first))
  return same.reduce((longest, row) => ((row.service?.to ?? '') > (longest.service?.to ?? '') ? row : longest), first)
}

/** Azure's terms are booked on their first day; other rows are months that an offer brought to a subscription which it found. */
const isWhole = ({ marketplace, on, service }: TransactionData) => marketplace !== 'azure' || on === service?.from

/** What was booked first, whole, is what the buyer accepted; changes and renewals follow. */
const acceptedValue = (matter: Matter): Finding[] => {
  const { offer } = matter
  const first = firstBooked(matter)
  if (!offer || !first || !isWhole(first) || offer.isOpen || isRenewed(matter) || first.amount.currency !== offer.price.currency)
    return []
  const amount = first.amount.amount - offer.price.amount
  if (amount === 0) return []
  const message = `offer ${offer.id} is for ${text(offer.price)} and ${text(first.amount)} was accepted: compare the offer with the agreement`
  const found = { amount: { ...offer.price, amount }, since: first.on, rows: [first.transactionId], message }
  return [{ kind: 'accepted-value-differs', key: 'value', ...found }]
}

/** The rows of the current term add up to the months that are kept of it; of a plan whose price is not known finance books the worth. */
const bookedTerm = (matter: Matter): Finding[] => {
  const { term, lines } = matter.standing?.books ?? {}
  if (!term?.amount.amount || !lines) return []
  const from = [term.service.from, ...lines.slice(0, 1).map((line) => line.from)].sort()[0] ?? ''
  const { currency } = term.amount
  const rows = contractRows(matter, 'booked', currency).filter(({ service }) => (service?.from ?? '') >= from)
  const wanted = lines.reduce((sum, { amount }) => sum + amount, 0)
  const amount = sumOf(rows) - wanted
  if (amount === 0) return []
  const message = `${told(sumOf(rows), currency)} is booked of ${nameOf(matter)}, which is worth ${told(wanted, currency)}: the next reading completes what is missing; take back by a credit what was booked by hand`
  return [{ kind: 'booked-differs', key: currency, amount: { amount, currency }, since: from, rows: idsOf(rows), message }]
}

/** The installments add up to what was agreed. */
const scheduled = (matter: Matter): Finding[] => {
  const rows = matter.rows.filter(({ ledger }) => ledger === 'scheduled')
  const worth = matter.standing?.books?.term.amount ?? firstBooked(matter)?.amount
  if (rows.length === 0 || !worth) return []
  const { currency } = worth
  const amount = sumOf(rows.filter((row) => row.amount.currency === currency)) - worth.amount
  if (amount === 0) return []
  const message = `the installments of ${nameOf(matter)} are ${told(amount + worth.amount, currency)}, it is worth ${text(worth)}: compare its payment schedule`
  return [
    {
      kind: 'schedule-differs',
      key: currency,
      amount: { amount, currency },
      since: firstDayOf(rows),
      rows: idsOf(rows),
      message,
    },
  ]
}

/** Microsoft's files state US dollars whatever the contract's currency is. */
const currencies = (matter: Matter): Finding[] => {
  const { offer, marketplace, rows } = matter
  const agreed = offer?.price.currency ?? booked(matter)[0]?.amount.currency
  if (!agreed) return []
  const isOther = ({ amount: { currency } }: TransactionData) =>
    currency !== agreed && !(marketplace === 'azure' && currency === 'USD')
  const groups = Map.groupBy(rows.filter(isOther), ({ ledger, amount }) => `${ledger} ${amount.currency}`)
  return [...groups].map(([key, others]) => {
    const [ledger = '', currency = ''] = key.split(' ')
    const message = `${nameOf(matter)} is in ${agreed}, and ${told(sumOf(others), currency)} of it is ${ledger}: find the rows that belong to another agreement`
    const found = { amount: { amount: sumOf(others), currency }, since: firstDayOf(others), rows: idsOf(others), message }
    return { kind: 'currency-differs', key, ...found }
  })
}

/** Where offer, agreement, booking and schedule disagree. */
export const agreedFindings = (matter: Matter, rule: ReconciliationRule, day: string): Finding[] => [
  ...withoutOffer(matter),
  ...unfollowed(matter, rule, day),
  ...acceptedValue(matter),
  ...bookedTerm(matter),
  ...scheduled(matter),
  ...currencies(matter),
]
