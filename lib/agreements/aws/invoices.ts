import type { AgreementInvoiceLineItemGroupSummary, BillingAdjustmentSummary } from '@aws-sdk/client-marketplace-agreement'
import type { Money } from '../../core/money.ts'
import { addMonths } from '../../core/period.ts'
import type { Invoice } from '../agreement.ts'
import { dateOf, exactMoney, told } from './told.ts'

type Group = AgreementInvoiceLineItemGroupSummary
type Document = { invoice: Invoice; issuedAt: Date; month: { from: string; to: string } }

export const isCredit = ({ invoiceType, pricingCurrencyAmount }: Group) =>
  invoiceType === 'CREDIT_MEMO' || (pricingCurrencyAmount?.amount?.startsWith('-') ?? false)

/** The billing period of an invoice is a calendar month. */
const monthOf = ({ month, year }: { month?: number | undefined; year?: number | undefined } = {}, issuedAt: Date) => {
  const from = month && year ? `${year}-${String(month).padStart(2, '0')}-01` : `${dateOf(issuedAt).slice(0, 8)}01`
  return { from, to: addMonths(from, 1) }
}

const documentOf = (group: Group): Document => {
  const id = told(group.invoiceId, 'invoiceId')
  const issuedAt = told(group.issuedTime, `issuedTime of invoice ${id}`)
  const { amount, currencyCode } = group.pricingCurrencyAmount ?? {}
  const money = exactMoney(amount, currencyCode, `amount of invoice ${id}`)
  const credit = isCredit(group)
  const signed = { ...money, amount: credit ? -Math.abs(money.amount) : money.amount }
  const invoice: Invoice = { id, type: credit ? 'credit' : 'invoice', issuedOn: dateOf(issuedAt), amount: signed }
  return { invoice, issuedAt, month: monthOf(group.invoiceBillingPeriod, issuedAt) }
}

const byTime = (a: Document, b: Document) => a.issuedAt.getTime() - b.issuedAt.getTime() || (a.invoice.id < b.invoice.id ? -1 : 1)

type Adjustment = { invoiceId: string; amount: Money; createdAt: Date }

const adjustmentOf = (summary: BillingAdjustmentSummary): Adjustment => ({
  invoiceId: told(summary.originalInvoiceId, 'originalInvoiceId'),
  amount: exactMoney(summary.adjustmentAmount, summary.currencyCode, 'adjustmentAmount'),
  createdAt: told(summary.createdAt, 'createdAt of a billing adjustment'),
})

// By the day: the hour of a memo is not reliable.
const answers = (credit: Invoice, { amount, createdAt }: Adjustment) =>
  Math.abs(credit.amount.amount) === Math.abs(amount.amount) &&
  credit.amount.currency === amount.currency &&
  dateOf(createdAt) <= credit.issuedOn

/**
 * A credit memo does not name the invoice that it takes back; the request that led to it does.
 * Each memo answers the oldest request before it of the same amount that no earlier memo answers.
 */
const corrected = (invoices: Invoice[], adjustments: Adjustment[]): Invoice[] => {
  let open = adjustments.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
  return invoices.map((invoice) => {
    const found = invoice.type === 'credit' ? open.find((adjustment) => answers(invoice, adjustment)) : undefined
    open = open.filter((adjustment) => adjustment !== found)
    return found ? { ...invoice, corrects: found.invoiceId } : invoice
  })
}

/** What was bought ahead is charged in amounts that the terms name; metered units are invoiced apart from it, for a month. */
const toldApart = (documents: Document[], charges: Money[]): Document[] => {
  const left = charges.map(({ amount }) => amount)
  return documents.map((document) => {
    const { invoice, month } = document
    const found = left.indexOf(invoice.amount.amount)
    if (found >= 0) left.splice(found, 1)
    return found >= 0 || invoice.type === 'credit' ? document : { ...document, invoice: { ...invoice, usage: month } }
  })
}

/**
 * What was sent to the buyer under an agreement, in order of time, before tax. `charges` are those of what was bought ahead, where the
 * agreement has metered units too; without them everything was bought ahead.
 */
export const invoicesOf = (groups: Group[], requests: BillingAdjustmentSummary[], charges?: Money[]): Invoice[] => {
  const all = groups.map(documentOf).toSorted(byTime)
  const documents = charges ? toldApart(all, charges) : all
  const granted = requests.filter(({ status }) => status !== 'VALIDATION_FAILED')
  return corrected(
    documents.map(({ invoice }) => invoice),
    granted.map(adjustmentOf),
  )
}
