import { minorUnits } from '../decimal.ts'
import type { Format } from '../entry.ts'
import { columnOf, currencyIn, dayIn, isIdentifier, noAmount, noDay, noId, notAn } from '../field.ts'
import { paymentKey } from './azure-earnings.ts'

// The payments of Microsoft's payouts: a transfer to the bank a row, of many earnings. It gives those their day.

export const azurePayments: Format = {
  kind: 'azure-payments',
  marketplace: 'azure',
  required: ['paymentID', 'totalPayment', 'currencyCode', 'paymentStatus', 'paymentDate'],
  optional: [],
  ignored: [
    ...['participantID', 'participantIDType', 'participantName', 'programName', 'earned', 'earnedUSD', 'withheldTax', 'salesTax'],
    ...['serviceFeeTax', 'paymentMethod', 'paymentStatusDescription'],
  ],

  reader: (columns, statedAt) => {
    const at = (name: string) => columnOf(columns, name)
    const [payment, total, currency] = [at('paymentID'), at('totalPayment'), at('currencyCode')]
    const [status, date] = [at('paymentStatus'), at('paymentDate')]
    return ({ field }) => {
      const paymentId = field(payment)
      if (!isIdentifier(paymentId)) return noId('paymentID', paymentId)
      const code = currencyIn(field(currency))
      if (!code) return notAn('a currency like USD', 'currencyCode', field(currency))
      const units = minorUnits(field(total), code)
      if (!units) return noAmount('totalPayment', field(total))
      const paidOn = dayIn(field(date))
      if (!paidOn) return noDay('paymentDate', field(date))
      return {
        type: `payment ${field(status)}`.trim(),
        amount: { amount: units.amount, currency: code },
        rounded: units.rounded,
        treatment: 'noted',
        entries: [],
        links: [{ key: paymentKey(paymentId), statedAt, paidOn }],
      }
    }
  },
}
