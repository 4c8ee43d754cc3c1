import { type Span, spansOf } from './attachment.ts'
import type { Attachment, Fact } from './fact.ts'
import { type Recurring, recurringIn } from './mrr.ts'
import type { Row } from './row.ts'
import { type Counted, countedIn } from './transaction.ts'

/** What the facts of an account amount to, before any exchange rate. */
export type Account = { spans: Span[]; counted: Counted[]; recurring: Recurring; lastAttachment: number }

/** `changes` and `counted` in any order. */
export const accountWith = (changes: readonly Omit<Attachment, 'id'>[], counted: Counted[]): Account => ({
  spans: spansOf(changes),
  counted,
  recurring: recurringIn(counted),
  lastAttachment: changes.reduce((last, { day }) => Math.max(last, day), -Infinity),
})

const isAttachment = (fact: Fact): fact is Attachment => fact.type === 'attached' || fact.type === 'detached'

export const accountOf = (row: Row): Account => accountWith([...row.facts.values()].filter(isAttachment), countedIn(row))
