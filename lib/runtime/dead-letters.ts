import type { DeadLetters } from './batch.ts'
import { clock } from './clock.ts'
import type { Table } from './table.ts'

// access patterns: the dead letters of a queue, oldest first · all of them (scan: there are few or something is very wrong)
/** Keeps refused messages in the records table; the same message twice is one letter, which is open again. */
export const deadLetterBox = (table: Table): DeadLetters => ({
  keep: async ({ queue, messageId, body, reason, isMessage = false }) => {
    await table.update({
      Key: { pk: `DEADLETTER#${queue}`, sk: messageId },
      UpdateExpression: 'SET body = :body, reason = :reason, refusedAt = :at, isMessage = :isMessage ADD refusals :one',
      ExpressionAttributeValues: {
        ':body': body,
        ':reason': reason,
        ':at': clock.now().toISOString(),
        ':isMessage': isMessage,
        ':one': 1,
      },
    })
  },
})
