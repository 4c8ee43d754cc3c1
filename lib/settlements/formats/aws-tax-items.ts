import { minorUnits } from '../decimal.ts'
import type { Format } from '../entry.ts'
import { columnOf, currencyIn, dayIn, isIdentifier, noAmount, noDay, noId, notAn } from '../field.ts'

// The tax of an invoice by jurisdiction. The tax itself is booked from the billing event feed (AWS_TAX_SHARE, SELLER_TAX_SHARE), so that
// its items are only counted, in totals by who owes it that stand beside those of the billing events.

const LIABLE: Record<string, string> = { AWS: 'AWS_TAX_SHARE', SELLER: 'SELLER_TAX_SHARE' }

export const awsTaxItems: Format = {
  kind: 'aws-tax-items',
  marketplace: 'aws',
  required: ['tax_item_id', 'invoice_id', 'line_item_id', 'invoice_date', 'tax_amount', 'tax_currency', 'update_date'],
  optional: ['tax_liable_party', 'transaction_type_code'],
  ignored: [
    ...['customer_bill_id', 'product_id', 'product_tax_code', 'taxed_customer_account_id', 'taxed_customer_country'],
    ...['taxed_customer_state_or_region', 'taxed_customer_city', 'taxed_customer_postal_code', 'taxed_jurisdiction'],
    ...['tax_location_code_taxed_jurisdiction', 'tax_type_code', 'jurisdiction_level', 'display_price_taxability_type'],
    ...['taxable_amount', 'nontaxable_amount', 'tax_jurisdiction_rate', 'tax_calculation_reason_code'],
    ...['date_used_for_tax_calculation', 'customer_exemption_certificate_id', 'customer_exemption_certificate_id_domain'],
    ...['customer_exemption_certificate_level', 'customer_exemption_code', 'customer_exemption_domain'],
    ...['transaction_reference_id', 'catalog', 'valid_from', 'insert_date', 'delete_date'],
  ],

  reader: (columns) => {
    const at = (name: string) => columnOf(columns, name)
    const [item, date, amount, currency] = [at('tax_item_id'), at('invoice_date'), at('tax_amount'), at('tax_currency')]
    const [party, code] = [at('tax_liable_party'), at('transaction_type_code')]
    return ({ field }) => {
      if (!isIdentifier(field(item))) return noId('tax_item_id', field(item))
      if (!dayIn(field(date))) return noDay('invoice_date', field(date))
      const money = currencyIn(field(currency))
      if (!money) return notAn('a currency like USD', 'tax_currency', field(currency))
      const units = minorUnits(field(amount), money)
      if (!units) return noAmount('tax_amount', field(amount))
      const share = LIABLE[field(party).toUpperCase()] ?? 'tax of nobody named'
      return {
        type: `${share} ${field(code)}`.trim(),
        amount: { amount: units.amount, currency: money },
        rounded: units.rounded,
        treatment: 'elsewhere',
        entries: [],
        links: [],
      }
    }
  },
}
