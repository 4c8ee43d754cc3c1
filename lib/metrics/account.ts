import { type Span, spansOf } from './attachment.ts'
import type { Attachment, Fact } from './fact.ts'
import { type Recurring, recurringIn } from './mrr.ts'
import type { Row } from './row.ts'
import { type Counted, countedIn, netAmounts } from './transaction.ts'

/** What the facts of an account amount to, before any exchange rate. */
export type Account = {
  spans: Span[]
  attachments: Attachment[]
  counted: Counted[]
  recurring: Recurring
  netAmount: ReturnType<typeof netAmounts>
}

const isAttachment = (fact: Fact): fact is Attachment => fact.type === 'attached' || fact.type === 'detached'

export const accountOf = (row: Row): Account => {
  const attachments = [...row.facts.values()].filter(isAttachment)
  const counted = countedIn(row)
  return { attachments, spans: spansOf(attachments), counted, recurring: recurringIn(counted), netAmount: netAmounts(row) }
}
