import type { MetricEvent } from '../../events/metrics.ts'
import type { Cell, Column, ColumnDescription } from '../core/column.ts'

/** A column that holds one field of events, wherever they have it. */
type Field = ColumnDescription & { path: string; repeats?: true }

const money = 'minor units of the currency'

// Those of the envelope first, then those of the data of every type; what means the same in two types is one column.
const FIELDS: Field[] = [
  { name: 'event_id', path: 'id', type: 'text', required: true, description: 'the event' },
  {
    name: 'event_type',
    path: 'type',
    type: 'text',
    repeats: true,
    required: true,
    description: 'what happened, with the version of its form',
  },
  { name: 'source', path: 'source', type: 'text', repeats: true, required: true, description: 'where the event was made' },
  { name: 'subject', path: 'subject', type: 'text', required: true, description: 'what the event is about' },
  { name: 'happened_at', path: 'time', type: 'instant', required: true, description: 'when it happened' },
  { name: 'recorded_at', path: 'recordedat', type: 'instant', required: true, description: 'when Cosell knew of it' },
  {
    name: 'cause',
    path: 'cause',
    type: 'text',
    repeats: true,
    description: 'how Cosell came to know it: api, event, webhook or schedule',
  },
  { name: 'account_id', path: 'data.accountId', type: 'text', repeats: true, description: 'the account' },
  { name: 'partner_id', path: 'data.partnerId', type: 'text', repeats: true, description: 'the partner' },
  {
    name: 'role',
    path: 'data.role',
    type: 'text',
    repeats: true,
    description: 'of an attachment: sourced, influenced or managed',
  },
  { name: 'from_date', path: 'data.from', type: 'date', description: 'the first day of an attachment, or the day that ends one' },
  {
    name: 'milestone',
    path: 'data.milestone',
    type: 'text',
    repeats: true,
    description: 'of a partner: joined, agreement-signed or onboarding-complete',
  },
  {
    name: 'on_date',
    path: 'data.on',
    type: 'date',
    description: 'the day of a milestone or rate, or on which a transaction counts',
  },
  { name: 'transaction_id', path: 'data.transactionId', type: 'text', description: 'the transaction' },
  { name: 'ledger', path: 'data.ledger', type: 'text', repeats: true, description: 'booked, scheduled, billed or cash' },
  {
    name: 'kind',
    path: 'data.kind',
    type: 'text',
    repeats: true,
    description: 'of a transaction: contract, usage, one-time, refund, credit, fee or tax',
  },
  { name: 'product_id', path: 'data.productId', type: 'text', repeats: true, description: 'what is bought' },
  { name: 'marketplace', path: 'data.marketplace', type: 'text', repeats: true, description: 'aws, azure or direct' },
  { name: 'offer_id', path: 'data.offerId', type: 'text', description: 'the private offer behind a transaction' },
  { name: 'agreement_id', path: 'data.agreementId', type: 'text', description: 'the agreement behind a transaction' },
  {
    name: 'amount',
    path: 'data.amount.amount',
    type: 'integer',
    unit: money,
    description: 'of a transaction or cost; what is given back is negative',
  },
  { name: 'currency', path: 'data.amount.currency', type: 'text', repeats: true, description: 'ISO 4217, of the amount' },
  { name: 'service_from', path: 'data.service.from', type: 'date', description: 'the first day of the service' },
  { name: 'service_to', path: 'data.service.to', type: 'date', description: 'the day after its last day' },
  {
    name: 'corrects',
    path: 'data.corrects',
    type: 'text',
    description: 'the transaction or cost that this one takes back or changes',
  },
  { name: 'cost_id', path: 'data.costId', type: 'text', description: 'the cost' },
  {
    name: 'purpose',
    path: 'data.purpose',
    type: 'text',
    repeats: true,
    description: 'of a cost: acquisition, support or payout',
  },
  { name: 'channel', path: 'data.channel', type: 'text', repeats: true, description: 'of a cost: partner, direct or shared' },
  { name: 'category', path: 'data.category', type: 'text', repeats: true, description: 'of a cost, in the words of finance' },
  { name: 'period', path: 'data.period', type: 'month', repeats: true, description: 'the month of a cost' },
  { name: 'base', path: 'data.base', type: 'text', repeats: true, description: 'ISO 4217, the currency that a rate prices' },
  { name: 'quote', path: 'data.quote', type: 'text', repeats: true, description: 'ISO 4217, the currency that a rate is in' },
  {
    name: 'rate',
    path: 'data.rate',
    type: 'text',
    unit: 'units of quote for one of base',
    description: 'the rate as it was published',
  },
]

const reads = (path: string) => {
  const keys = path.split('.')
  return (event: MetricEvent): Cell => {
    let part: unknown = event
    for (const key of keys) part = (part as Record<string, unknown> | undefined)?.[key]
    return part as Cell
  }
}

/** How Cosell writes an instant, which its timestamp tells without a loss. */
const PLAIN_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

const unlessPlain = (instant: string) => (PLAIN_INSTANT.test(instant) ? undefined : instant)

const exactly = 'as the event tells it, where that is not to the millisecond'

/** A metric event as a row of one flat table. */
export const eventColumns: Column<MetricEvent>[] = [
  ...FIELDS.map(({ path, ...column }) => ({ ...column, of: reads(path) })),
  { name: 'happened_text', type: 'text', description: `happened_at ${exactly}`, of: ({ time }) => unlessPlain(time) },
  { name: 'recorded_text', type: 'text', description: `recorded_at ${exactly}`, of: ({ recordedat }) => unlessPlain(recordedat) },
]

/** A row by the names of the columns; instants as Cosell writes them. */
export type EventRow = Record<string, Cell>

type Node = { [key: string]: Node | Cell }

const put = (node: Node, [key = '', ...rest]: string[], value: Cell): Node => ({
  ...node,
  [key]: rest.length === 0 ? value : put((node[key] ?? {}) as Node, rest, value),
})

/** The event that a row was made of, if it was one: what the row lacks the event lacks. */
export const eventOf = (row: EventRow): unknown => {
  const told = {
    ...row,
    happened_at: row['happened_text'] ?? row['happened_at'],
    recorded_at: row['recorded_text'] ?? row['recorded_at'],
  }
  return FIELDS.reduce(
    (node: Node, { name, path, type }) => {
      const cell = (told as EventRow)[name] ?? undefined
      return cell === undefined ? node : put(node, path.split('.'), type === 'integer' ? Number(cell) : cell)
    },
    { specversion: '1.0' },
  )
}
