import type { Money } from '../../core/money.ts'
import type { CsvRecord } from '../csv.ts'
import { minorUnits } from '../decimal.ts'
import type { Columns, Entry, Flaw, Format, Row } from '../entry.ts'
import { columnOf, currencyIn, dayIn, isIdentifier, lastOf, noAmount, noDay, noId, notAn, sortable } from '../field.ts'
import { isDeleted } from './aws-feed.ts'

// The billing event feed of AWS's Seller Data Feeds. A row is never changed; the same billing_event_id with a later update_date takes
// its place. A DISBURSED row is the negation of the INVOICED row that it pays out. Empty means null.

type Share = 'revenue' | 'fee' | 'tax' | 'payment'
type Action = 'INVOICED' | 'FORGIVEN' | 'DISBURSED'
type Place = Pick<Row, 'treatment'> & { ledger?: Entry['ledger']; kind?: Entry['kind'] }
/** What an action on a type of row is, before its amount is looked at. */
type Meaning = { type: string; action: Action; share: Share; isReturn: boolean }

const ACTIONS: readonly Action[] = ['INVOICED', 'FORGIVEN', 'DISBURSED']
const SHARES: Record<string, Share> = {
  SELLER_REV_SHARE: 'revenue',
  AWS_REV_SHARE: 'fee',
  SELLER_TAX_SHARE: 'tax',
  AWS_TAX_SHARE: 'tax',
}
const TYPES: Record<string, Share> = {
  ...Object.fromEntries(
    Object.entries(SHARES).flatMap(([type, share]) => ['', '_REFUND', '_CREDIT'].map((suffix) => [`${type}${suffix}`, share])),
  ),
  // What AWS settles with the seller apart from the buyer.
  BALANCE_ADJUSTMENT: 'fee',
  DISBURSEMENT: 'payment',
  DISBURSEMENT_FAILURE: 'payment',
}

const MEANINGS = new Map(
  ACTIONS.map((action): [string, Map<string, Meaning>] => [
    action,
    new Map(
      Object.entries(TYPES).map(([type, share]) => [
        type,
        { type: `${action} ${type}`, action, share, isReturn: /_(REFUND|CREDIT)$/.test(type) },
      ]),
    ),
  ]),
)

const NONE: never[] = []
const ELSEWHERE: Place = { treatment: 'elsewhere' }
const NOTED: Place = { treatment: 'noted' }
const inBooks = (ledger: Entry['ledger'], kind: Entry['kind']): Place => ({ treatment: 'books', ledger, kind })
const BILLED_FEE = inBooks('billed', 'fee')
const BILLED_TAX = inBooks('billed', 'tax')
const CASH_FEE = inBooks('cash', 'fee')
const CASH_TAX = inBooks('cash', 'tax')
const CASH_CONTRACT = inBooks('cash', 'contract')
const CASH_USAGE = inBooks('cash', 'usage')
const CASH_REFUND = inBooks('cash', 'refund')

/** Invoices and credit memos are read from the agreement; what is left of a sale is the price that a seller of record owes its supplier. */
const billed = ({ action, share, isReturn }: Meaning, amount: number): Place => {
  if (share === 'fee') return BILLED_FEE
  if (share === 'tax') return BILLED_TAX
  return action === 'INVOICED' && !isReturn && amount < 0 ? BILLED_FEE : ELSEWHERE
}

/** `paid` is what arrives: the row's amount with the other sign. */
const disbursed = ({ share, isReturn }: Meaning, paid: number, isUsage: boolean): Place => {
  if (share === 'fee') return CASH_FEE
  if (share === 'tax') return CASH_TAX
  if (paid < 0) return isReturn ? CASH_REFUND : CASH_FEE
  return isUsage ? CASH_USAGE : CASH_CONTRACT
}

const placeOf = (meaning: Meaning, amount: number, isImpacting: boolean, isUsage: boolean): Place => {
  if (meaning.share === 'payment') return NOTED
  if (meaning.action !== 'DISBURSED') return billed(meaning, amount)
  // A row that touches no balance is kept as nothing, so that an older statement that did cannot come after it.
  return isImpacting ? disbursed(meaning, -amount, isUsage) : { ...CASH_CONTRACT, treatment: 'noted' }
}

