import { Id } from '../../events/vocabulary.ts'
import type { Contract } from '../core/contract.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import * as z from '../core/schema.ts'
import { NewTransaction, Transaction } from './transaction.ts'

export const contract = {
  recordTransaction: {
    method: 'POST',
    path: '/transactions',
    scope: 'transactions.write',
    status: 201,
    summary: 'Record a direct sale or an imported row of the books',
    body: NewTransaction,
    result: Transaction,
  },
  listTransactions: {
    method: 'GET',
    path: '/transactions',
    scope: 'transactions.read',
    status: 200,
    summary: 'List the transactions of an account',
    query: z.extend(PageQuery, { accountId: Id }),
    result: pageOf(Transaction),
  },
} as const satisfies Contract
