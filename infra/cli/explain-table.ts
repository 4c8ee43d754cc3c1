import { decimalText } from '../../lib/core/money.ts'
import type { Evidence } from '../../lib/metrics/evidence.ts'
import type { Line, Part } from '../../lib/metrics/lineage.ts'
import { render } from './table.ts'

const MONEY = /^(base|now|kept|sourced|influenced|direct|touched|payouts|cost|shared|partner)$/
const COUNTED = ['customers', 'onboarding', 'first-revenue']

const isMoney = ({ family, measure }: Part) => !COUNTED.includes(family) && MONEY.test(measure)

const partText = (part: Part, currency: string) => {
  const { family, month = '', measure, amount } = part
  if (COUNTED.includes(family))
    return `${family} ${family === 'customers' ? `${measure} in ${month}` : `${month}-${measure}`}: ${amount}`
  return `${measure} in ${month}: ${isMoney(part) ? decimalText({ amount, currency }) : amount}`
}

const nameOf = (fact: Evidence): string => {
  switch (fact.type) {
    case 'transaction':
      return `${fact.ledger} ${fact.kind} ${fact.transactionId}${fact.corrects ? ` corrects ${fact.corrects}` : ''}`
    case 'cost':
      return `${fact.purpose} cost`
    case 'rate':
      return `rate ${fact.base}/${fact.quote} ${fact.rate}`
    case 'milestone':
      return `${fact.milestone} of ${fact.partnerId}`
    default:
      return `${fact.type} ${fact.partnerId} as ${fact.role}`
  }
}

const dayOf = (fact: Evidence) => ('from' in fact ? fact.from : 'period' in fact ? fact.period : fact.on)
const amountOf = (fact: Evidence) => ('amount' in fact ? `${decimalText(fact.amount)} ${fact.amount.currency}` : '')
const serviceOf = (fact: Evidence) => ('service' in fact && fact.service ? `${fact.service.from} to ${fact.service.to}` : '')

const factRows = (facts: Evidence[]) =>
  facts.map((fact) => [nameOf(fact), dayOf(fact), amountOf(fact), serviceOf(fact), fact.recordedAt, fact.eventId])

const HEAD = ['fact', 'on', 'amount', 'service', 'recorded at', 'event']

/** A row behind a value: what it adds to it, and its facts. */
export const describeLine = ({ row, parts, facts, foreign, withheld = 0 }: Line, currency: string): string => {
  const name = [row.kind, row.id].filter(Boolean).join(' ')
  const sums = parts.filter((part) => COUNTED.includes(part.family) || isMoney(part)).map((part) => partText(part, currency))
  const rest = withheld > 0 ? `${withheld} facts of others are not shown\n` : ''
  return `${render({ title: `${name}: ${sums.join(', ')}`, head: HEAD, rows: factRows([...facts, ...foreign]) })}${rest}`
}

/** The exchange rates that were used. */
export const describeRates = (rates: Evidence[]): string =>
  rates.length > 0 ? render({ title: 'Exchange rates', head: HEAD, rows: factRows(rates) }) : ''
