import type { Contract } from '../core/contract.ts'
import { PageQuery } from '../core/page.ts'
import { MonthText } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { Closable, Report, Total } from './closing.ts'
import { Acceptance, Assignment, ExceptionView, State } from './exception.ts'
import { Kind } from './finding.ts'

export const ExceptionQuery = z.extend(PageQuery, {
  state: z.optional(State),
  kind: z.optional(Kind),
  owner: z.optional(z.text(100)),
  marketplace: z.optional(z.enum(['aws', 'azure'])),
})
export type ExceptionQuery = z.infer<typeof ExceptionQuery>

const threshold = z.described(
  z._default(z.coerce.number().check(z.int(), z.minimum(0)), 0),
  'in minor units of each currency: an open exception of more than that hinders',
)

export const contract = {
  listExceptions: {
    method: 'GET',
    path: '/reconciliation',
    scope: 'reconciliation.read',
    status: 200,
    summary: 'List exceptions by state, in each the oldest first; the first page has the totals of all that match',
    query: ExceptionQuery,
    result: z.object({ items: z.array(ExceptionView), cursor: z.optional(z.string()), totals: z.optional(z.array(Total)) }),
  },
  getReconciliationReport: {
    method: 'GET',
    path: '/reconciliation/report',
    scope: 'reconciliation.read',
    status: 200,
    summary: 'Sum up exceptions by kind and the four ledgers by currency; of all times, or of a month',
    query: z.strictObject({ period: z.optional(MonthText) }),
    result: Report,
  },
  getClosable: {
    method: 'GET',
    path: '/reconciliation/closable',
    scope: 'reconciliation.read',
    status: 200,
    summary: 'Tell whether a month may be closed, and what hinders it',
    query: z.strictObject({ period: MonthText, threshold }),
    result: Closable,
  },
  assignException: {
    method: 'POST',
    path: '/reconciliation/{exceptionId}/assign',
    scope: 'reconciliation.write',
    status: 200,
    summary: 'Give an exception to an owner, with a note',
    body: Assignment,
    result: ExceptionView,
  },
  acceptException: {
    method: 'POST',
    path: '/reconciliation/{exceptionId}/accept',
    scope: 'reconciliation.write',
    status: 200,
    summary: 'Accept a difference as explained; another amount opens it again',
    body: Acceptance,
    result: ExceptionView,
  },
} as const satisfies Contract
