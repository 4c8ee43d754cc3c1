import * as z from 'zod'
import { epoch } from './accepted-terms.ts'
import { invalid } from './agreement-search.ts'
import type { Agreement, Invoice } from './agreements.ts'
import { refundable } from './billing.ts'
import type { Operation } from './endpoint.ts'
import { named } from './named-agreement.ts'
import { amountText } from './terms.ts'

const InvoiceFilter = z.object({
  groupBy: z.literal('INVOICE_ID'),
  invoiceId: z.string().optional(),
  invoiceType: z.enum(['INVOICE', 'CREDIT_MEMO']).optional(),
  invoiceBillingPeriod: z.object({ month: z.int(), year: z.int() }).optional(),
  beforeIssuedTime: z.number().default(Number.POSITIVE_INFINITY),
  afterIssuedTime: z.number().default(0),
})

const periodOf = ({ issuedTime, month = issuedTime.slice(0, 7) }: Invoice) => ({
  month: Number(month.slice(5)),
  year: Number(month.slice(0, 4)),
})

const matches = (invoice: Invoice, filter: z.infer<typeof InvoiceFilter>) => {
  const { month, year } = periodOf(invoice)
  const { invoiceId = invoice.id, invoiceType = invoice.type, invoiceBillingPeriod = { month, year } } = filter
  const issued = epoch(invoice.issuedTime)
  return (
    invoiceId === invoice.id &&
    invoiceType === invoice.type &&
    invoiceBillingPeriod.month === month &&
    invoiceBillingPeriod.year === year &&
    issued > filter.afterIssuedTime &&
    issued < filter.beforeIssuedTime
  )
}

const lineItem = (agreement: Agreement, invoice: Invoice) => ({
  agreementId: agreement.id,
  invoiceId: invoice.id,
  pricingCurrencyAmount: {
    amount: invoice.amount,
    maxAdjustmentAmount: amountText(refundable(agreement, invoice)),
    currencyCode: agreement.currencyCode,
  },
  invoiceBillingPeriod: periodOf(invoice),
  issuedTime: epoch(invoice.issuedTime),
  invoiceType: invoice.type,
  invoicingEntity: { legalName: 'Amazon Web Services, Inc.' },
})

/** ListAgreementInvoiceLineItems: invoices and credit memos in the order in which they were issued. */
export const listInvoiceLineItems: Operation = async (world, input) => {
  const { agreement, page } = await named(world, input)
  const filter = InvoiceFilter.safeParse(input)
  if (!filter.success) throw invalid('OTHER', filter.error.issues[0]?.path.join('.') ?? 'input', 'is missing or wrong')
  const { items, next = null } = page(agreement.invoices.filter((invoice) => matches(invoice, filter.data)))
  return { agreementInvoiceLineItemGroupSummaries: items.map((invoice) => lineItem(agreement, invoice)), nextToken: next }
}