const placesOf = (columns: Columns) => ({
  id: columnOf(columns, 'billing_event_id'),
  agreement: columnOf(columns, 'agreement_id'),
  endUser: columnOf(columns, 'end_user_account_id'),
  product: columnOf(columns, 'product_id'),
  action: columnOf(columns, 'action'),
  type: columnOf(columns, 'transaction_type'),
  amount: columnOf(columns, 'amount'),
  currency: columnOf(columns, 'currency'),
  impacting: columnOf(columns, 'balance_impacting'),
  invoiced: columnOf(columns, 'invoice_date'),
  updated: columnOf(columns, 'update_date'),
  usage: columnOf(columns, 'usage_period_start_date'),
  valid: columnOf(columns, 'valid_from'),
  deleted: columnOf(columns, 'delete_date'),
})
type Places = ReturnType<typeof placesOf>
type Field = CsvRecord['field']

const meaningIn = (field: Field, { action, type }: Places): Meaning | Flaw => {
  const types = MEANINGS.get(field(action))
  if (!types) return notAn(`one of ${ACTIONS.join(', ')}`, 'action', field(action))
  return types.get(field(type)) ?? notAn('a transaction type that is known', 'transaction_type', field(type))
}

/** What neighbouring rows mostly share is looked at once. */
const remembering = () => ({ currencyOf: lastOf(currencyIn), instantOf: lastOf(sortable) })
type Memory = ReturnType<typeof remembering>

const moneyIn = (field: Field, { amount, currency }: Places, { currencyOf }: Memory): (Money & { rounded: boolean }) | Flaw => {
  const code = currencyOf(field(currency))
  if (!code) return notAn('a currency like USD', 'currency', field(currency))
  const units = minorUnits(field(amount), code)
  return units ? { amount: units.amount, currency: code, rounded: units.rounded } : noAmount('amount', field(amount))
}

type Dates = Pick<Entry, 'statedAt'> & { on: string }

const datesIn = (field: Field, { invoiced, valid, updated }: Places, { instantOf }: Memory): Dates | Flaw => {
  const on = dayIn(field(invoiced) || field(valid))
  if (!on) return noDay('invoice_date', field(invoiced))
  const statedAt = instantOf(field(updated))
  return statedAt ? { on, statedAt } : notAn('an instant like 2026-12-02T00:00:00Z', 'update_date', field(updated))
}

const readRow = (field: Field, at: Places, memory: Memory): Row | Flaw => {
  const eventId = field(at.id)
  if (!isIdentifier(eventId)) return noId('billing_event_id', eventId)
  const meaning = meaningIn(field, at)
  if ('reason' in meaning) return meaning
  const money = moneyIn(field, at, memory)
  if ('reason' in money) return money
  const balance = field(at.impacting)
  if (balance !== '0' && balance !== '1') return notAn('0 or 1', 'balance_impacting', balance)
  const dates = datesIn(field, at, memory)
  if ('reason' in dates) return dates
  const { amount, currency, rounded } = money
  const { treatment, ledger, kind } = placeOf(meaning, amount, balance === '1', field(at.usage) !== '')
  const row: Row = { type: meaning.type, amount: { amount, currency }, rounded, treatment, entries: NONE, links: NONE }
  if (!ledger || !kind) return row
  const agreementId = field(at.agreement)
  if (agreementId !== '' && !isIdentifier(agreementId)) return noId('agreement_id', agreementId)
  const isNothing = treatment !== 'books' || isDeleted(field(at.deleted))
  const signed = meaning.action === 'DISBURSED' ? -amount || 0 : amount
  const reference = { marketplace: 'aws', agreementId, endUserId: field(at.endUser), productId: field(at.product) } as const
  const stated = { amount: isNothing ? 0 : signed, currency }
  const { statedAt, on } = dates
  row.entries = [{ key: `aws:event:${eventId}`, statedAt, reference, ledger, kind, amount: stated, on }]
  return row
}

export const awsBillingEvents: Format = {
  kind: 'aws-billing-events',
  marketplace: 'aws',
  required: [
    'billing_event_id',
    'agreement_id',
    'action',
    'transaction_type',
    'amount',
    'currency',
    'balance_impacting',
    'invoice_date',
    'update_date',
  ],
  optional: ['usage_period_start_date', 'valid_from', 'delete_date', 'end_user_account_id', 'product_id'],
  ignored: [
    ...['from_account_id', 'to_account_id', 'offer_id', 'broker_id', 'buyer_po_number'],
    ...['parent_billing_event_id', 'disbursement_billing_event_id', 'payment_due_date', 'usage_period_end_date', 'invoice_id'],
    ...['billing_address_id', 'transaction_reference_id', 'buyer_transaction_reference_id', 'bank_trace_id', 'insert_date'],
    ...['disbursement_date', 'action_date'],
  ],

  reader: (columns) => {
    const [places, memory] = [placesOf(columns), remembering()]
    return ({ field }) => readRow(field, places, memory)
  },
}
