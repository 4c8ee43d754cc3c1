import type { DomainEvent } from '../../events/index.ts'
import type { Column } from '../core/column.ts'
import { moneyColumns } from './csv.ts'

export type TransactionEvent = Extract<DomainEvent, { type: 'transaction.recorded.v1' }>

/** By date, then by the id of their event. */
export const inFileOrder = (a: TransactionEvent, b: TransactionEvent) =>
  a.data.on === b.data.on ? (a.id < b.id ? -1 : 1) : a.data.on < b.data.on ? -1 : 1

export const transactionColumns: Column<TransactionEvent>[] = [
  { name: 'event_id', type: 'text', required: true, description: 'the event that recorded it', of: ({ id }) => id },
  { name: 'transaction_id', type: 'text', required: true, description: 'the transaction', of: ({ data }) => data.transactionId },
  { name: 'on_date', type: 'date', required: true, description: 'the day it counts on', of: ({ data }) => data.on },
  {
    name: 'recorded_at',
    type: 'instant',
    required: true,
    description: 'when Cosell knew of it, UTC',
    of: ({ recordedat }) => recordedat,
  },
  {
    name: 'ledger',
    type: 'text',
    repeats: true,
    required: true,
    description: 'booked, scheduled, billed or cash',
    of: ({ data }) => data.ledger,
  },
  {
    name: 'kind',
    type: 'text',
    repeats: true,
    required: true,
    description: 'contract, usage, one-time, refund, credit, fee or tax',
    of: ({ data }) => data.kind,
  },
  {
    name: 'account_id',
    type: 'text',
    repeats: true,
    required: true,
    description: 'the account that buys',
    of: ({ data }) => data.accountId,
  },
  {
    name: 'product_id',
    type: 'text',
    repeats: true,
    required: true,
    description: 'what it buys',
    of: ({ data }) => data.productId,
  },
  {
    name: 'marketplace',
    type: 'text',
    repeats: true,
    required: true,
    description: 'aws, azure or direct',
    of: ({ data }) => data.marketplace,
  },
  {
    name: 'partner_id',
    type: 'text',
    repeats: true,
    description: 'the partner whose sale it is',
    of: ({ data }) => data.partnerId,
  },
  { name: 'offer_id', type: 'text', description: 'the private offer behind it', of: ({ data }) => data.offerId },
  { name: 'agreement_id', type: 'text', description: 'the agreement behind it', of: ({ data }) => data.agreementId },
  ...moneyColumns<TransactionEvent>('amount', 'the amount; what is given back is negative', ({ data }) => data.amount),
  {
    name: 'currency',
    type: 'text',
    repeats: true,
    required: true,
    description: 'ISO 4217, as it was recorded',
    of: ({ data }) => data.amount.currency,
  },
  { name: 'service_from', type: 'date', description: 'first day of the service', of: ({ data }) => data.service?.from },
  { name: 'service_to', type: 'date', description: 'the day after its last day', of: ({ data }) => data.service?.to },
  {
    name: 'corrects',
    type: 'text',
    description: 'the transaction that a refund or credit takes back',
    of: ({ data }) => data.corrects,
  },
]
