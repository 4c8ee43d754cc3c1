import { Id } from '../../events/vocabulary.ts'
import type { Contract } from '../core/contract.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import { MonthText } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { Commitment, CommitmentEnd, CommitmentTerms, NewCommitment } from './commitment.ts'
import { CommitmentReport } from './report.ts'

const write = { method: 'POST', scope: 'commitments.write', result: Commitment } as const
const read = { method: 'GET', scope: 'commitments.read', status: 200 } as const

export const contract = {
  recordCommitment: {
    ...write,
    path: '/commitments',
    status: 201,
    summary: 'Record what a customer has promised a cloud to spend',
    body: NewCommitment,
  },
  listCommitments: {
    ...read,
    path: '/commitments',
    summary: 'List commitments, of one account or of all',
    query: z.extend(PageQuery, { accountId: z.optional(Id) }),
    result: pageOf(Commitment),
  },
  reportCommitments: {
    ...read,
    path: '/commitments/report',
    summary: 'How far the commitments that hold in a month are drawn down, and what open offers would add',
    query: z.extend(PageQuery, {
      accountId: z.optional(Id),
      period: z.described(z.optional(MonthText), 'default: the current month'),
    }),
    result: CommitmentReport,
  },
  getCommitment: { ...read, path: '/commitments/{commitmentId}', summary: 'Read one commitment', result: Commitment },
  changeCommitment: {
    ...write,
    path: '/commitments/{commitmentId}/change',
    status: 200,
    summary: 'Set other terms, all of them',
    body: CommitmentTerms,
  },
  endCommitment: {
    ...write,
    path: '/commitments/{commitmentId}/end',
    status: 200,
    summary: 'End a commitment before its time',
    body: CommitmentEnd,
  },
} as const satisfies Contract
