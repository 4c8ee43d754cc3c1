import type { Format } from '../entry.ts'
import { columnOf, idOrNone, isIdentifier, noId, notAn } from '../field.ts'

// ISVOrder of Microsoft's analytics. What an order is worth is booked from the subscription; the order tells whose revenue its line is.

/** The links of an order: its own line, and the asset that later orders and corrections of it name as well. */
export const orderKey = (purchaseRecordId: string, lineItemId: string) => `azure:order:${purchaseRecordId}:${lineItemId}`
export const assetKey = (assetId: string) => `azure:asset:${assetId}`

/** Sorts by number as text does by letters. */
const versionText = (version: string) => version.padStart(10, '0')

export const azureOrders: Format = {
  kind: 'azure-orders',
  marketplace: 'azure',
  required: ['PurchaseRecordId', 'PurchaseRecordLineItemId', 'AssetId', 'OrderVersion', 'OrderStatus'],
  optional: ['PrivateOfferId', 'BillingAccountId', 'CustomerId'],
  ignored: [
    ...['PrivateOfferName', 'OfferId', 'OfferName', 'PlanId', 'SKU', 'ReferenceId', 'OrderAction', 'EventTimestamp'],
    ...['OrderPurchaseDate', 'OrderCancelDate', 'TermStartDate', 'TermEndDate', 'BillingTerm', 'BillingPlan', 'AutoRenew'],
    ...['Quantity', 'QuantityChanged', 'BilledRevenue', 'Currency', 'ListPriceUSD', 'DiscountPriceUSD', 'CustomerCompanyName'],
    ...[
      'IsPrivateOffer',
      'IsPrivatePlan',
      'MultiParty',
      'PartnerInfo',
      'SalesNotes',
      'CustomerAdjustmentUSD',
      'IsTrial',
      'HasTrial',
    ],
    ...['MarketplaceSubscriptionId', 'CustomerCountry', 'CustomerName'],
  ],

  reader: (columns) => {
    const at = (name: string) => columnOf(columns, name)
    const [purchase, line, asset, version] = [
      at('PurchaseRecordId'),
      at('PurchaseRecordLineItemId'),
      at('AssetId'),
      at('OrderVersion'),
    ]
    const [status, offer, billing, customer] = [at('OrderStatus'), at('PrivateOfferId'), at('BillingAccountId'), at('CustomerId')]
    return ({ field }) => {
      const [purchaseRecordId, lineItemId, assetId] = [field(purchase), field(line), field(asset)]
      if (!isIdentifier(purchaseRecordId)) return noId('PurchaseRecordId', purchaseRecordId)
      if (!isIdentifier(lineItemId)) return noId('PurchaseRecordLineItemId', lineItemId)
      if (!/^\d{1,10}$/.test(field(version))) return notAn('a whole number', 'OrderVersion', field(version))
      const privateOfferId = idOrNone(field(offer)).toLowerCase()
      const told = {
        statedAt: versionText(field(version)),
        buyerIds: [field(billing), field(customer)].filter(isIdentifier),
        ...(privateOfferId && { privateOfferId }),
      }
      const keys = [orderKey(purchaseRecordId, lineItemId), ...(isIdentifier(assetId) ? [assetKey(assetId)] : [])]
      return {
        type: `order ${field(status)}`.trim(),
        amount: { amount: 0, currency: 'USD' },
        rounded: false,
        treatment: 'noted',
        entries: [],
        links: keys.map((key) => ({ key, ...told })),
      }
    }
  },
}
