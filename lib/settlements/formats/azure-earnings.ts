import type { CsvRecord } from '../csv.ts'
import type { Entry, Format } from '../entry.ts'
import { columnOf, dayIn, isIdentifier, noAmount, noDay, noId, usd } from '../field.ts'
import { referenceIn } from './azure-revenue.ts'

// The transaction history of Microsoft's payouts: what of each sale is earned, and whether it is paid. Microsoft's fee is the difference.
// Money that was sent counts on the day of its payment, which the payments file tells.

const SENT = 'sent'
export const paymentKey = (paymentId: string) => `azure:payment:${paymentId.toUpperCase()}`

type Amounts = { sold: number; earned: number }

const entriesOf = (
  earningId: string,
  { sold, earned }: Amounts,
  common: Pick<Entry, 'statedAt' | 'reference'>,
  { on, paymentId, isSent }: { on: string; paymentId: string; isSent: boolean },
): Entry[] => {
  const usd = (amount: number) => ({ amount, currency: 'USD' })
  const key = (part: string) => `azure:earning:${earningId}:${part}`
  // Not sent, or no longer, is stated as nothing: it takes back what an earlier file said.
  const paid = isSent ? { paymentId } : { on }
  return [
    { ...common, key: key('fee'), ledger: 'billed', kind: 'fee', amount: usd(earned - sold), on },
    {
      ...common,
      ...paid,
      key: key('paid'),
      ledger: 'cash',
      kind: sold < 0 ? 'refund' : 'contract',
      amount: usd(isSent ? sold : 0),
    },
    { ...common, ...paid, key: key('paid-fee'), ledger: 'cash', kind: 'fee', amount: usd(isSent ? earned - sold : 0) },
  ]
}

export const azureEarnings: Format = {
  kind: 'azure-earnings',
  marketplace: 'azure',
  required: [
    ...['earningId', 'orderId', 'lineItemId', 'transactionType', 'transactionDate'],
    ...['transactionAmountUSD', 'earningAmountUSD', 'paymentId', 'paymentStatus'],
  ],
  optional: ['assetId', 'customerId', 'skuId'],
  ignored: [
    ...['participantId', 'participantIdType', 'participantName', 'programName', 'transactionId', 'transactionCurrency'],
    ...['transactionExchangeRate', 'transactionAmount', 'lever', 'earningRate', 'quantity', 'quantityType', 'earningType'],
    ...['earningAmount', 'earningDate', 'calculationDate', 'earningExchangeRate', 'exchangeRateDate', 'paymentStatusDescription'],
    ...['customerName', 'customerCountry', 'resellerName', 'productName', 'isPrivateOffer', 'storeFee'],
  ],

  reader: (columns, statedAt) => {
    const at = (name: string) => columnOf(columns, name)
    const reference = referenceIn(columns, 'orderId')
    const [earning, type, date, payment] = [at('earningId'), at('transactionType'), at('transactionDate'), at('paymentId')]
    const [transacted, earnings, status] = [at('transactionAmountUSD'), at('earningAmountUSD'), at('paymentStatus')]
    return (record: CsvRecord) => {
      const { field } = record
      const earningId = field(earning)
      if (!isIdentifier(earningId)) return noId('earningId', earningId)
      const [sold, earned] = [usd(field(transacted)), usd(field(earnings))]
      if (!sold) return noAmount('transactionAmountUSD', field(transacted))
      if (!earned) return noAmount('earningAmountUSD', field(earnings))
      const on = dayIn(field(date))
      if (!on) return noDay('transactionDate', field(date))
      const paymentId = field(payment)
      const isSent = field(status).toLowerCase() === SENT
      if (isSent && !isIdentifier(paymentId)) return noId('paymentId', paymentId)
      const amounts = { sold: sold.amount, earned: earned.amount }
      const common = { statedAt, reference: reference(record) }
      return {
        type: `${field(type)} ${field(status)}`.trim(),
        amount: { amount: earned.amount, currency: 'USD' },
        rounded: sold.rounded || earned.rounded,
        treatment: 'books',
        entries: entriesOf(earningId, amounts, common, { on, paymentId, isSent }),
        links: [],
      }
    }
  },
}
