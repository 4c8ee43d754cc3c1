import type { TransactionData } from '../../events/metrics.ts'
import { expectedFee, type ListedSale } from '../settlements/listing-fee.ts'
import type { Finding } from './finding.ts'
import { type AcceptedOffer, isRenewed, type Matter, nameOf, told } from './matter.ts'
import { groupOf } from './payout.ts'
import type { ReconciliationRule } from './rule.ts'

// What AWS takes, against its published table. Microsoft publishes none that is known here, and neither tells the buyer's country.

type Fee = { id: string; on: string; amount: number; rows: string[] }
type Sale = { id: string; expected: number }

const saleOf = ({ price, isRenewal, isResale }: AcceptedOffer, matter: Matter): ListedSale => ({
  kind: 'private-offer',
  contractValue: price.amount,
  isRenewal: isRenewal || isRenewed(matter),
  isChannelPartner: isResale,
  country: '',
})

const billed = ({ rows }: Matter, group: 'sale' | 'fee') =>
  rows.filter((row) => row.ledger === 'billed' && row.amount.currency === 'USD' && groupOf(row) === group)

/** Each fee with its corrections in it. */
const feesOf = (rows: TransactionData[]): Fee[] => {
  const whole = new Map<string, Fee>()
  for (const { transactionId: id, corrects, on, amount } of rows) {
    const before = whole.get(corrects ?? id)
    const sum = (before?.amount ?? 0) + amount.amount
    whole.set(corrects ?? id, { id: corrects ?? id, on: before?.on ?? on, amount: sum, rows: [...(before?.rows ?? []), id] })
  }
  return [...whole.values()].filter(({ amount }) => amount !== 0)
}

/** Fees that are as expected take their sale away; the others are compared with the sales that are left, in their order. */
const comparisons = (fees: Fee[], sales: Sale[], tolerance: number): { fee: Fee; sale: Sale | undefined }[] => {
  const left = [...sales]
  const odd = fees.filter(({ amount }) => {
    const at = left.findIndex(({ expected }) => Math.abs(expected - amount) <= tolerance)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
  return odd.map((fee, at) => ({ fee, sale: left[at] }))
}

/** Fees of the feed that are not those of AWS's table. */
export const feeFindings = (matter: Matter, { feeTolerance }: ReconciliationRule): Finding[] => {
  const { offer, marketplace } = matter
  if (marketplace !== 'aws' || offer?.price.currency !== 'USD') return []
  const sales = billed(matter, 'sale').flatMap(({ transactionId: id, amount, on }) => {
    const expected = expectedFee(saleOf(offer, matter), amount, on)?.amount
    return expected === undefined ? [] : [{ id, expected }]
  })
  return comparisons(feesOf(billed(matter, 'fee')), sales, feeTolerance).map(({ fee, sale }) => {
    const expected = sale?.expected ?? 0
    const message = `AWS took ${told(fee.amount, 'USD')} of ${nameOf(matter)} where its table says ${told(expected, 'USD')}: look for a discount, a surcharge of the buyer's country or an adjustment, or ask AWS`
    const amount = { amount: fee.amount - expected, currency: 'USD' }
    return {
      kind: 'fee-unexpected',
      key: fee.id,
      amount,
      since: fee.on,
      rows: [...fee.rows, ...(sale ? [sale.id] : [])],
      message,
    }
  })
}
