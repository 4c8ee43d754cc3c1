import type { Contract } from '../core/contract.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import * as z from '../core/schema.ts'
import { Account, Attachment, NewAccount } from './account.ts'

export const contract = {
  createAccount: {
    method: 'POST',
    path: '/accounts',
    scope: 'accounts.write',
    status: 201,
    summary: 'Open an account for a customer',
    body: NewAccount,
    result: Account,
  },
  getAccount: {
    method: 'GET',
    path: '/accounts/{accountId}',
    scope: 'accounts.read',
    status: 200,
    summary: 'Read one account',
    result: Account,
  },
  listAccounts: {
    method: 'GET',
    path: '/accounts',
    scope: 'accounts.read',
    status: 200,
    summary: 'List accounts',
    query: PageQuery,
    result: pageOf(Account),
  },
  attachPartner: {
    method: 'POST',
    path: '/accounts/{accountId}/attachments',
    scope: 'accounts.write',
    status: 201,
    summary: 'Attach a partner to an account from a day on, or detach it',
    body: Attachment,
    result: Attachment,
  },
  listAttachments: {
    method: 'GET',
    path: '/accounts/{accountId}/attachments',
    scope: 'accounts.read',
    status: 200,
    summary: 'What was said of the partners of an account, oldest first',
    result: z.object({ items: z.array(Attachment) }),
  },
} as const satisfies Contract
