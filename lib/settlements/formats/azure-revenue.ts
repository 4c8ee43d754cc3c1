import type { CsvRecord } from '../csv.ts'
import { type Columns, type Entry, type Format, nameOf, type Reference } from '../entry.ts'
import { columnOf, dayIn, idOrNone, isIdentifier, noAmount, noDay, noId, usd } from '../field.ts'

// ISVRevenue of Microsoft's analytics: what was sold, a month and order line a row. It names no private offer: that is learnt from the
// order. Customer columns may be blank. Only the amounts in US dollars name their currency. A month is accurate from the fourth day of
// the next one, so that a later file holds over an earlier one; a write-off comes as a row of its own, below zero.

/** How a row of revenue or earnings names its order. */
export const referenceIn = (columns: Columns, orderColumn: string) => {
  const at = (name: string) => columnOf(columns, name)
  const [order, line, asset] = [at(orderColumn), at('LineItemId'), at('AssetId')]
  const [billing, customer, sku] = [at('BillingAccountId'), at('CustomerId'), Math.max(at('SKU'), at('skuId'))]
  return ({ field }: CsvRecord): Extract<Reference, { marketplace: 'azure' }> => ({
    marketplace: 'azure',
    purchaseRecordId: idOrNone(field(order)),
    lineItemId: idOrNone(field(line)),
    assetId: idOrNone(field(asset)),
    buyerIds: [field(billing), field(customer)].filter(isIdentifier),
    productId: idOrNone(field(sku)) || 'unknown',
  })
}

const kindOf = (billingModel: string, amount: number): Entry['kind'] => {
  if (nameOf(billingModel) === 'usagebased') return 'usage'
  return amount < 0 ? 'credit' : 'contract'
}

/** Of the first month of a term only what is after its start. */
const dayOf = (month: string, termStart: string) => (termStart.slice(0, 7) === month.slice(0, 7) ? termStart : month)

export const azureRevenue: Format = {
  kind: 'azure-revenue',
  marketplace: 'azure',
  required: ['PurchaseRecordId', 'LineItemId', 'AssetId', 'TransactionAmountUSD', 'MonthStartDate'],
  optional: ['BillingAccountId', 'CustomerId', 'BillingModel', 'TermStartDate', 'PayoutStatus', 'SKU'],
  ignored: [
    ...['SalesChannel', 'CustomerCompanyName', 'CustomerCountry', 'CustomerName', 'EarningAmountCC', 'EarningAmountPC'],
    ...[
      'EarningAmountUSD',
      'EarningCurrencyCode',
      'EarningExchangeRatePC',
      'EstimatedPayoutMonth',
      'Revenue',
      'EstimatedRevenuePC',
    ],
    ...[
      'EstimatedRevenueUSD',
      'ExchangeRateDate',
      'IncentiveRate',
      'TrialDeployment',
      'OfferName',
      'OfferType',
      'Units',
      'Quantity',
    ],
    ...['PaymentInstrumentType', 'PaymentSentDate', 'TermEndDate', 'TransactionAmountCC', 'TransactionAmountPC'],
  ],

  reader: (columns, statedAt) => {
    const at = (name: string) => columnOf(columns, name)
    const reference = referenceIn(columns, 'PurchaseRecordId')
    const [amount, month, model] = [at('TransactionAmountUSD'), at('MonthStartDate'), at('BillingModel')]
    const [termStart, status] = [at('TermStartDate'), at('PayoutStatus')]
    return (record) => {
      const { field } = record
      const order = reference(record)
      const { purchaseRecordId, lineItemId } = order
      if (!purchaseRecordId) return noId('PurchaseRecordId', field(at('PurchaseRecordId')))
      if (!lineItemId) return noId('LineItemId', field(at('LineItemId')))
      const units = usd(field(amount))
      if (!units) return noAmount('TransactionAmountUSD', field(amount))
      const monthStart = dayIn(field(month))
      if (!monthStart) return noDay('MonthStartDate', field(month))
      const money = { amount: units.amount, currency: 'USD' }
      const entry: Entry = {
        key: `azure:revenue:${purchaseRecordId}:${lineItemId}:${monthStart}`,
        statedAt,
        reference: order,
        ledger: 'billed',
        kind: kindOf(field(model), units.amount),
        amount: money,
        on: dayOf(monthStart, dayIn(field(termStart)) ?? ''),
      }
      const type = `revenue ${field(status)}`.trim()
      return { type, amount: money, rounded: units.rounded, treatment: 'books', entries: [entry], links: [] }
    }
  },
}
