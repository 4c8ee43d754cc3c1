import { conflict, invalid, notFound } from '../../../../lib/core/errors.ts'
import type { World } from '../stand-in.ts'
import { adjustmentEnded } from './agreement-events.ts'
import { type Adjustment, type Agreement, agreementWrite, findAgreement, type Invoice } from './agreements.ts'
import { hex } from './events.ts'
import { commit, transact } from './journal.ts'
import { amountText, chargesOf, thousandths } from './terms.ts'

export const REASONS = [
  'ALTERNATIVE_PROCUREMENT_CHANNEL',
  'BUYER_DISSATISFACTION',
  'INCORRECT_METERING',
  'INCORRECT_TERMS_ACCEPTED',
  'OTHER',
  'TEST_ENVIRONMENT_CHARGES',
  'UNINTENDED_RENEWAL',
] as const
export const AMOUNT = /^\d{1,9}(\.\d{1,2})?$/
const ADJUSTING_SECONDS = 60

// Ten digits; the same charge has always the same number.
const numberOf = (text: string) => `25${String(Number.parseInt(hex(text).slice(0, 10), 16) % 1e8).padStart(8, '0')}`

const later = (a: string, b: string) => (a > b ? a : b)

/** The invoices of the charges that are due and not yet invoiced. They are issued on the day of the charge. */
const dueInvoices = (agreement: Agreement, until: string): Invoice[] =>
  chargesOf(agreement.terms, agreement.selection, agreement.startTime)
    .map(({ on, amount }) => ({
      id: numberOf(`${agreement.id} ${on}`),
      type: 'INVOICE' as const,
      amount: amountText(amount),
      issuedTime: later(`${on}T00:00:00.000Z`, agreement.acceptanceTime),
    }))
    .filter(({ id, issuedTime }) => issuedTime <= until && !agreement.invoices.some((invoice) => invoice.id === id))

/** Issues the invoices that are due by now (or by `upTo`, when that is earlier); again, it issues nothing. */
export const invoiceAgreement = (world: World, agreementId: string, upTo?: string) =>
  transact(world, async (): Promise<Invoice[]> => {
    const agreement = await findAgreement(world, agreementId)
    const now = world.now().toISOString()
    const invoices = dueInvoices(agreement, upTo && upTo < now ? upTo : now)
    if (invoices.length) await commit(world, [agreementWrite({ ...agreement, invoices: [...agreement.invoices, ...invoices] })])
    return invoices
  })

/** Invoices what was metered in a month, now; again, the invoice of before. */
export const invoiceUsage = (world: World, agreementId: string, { month, amount }: { month: string; amount: string }) =>
  transact(world, async (): Promise<Invoice> => {
    const agreement = await findAgreement(world, agreementId)
    if (!agreement.terms.some(({ Type }) => Type === 'UsageBasedPricingTerm'))
      throw conflict('the agreement has no metered units: there is nothing to invoice', 'agreementId')
    const id = numberOf(`${agreement.id} usage ${month}`)
    const before = agreement.invoices.find((invoice) => invoice.id === id)
    if (before) return before
    const invoice: Invoice = { id, type: 'INVOICE', amount, issuedTime: world.now().toISOString(), month }
    await commit(world, [agreementWrite({ ...agreement, invoices: [...agreement.invoices, invoice] })])
    return invoice
  })

/** What can still be refunded of an invoice, without the refund of `id`. */
export const refundable = ({ adjustments }: Agreement, invoice: Invoice, id?: string) => {
  if (invoice.type === 'CREDIT_MEMO') return 0
  const others = adjustments.filter(
    (each) => each.invoiceId === invoice.id && each.status !== 'VALIDATION_FAILED' && each.id !== id,
  )
  return others.reduce((rest, each) => rest - thousandths(each.amount), thousandths(invoice.amount))
}

/** The request of a refund as it stands at first. */
export const newAdjustment = (
  world: World,
  fields: Pick<Adjustment, 'invoiceId' | 'amount' | 'reasonCode' | 'clientToken'>,
): Adjustment => {
  const now = world.now().toISOString()
  return { ...fields, id: `ba-${world.newId(13)}`, status: 'PENDING', createdAt: now, updatedAt: now }
}

const completed = (world: World, agreement: Agreement, adjustment: Adjustment, at: string) => {
  const invoice = agreement.invoices.find(({ id }) => id === adjustment.invoiceId)
  const isCovered = invoice && thousandths(adjustment.amount) <= refundable(agreement, invoice, adjustment.id)
  const outcome: Adjustment = { ...adjustment, status: isCovered ? 'COMPLETED' : 'VALIDATION_FAILED', updatedAt: at }
  const memo: Invoice = { id: numberOf(adjustment.id), type: 'CREDIT_MEMO', amount: `-${adjustment.amount}`, issuedTime: at }
  const changed: Agreement = {
    ...agreement,
    invoices: [...agreement.invoices, ...(isCovered ? [memo] : [])],
    adjustments: [...agreement.adjustments.filter(({ id }) => id !== adjustment.id), outcome],
  }
  return { changed, event: adjustmentEnded(world, changed, outcome), outcome }
}

/** Completes the refunds that were asked for a minute ago; one that is more than the invoice fails. */
export const completeAdjustments = async (world: World, agreement: Agreement) => {
  let current = agreement
  for (const adjustment of agreement.adjustments.filter(({ status }) => status === 'PENDING')) {
    const at = new Date(Date.parse(adjustment.createdAt) + ADJUSTING_SECONDS * 1000).toISOString()
    if (at > world.now().toISOString()) continue
    const { changed, event } = completed(world, current, adjustment, at)
    await commit(world, [agreementWrite(changed)], [event])
    current = changed
  }
}

const checkRefund = ({ amount, reasonCode }: { amount: string; reasonCode: string }) => {
  if (!AMOUNT.test(amount) || thousandths(amount) <= 0)
    throw invalid('the refund is no amount', [{ target: 'amount', message: 'must be a decimal text like "100.00"' }])
  if (!REASONS.some((reason) => reason === reasonCode))
    throw invalid('the refund has no reason', [{ target: 'reason', message: `must be one of ${REASONS.join(', ')}` }])
}

/** Refunds a part of an invoice at once, as the seller's console would. */
export const refundInvoice = (world: World, agreementId: string, invoiceId: string, amount: string, reasonCode: string) =>
  transact(world, async (): Promise<Adjustment> => {
    checkRefund({ amount, reasonCode })
    const agreement = await findAgreement(world, agreementId)
    const invoice = agreement.invoices.find(({ id }) => id === invoiceId)
    if (!invoice) throw notFound('invoice', invoiceId)
    if (thousandths(amount) > refundable(agreement, invoice))
      throw conflict(`at most ${amountText(refundable(agreement, invoice))} of the invoice can be refunded`, 'amount')
    const adjustment = newAdjustment(world, { invoiceId, amount, reasonCode })
    const { changed, event, outcome } = completed(world, agreement, adjustment, world.now().toISOString())
    await commit(world, [agreementWrite(changed)], [event])
    return outcome
  })
