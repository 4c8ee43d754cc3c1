import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import type { DomainEvent } from '../../events/index.ts'

const MAX_ENTRIES = 10

/** Publishes events on the bus, in order; throws when the bus did not take all of them. */
export const publishTo = (busName: string) => {
  const client = new EventBridgeClient({})
  const entryOf = (event: DomainEvent) => ({
    EventBusName: busName,
    Source: 'cosell',
    DetailType: event.type,
    Detail: JSON.stringify(event),
    Time: new Date(event.recordedat),
  })
  return async (events: DomainEvent[]) => {
    for (let start = 0; start < events.length; start += MAX_ENTRIES) {
      const Entries = events.slice(start, start + MAX_ENTRIES).map(entryOf)
      const { FailedEntryCount = 0 } = await client.send(new PutEventsCommand({ Entries }))
      if (FailedEntryCount > 0) throw new Error(`the bus refused ${FailedEntryCount} of ${Entries.length} events`)
    }
  }
}
