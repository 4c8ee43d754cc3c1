import type { DomainEvent } from '../../events/index.ts'
import { conflict } from '../core/errors.ts'
import { type Item, insert, type Write } from './table.ts'

/** The partition that an event is kept in: that of the thing it is about, so that its history is one query and one stream shard. */
const partitionOf = (event: DomainEvent): string => {
  switch (event.type) {
    case 'transaction.recorded.v1':
    case 'account.attached.v1':
    case 'account.detached.v1':
    case 'account.opened.v1':
      return `ACCOUNT#${event.data.accountId}`
    case 'partner.milestone-reached.v1':
    case 'partner.registered.v1':
    case 'partner.held.v1':
    case 'partner.hold-lifted.v1':
      return `PARTNER#${event.data.partnerId}`
    case 'cost.recorded.v1':
      return `COST#${event.data.period}`
    case 'rate.published.v1':
      return `RATE#${event.data.base}-${event.data.quote}`
    default:
      return `${event.type.split('.', 1)[0]?.toUpperCase()}#${event.subject}`
  }
}

export const ALL_TERMS = 'TERMS'

/** Costs are read by their id as well, the evidence of terms over all subscriptions. */
const indexOf = (event: DomainEvent) => {
  if (event.type === 'cost.recorded.v1') return { gsi1pk: `COST#${event.data.costId}`, gsi1sk: event.id }
  if (event.type === 'terms.checked.v1' || event.type === 'terms.accepted.v1')
    return { gsi1pk: ALL_TERMS, gsi1sk: `${event.time}#${event.id}` }
  return {}
}

export const eventKey = (event: DomainEvent) => ({ pk: partitionOf(event), sk: `EVENT#${event.id}` })

/** The one insert of an event; the same event a second time is refused by its id. */
export const record = (event: DomainEvent): Write =>
  insert({ ...eventKey(event), ...indexOf(event), type: event.type, event }, () =>
    conflict(`event ${event.id} is recorded already`),
  )

/** The events of a partition, e.g. all that happened to one offer. */
export const eventsOf = (pk: string) => ({
  KeyConditionExpression: 'pk = :pk AND begins_with(sk, :event)',
  ExpressionAttributeValues: { ':pk': pk, ':event': 'EVENT#' },
})

export const eventIn = (item: Item) => item['event'] as DomainEvent
