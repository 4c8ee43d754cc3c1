import { emit } from '../../events/envelope.ts'
import type { DomainEvent } from '../../events/index.ts'
import type { Context } from '../core/context.ts'
import { ServiceError } from '../core/errors.ts'

type Refused = { queue: string; messageId: string; body: string; reason: string }
export type Inbox = {
  /** Reads a message; what makes no sense is `invalid_request`. */
  parse: (text: string) => { operationId: string; subscriptionId: string; action: string }
  feed: { add: (events: DomainEvent[]) => Promise<number> }
  deadLetters: { keep: (message: Refused) => Promise<void> }
}

/** Keeps what the webhook said as an event, to be confirmed and worked on apart; what makes no sense is kept with its reason. */
export const receiveOperation =
  ({ parse, feed, deadLetters }: Inbox) =>
  async (text: string, context: Context): Promise<void> => {
    try {
      const { operationId, subscriptionId, action } = parse(text)
      const data = { operationId, subscriptionId, action }
      await feed.add([emit(context, 'azure.operation-received.v1', subscriptionId, data, { id: `evt_azure_${operationId}` })])
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'invalid_request') throw error
      const reason = error.details.map(({ target, message }) => `${target}: ${message}`).join('; ')
      await deadLetters.keep({ queue: 'azure-webhook', messageId: context.newId('msg'), body: text, reason })
    }
  }
