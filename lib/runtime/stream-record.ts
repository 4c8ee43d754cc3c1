import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { DynamoDBRecord as StreamRecord } from 'aws-lambda'
import type { DomainEvent } from '../../events/index.ts'
import type { Item } from './table.ts'

export type { StreamRecord }

/** An image of a stream record as the item it was; undefined when the record has none. */
export const imageOf = (record: StreamRecord, image: 'NewImage' | 'OldImage'): Item | undefined => {
  const attributes = record.dynamodb?.[image]
  return attributes && (unmarshall(attributes as Record<string, AttributeValue>) as Item)
}

/** The event that a record of a new event item carries. */
export const eventOfRecord = (record: StreamRecord): DomainEvent => {
  const event = imageOf(record, 'NewImage')?.['event']
  if (!event) throw new Error(`the stream record ${record.eventID} carries no event`)
  return event as DomainEvent
}
