import type { TransactionData } from '../../events/metrics.ts'
import type { Money } from '../core/money.ts'
import { expectedAgencyFee } from '../settlements/agency-fee.ts'
import { expectedFee } from '../settlements/listing-fee.ts'
import type { Finding } from './finding.ts'
import { type AcceptedOffer, isRenewed, type Matter, nameOf, told } from './matter.ts'
import { groupOf } from './payout.ts'
import type { ReconciliationRule } from './rule.ts'

// What the marketplaces take, against their published tables. Neither tells the buyer's country.

type Whole = { id: string; on: string; amount: number; rows: string[] }
type Sale = { id: string; expected: number }

const SELLER = { aws: 'AWS', azure: 'Microsoft' }

const onAws = ({ price, isRenewal, isResale }: AcceptedOffer, matter: Matter, sold: Money, on: string) => {
  const sale = { kind: 'private-offer', contractValue: price.amount, isChannelPartner: isResale, country: '' } as const
  return expectedFee({ ...sale, isRenewal: isRenewal || isRenewed(matter) }, sold, on)
}

const onAzure = ({ isRenewal, isResale, offeredOn }: AcceptedOffer, sold: Money, on: string) =>
  expectedAgencyFee({ isRenewal, offeredOn, isMarkup: isResale }, sold, on)

const expectedOf = (offer: AcceptedOffer, matter: Matter, { amount, on }: Whole): number | undefined => {
  const sold = { amount, currency: 'USD' }
  return (matter.marketplace === 'aws' ? onAws(offer, matter, sold, on) : onAzure(offer, sold, on))?.amount
}

const billed = ({ rows }: Matter, group: 'sale' | 'fee') =>
  rows.filter((row) => row.ledger === 'billed' && row.amount.currency === 'USD' && groupOf(row) === group)

/** Each row with its corrections in it. */
const wholeOf = (rows: TransactionData[]): Whole[] => {
  const whole = new Map<string, Whole>()
  for (const { transactionId: id, corrects, on, amount } of rows) {
    const before = whole.get(corrects ?? id)
    const sum = (before?.amount ?? 0) + amount.amount
    whole.set(corrects ?? id, { id: corrects ?? id, on: before?.on ?? on, amount: sum, rows: [...(before?.rows ?? []), id] })
  }
  return [...whole.values()].filter(({ amount }) => amount !== 0)
}

/** AWS's credit memos have fees of their own; a later statement of Microsoft's takes the place of the earlier one, and so does its fee. */
const salesOf = (offer: AcceptedOffer, matter: Matter): Sale[] => {
  const rows = billed(matter, 'sale')
  const sales =
    matter.marketplace === 'azure'
      ? wholeOf(rows)
      : rows.map(({ transactionId: id, on, amount: { amount } }) => ({ id, on, amount, rows: [id] }))
  return sales.flatMap((sale) => {
    const expected = expectedOf(offer, matter, sale)
    return expected === undefined ? [] : [{ id: sale.id, expected }]
  })
}

/** Fees that are as expected take their sale away; the others are compared with the sales that are left, in their order. */
const comparisons = (fees: Whole[], sales: Sale[], tolerance: number): { fee: Whole; sale: Sale | undefined }[] => {
  const left = [...sales]
  const odd = fees.filter(({ amount }) => {
    const at = left.findIndex(({ expected }) => Math.abs(expected - amount) <= tolerance)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
  return odd.map((fee, at) => ({ fee, sale: left[at] }))
}

/** AWS's table goes by the offer's value in dollars. Microsoft's files are in dollars, whatever the offer's currency is. */
const isComparable = ({ marketplace }: Matter, { price }: AcceptedOffer) => marketplace === 'azure' || price.currency === 'USD'

/** Fees that are not those of the marketplace's table; Microsoft's only where the other of its files tells the sale. */
export const feeFindings = (matter: Matter, { feeTolerance }: ReconciliationRule): Finding[] => {
  const { offer, marketplace } = matter
  if (!offer || !isComparable(matter, offer)) return []
  const compared = comparisons(wholeOf(billed(matter, 'fee')), salesOf(offer, matter), feeTolerance)
  return compared.flatMap(({ fee, sale }) => {
    if (marketplace === 'azure' && !sale) return []
    const expected = sale?.expected ?? 0
    const message = `${SELLER[marketplace]} took ${told(fee.amount, 'USD')} of ${nameOf(matter)} where its table says ${told(expected, 'USD')}: look for a discount, a surcharge of the buyer's country or an adjustment, or ask ${SELLER[marketplace]}`
    const amount = { amount: fee.amount - expected, currency: 'USD' }
    return [
      {
        kind: 'fee-unexpected',
        key: fee.id,
        amount,
        since: fee.on,
        rows: [...fee.rows, ...(sale ? [sale.id] : [])],
        message,
      },
    ]
  })
}
