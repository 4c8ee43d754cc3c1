import { createHash } from 'node:crypto'
import type { Context } from '../core/context.ts'
import { conflict, isCode, notFound } from '../core/errors.ts'
import type { Page, PageQuery } from '../core/page.ts'
import { record } from '../runtime/journal.ts'
import { insert, replace, type Table } from '../runtime/table.ts'
import { type Decided, Message, type MessageState } from './message.ts'

// access patterns: one message · a partner's messages by state and time (gsi1) · all messages by state and time (gsi2)
const key = (id: string) => ({ pk: `MESSAGE#${id}`, sk: 'MESSAGE' })
const indexes = ({ id, state, partnerId, queuedAt }: Message) => ({
  ...(partnerId && { gsi1pk: `PARTNER#${partnerId}`, gsi1sk: `MESSAGE#${state}#${queuedAt}#${id}` }),
  gsi2pk: 'MESSAGE',
  gsi2sk: `${state}#${queuedAt}#${id}`,
})

const query = (index: 'gsi1' | 'gsi2', pk: string, sk: string) => ({
  IndexName: index,
  KeyConditionExpression: `${index}pk = :pk${sk && ` AND begins_with(${index}sk, :sk)`}`,
  ExpressionAttributeValues: { ':pk': pk, ...(sk && { ':sk': sk }) },
})

/** Short and the same for the same text. */
export const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 24)

export type MessageQuery = PageQuery & { partnerId?: string | undefined; state?: MessageState | undefined }

export const messageStore = (table: Table) => {
  const writesOf = (write: ReturnType<typeof insert>, { event }: Decided) => [write, ...(event ? [record(event)] : [])]
  return {
    get: async (id: string): Promise<Message> => {
      const item = await table.get(key(id))
      if (!item) throw notFound('message', id)
      return Message.parse(item)
    },

    /** By state, in each the newest first. */
    list: async ({ partnerId, state, limit, cursor }: MessageQuery): Promise<Page<Message>> => {
      const prefix = state ? `${state}#` : ''
      const asked = partnerId ? query('gsi1', `PARTNER#${partnerId}`, `MESSAGE#${prefix}`) : query('gsi2', 'MESSAGE', prefix)
      const { items, ...page } = await table.page({ ...asked, ScanIndexForward: false }, { limit, cursor })
      return { ...page, items: items.map((item) => Message.parse(item)) }
    },

    /** The messages that have yet to go out, oldest first. */
    queued: async function* (): AsyncIterable<Message> {
      for await (const item of table.query(query('gsi2', 'MESSAGE', 'queued#'))) yield Message.parse(item)
    },

    /** Keeps a new message and its event in one transaction; false: it is there already. */
    add: async (decided: Decided): Promise<boolean> => {
      const { message } = decided
      if (await table.get(key(message.id))) return false
      const item = { ...key(message.id), ...indexes(message), ...message, version: 1 }
      try {
        await table.commit(
          writesOf(
            insert(item, () => conflict(`message ${message.id} is queued already`)),
            decided,
          ),
        )
        return true
      } catch (error) {
        if (isCode(error, 'conflict')) return false
        throw error
      }
    },

    /** The message's next version, with its event if there is one, in one transaction. */
    save: async (decided: Decided, context: Context): Promise<Message> => {
      const { message } = decided
      const write = replace({ ...key(message.id), ...indexes(message), ...message }, message.version)
      await table.commit(writesOf(write, decided), { context })
      return { ...message, version: message.version + 1 }
    },
  }
}
export type MessageStore = ReturnType<typeof messageStore>
