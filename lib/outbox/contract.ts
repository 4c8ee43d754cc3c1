import { Id } from '../../events/vocabulary.ts'
import type { Contract } from '../core/contract.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import * as z from '../core/schema.ts'
import { MessageState, MessageView } from './message.ts'

export const contract = {
  listMessages: {
    method: 'GET',
    path: '/messages',
    scope: 'messages.read',
    status: 200,
    summary: 'List mails and webhook calls by state, in each the newest first; a partner sees those to itself',
    query: z.strictObject({ ...PageQuery.shape, partnerId: z.optional(Id), state: z.optional(MessageState) }),
    result: pageOf(MessageView),
  },
} as const satisfies Contract
