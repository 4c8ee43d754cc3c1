import type { AgreementInvoiceLineItemGroupSummary, BillingAdjustmentSummary } from '@aws-sdk/client-marketplace-agreement'
import type { Money } from '../../core/money.ts'
import type { Invoice } from '../agreement.ts'
import { dateOf, exactMoney, told } from './told.ts'

type Group = AgreementInvoiceLineItemGroupSummary
type Document = { invoice: Invoice; issuedAt: Date }

export const isCredit = ({ invoiceType, pricingCurrencyAmount }: Group) =>
  invoiceType === 'CREDIT_MEMO' || (pricingCurrencyAmount?.amount?.startsWith('-') ?? false)

const documentOf = (group: Group): Document => {
  const id = told(group.invoiceId, 'invoiceId')
  const issuedAt = told(group.issuedTime, `issuedTime of invoice ${id}`)
  const { amount, currencyCode } = group.pricingCurrencyAmount ?? {}
  const money = exactMoney(amount, currencyCode, `amount of invoice ${id}`)
  const credit = isCredit(group)
  const signed = { ...money, amount: credit ? -Math.abs(money.amount) : money.amount }
  return { invoice: { id, type: credit ? 'credit' : 'invoice', issuedOn: dateOf(issuedAt), amount: signed }, issuedAt }
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

/** What was sent to the buyer under an agreement, in order of time, before tax. */
export const invoicesOf = (groups: Group[], requests: BillingAdjustmentSummary[]): Invoice[] => {
  const documents = groups.map(documentOf).toSorted(byTime)
  const granted = requests.filter(({ status }) => status !== 'VALIDATION_FAILED')
  return corrected(
    documents.map(({ invoice }) => invoice),
    granted.map(adjustmentOf),
  )
}
