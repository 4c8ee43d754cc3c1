import * as z from 'zod'
import type { World } from '../stand-in.ts'
import { epoch } from './accepted-terms.ts'
import { invalid, pageFor } from './agreement-search.ts'
import { type Adjustment, AGREEMENTS, type Agreement, agreementWrite } from './agreements.ts'
import { AMOUNT, newAdjustment, REASONS } from './billing.ts'
import { apiError } from './endpoint.ts'
import { commit } from './journal.ts'
import { thousandths } from './terms.ts'

const Entry = z.object({
  agreementId: z.string().min(1),
  originalInvoiceId: z.string().min(1),
  adjustmentAmount: z.string(),
  currencyCode: z.string(),
  adjustmentReasonCode: z.enum(REASONS),
  description: z.string().max(2000).optional(),
  clientToken: z.string().min(1).max(64),
})
type Entry = z.infer<typeof Entry>

const MOST_ENTRIES = 5
const TOKEN_HOURS = 8

const entriesOf = (input: unknown): Entry[] => {
  const Request = z.object({ billingAdjustmentRequestEntries: z.array(Entry) })
  const parsed = Request.safeParse(input)
  if (!parsed.success) throw invalid('OTHER', parsed.error.issues[0]?.path.join('.') ?? 'input', 'is missing or wrong')
  const entries = parsed.data.billingAdjustmentRequestEntries
  const field = 'billingAdjustmentRequestEntries'
  if (!entries.length) throw invalid('MISSING_BILLING_ADJUSTMENT_REQUEST_ENTRY', field, 'give at least one entry')
  if (entries.length > MOST_ENTRIES)
    throw invalid('BILLING_ADJUSTMENTS_LIMIT_EXCEEDED', field, `give up to ${MOST_ENTRIES} entries`)
  if (new Set(entries.map(({ agreementId }) => agreementId)).size > 1)
    throw invalid('MULTIPLE_AGREEMENT_IDS', field, 'give entries of one agreement')
  return entries
}

type Failure = { code: string; message: string }

const failureOf = (agreement: Agreement, entry: Entry): Failure | undefined => {
  const invoice = agreement.invoices.find(({ id, type }) => id === entry.originalInvoiceId && type === 'INVOICE')
  if (!invoice) return { code: 'RESOURCE_NOT_FOUND_EXCEPTION', message: `there is no invoice ${entry.originalInvoiceId}` }
  if (!AMOUNT.test(entry.adjustmentAmount) || thousandths(entry.adjustmentAmount) <= 0)
    return { code: 'VALIDATION_EXCEPTION', message: 'adjustmentAmount must be a positive decimal text' }
  if (entry.currencyCode !== agreement.currencyCode)
    return { code: 'VALIDATION_EXCEPTION', message: `currencyCode must be ${agreement.currencyCode}` }
  const pending = agreement.adjustments.some(({ invoiceId, status }) => invoiceId === invoice.id && status === 'PENDING')
  return pending ? { code: 'CONFLICT_EXCEPTION', message: 'another adjustment of the invoice is pending' } : undefined
}

// A token is forgotten after eight hours; used again, it would refund again.
const rememberedFor = ({ adjustments }: Agreement, { clientToken }: Entry, now: string) =>
  adjustments.find(
    (each) => each.clientToken === clientToken && Date.parse(now) - Date.parse(each.createdAt) < TOKEN_HOURS * 3_600_000,
  )

const isSame = (known: Adjustment, entry: Entry) =>
  known.invoiceId === entry.originalInvoiceId &&
  known.amount === entry.adjustmentAmount &&
  known.reasonCode === entry.adjustmentReasonCode

const requested = (world: World, agreement: Agreement, entry: Entry): Adjustment | Failure => {
  const known = rememberedFor(agreement, entry, world.now().toISOString())
  if (known)
    return isSame(known, entry)
      ? known
      : { code: 'VALIDATION_EXCEPTION', message: 'the clientToken was used for another request' }
  const { originalInvoiceId: invoiceId, adjustmentAmount: amount, adjustmentReasonCode: reasonCode, clientToken } = entry
  return failureOf(agreement, entry) ?? newAdjustment(world, { invoiceId, amount, reasonCode, clientToken })
}

/** BatchCreateBillingAdjustmentRequest: takes refunds in; they complete a minute later. */
export const createAdjustments = async (world: World, input: unknown) => {
  const entries = entriesOf(input)
  const agreementId = entries[0]?.agreementId ?? ''
  const agreement = await world.shelf.get<Agreement>(AGREEMENTS, agreementId)
  if (!agreement)
    throw apiError('ResourceNotFoundException', `there is no agreement ${agreementId}`, {
      resourceId: agreementId,
      resourceType: 'Agreement',
    })
  let current = agreement
  const items: object[] = []
  const errors: object[] = []
  for (const entry of entries) {
    const { clientToken } = entry
    const result = requested(world, current, entry)
    if ('code' in result) errors.push({ ...result, clientToken })
    else {
      items.push({ billingAdjustmentRequestId: result.id, clientToken })
      current = { ...current, adjustments: [...current.adjustments.filter(({ id }) => id !== result.id), result] }
    }
  }
  await commit(world, [agreementWrite(current)])
  return { items, errors }
}

const ListRequest = z.object({
  agreementId: z.string().optional(),
  status: z.enum(['PENDING', 'COMPLETED', 'VALIDATION_FAILED']).optional(),
  createdAfter: z.number().optional(),
  createdBefore: z.number().optional(),
  maxResults: z.number().default(50),
  nextToken: z.string().nullish(),
})

const row = (agreement: Agreement, { id, invoiceId, amount, status, createdAt, updatedAt }: Adjustment) => ({
  billingAdjustmentRequestId: id,
  originalInvoiceId: invoiceId,
  adjustmentAmount: amount,
  currencyCode: agreement.currencyCode,
  status,
  agreementId: agreement.id,
  createdAt: epoch(createdAt),
  updatedAt: epoch(updatedAt),
  agreementType: 'PurchaseAgreement',
  catalog: 'AWSMarketplace',
})

/** ListBillingAdjustmentRequests over all agreements, oldest first. */
export const listAdjustments = (agreements: Agreement[], input: unknown) => {
  const parsed = ListRequest.safeParse(input)
  if (!parsed.success) throw invalid('OTHER', parsed.error.issues[0]?.path.join('.') ?? 'input', 'is wrong')
  const { agreementId, status, createdAfter = 0, createdBefore = Number.POSITIVE_INFINITY, maxResults, nextToken } = parsed.data
  const rows = agreements
    .flatMap((agreement) => agreement.adjustments.map((each) => row(agreement, each)))
    .filter((each) => (agreementId ?? each.agreementId) === each.agreementId && (status ?? each.status) === each.status)
    .filter(({ createdAt }) => createdAt > createdAfter && createdAt < createdBefore)
    .toSorted((a, b) => a.createdAt - b.createdAt)
  const page = pageFor(rows, maxResults, nextToken)
  return { items: page.items, nextToken: page.next ?? null }
}
