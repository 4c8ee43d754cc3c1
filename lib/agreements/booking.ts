import type { NewTransaction } from '../transactions/transaction.ts'
import type { AgreementSnapshot } from './agreement.ts'
import { commonOf, isSameOwner, keyOf, type Owned, type Owner } from './owned.ts'
import { amendedOn, differenceOf, endedOn, type Line, linesOf, repricedOn, type Term } from './term.ts'
import { isKnownLate, isSameTerm, termOf } from './worth.ts'

/**
 * What stands in the books for the term of an agreement, and the rows of its last change, which may not all be written yet. `bought`:
 * the plan that the term began with, and the offer that sold it; `isUnpriced`: nothing was ever booked of it, since no price was known.
 */
export type Books = {
  term: Term
  lines: Line[]
  revision: number
  rows: NewTransaction[]
  owner: Owned
  bought?: { planId: string; offerId?: string }
  isUnpriced?: boolean
}

/** What a term is worth is booked when it is agreed; a later term of the same agreement (a renewal) when it starts. */
const bookedWhole = (agreement: AgreementSnapshot, owner: Owner, { service, amount }: Term): NewTransaction => {
  const on = agreement.marketplace === 'azure' ? service.from : agreement.acceptedAt.slice(0, 10)
  const providerKey = keyOf(agreement, 'booked', service.from)
  return { ...commonOf(agreement, owner), providerKey, ledger: 'booked', kind: 'contract', amount, on, service }
}

const begunBooks = (agreement: AgreementSnapshot, owner: Owner, term: Term, revision: number): Books => {
  const { id: planId } = agreement.plan ?? {}
  const { id: offerId } = owner.offer ?? {}
  const isWorth = term.amount.amount !== 0
  return {
    ...{ term, revision, owner: commonOf(agreement, owner) },
    lines: isWorth ? linesOf(term) : [],
    rows: isWorth ? [bookedWhole(agreement, owner, term)] : [],
    ...(!isWorth && { isUnpriced: true }),
    ...(planId && { bought: { planId, ...(offerId && { offerId }) } }),
  }
}

type Change = { before: Books; term: Term; day: string }

/** The lines after a change. Azure's prices are those of the months to come, on AWS the whole is worth what was agreed. */
const changedLines = ({ endedOn: end, status, marketplace, value }: AgreementSnapshot, { before, term, day }: Change): Line[] => {
  if (end) return endedOn(before.lines, end)
  if (status === 'ended') return before.lines
  if (term.amount.amount === 0) return endedOn(before.lines, day)
  const amend = marketplace === 'azure' && value === undefined ? repricedOn : amendedOn
  return amend(before.lines, term, day)
}

/** A change is booked line by line, as the parts that it takes away or adds: from whom they were booked for, for whom they are now. */
const changedRows = (agreement: AgreementSnapshot, before: Books, after: Omit<Books, 'rows'>, day: string): NewTransaction[] => {
  const rowsOf = (owner: Owned, { currency }: Term['amount'], lines: Line[], ...way: string[]) =>
    lines.map(({ from, to, amount }) => ({
      ...owner,
      providerKey: keyOf(agreement, 'change', String(after.revision), ...way, from, to),
      ledger: 'booked' as const,
      kind: 'contract' as const,
      amount: { amount, currency },
      on: day,
      service: { from, to },
    }))
  if (isSameOwner(before.owner, after.owner))
    return rowsOf(after.owner, after.term.amount, differenceOf(before.lines, after.lines))
  const kept = endedOn(before.lines, day)
  return [
    ...rowsOf(before.owner, before.term.amount, differenceOf(before.lines, kept), 'back'),
    ...rowsOf(after.owner, after.term.amount, differenceOf(kept, after.lines), 'again'),
  ]
}

const bookedChange = (agreement: AgreementSnapshot, owner: Owned, change: Change): Books => {
  const { before, term, day } = change
  const { isUnpriced: _, ...kept } = before
  const after = { ...kept, term, lines: changedLines(agreement, change), revision: before.revision + 1, owner }
  return { ...after, rows: changedRows(agreement, before, after, agreement.endedOn ?? day) }
}

const isSame = (a: Term, b: Term) => JSON.stringify([a.service, a.amount.amount]) === JSON.stringify([b.service, b.amount.amount])

/** Whether a reading says something else of the term than the books do; of what has ended only its end counts. */
const isChanged = ({ status, endedOn: end }: AgreementSnapshot, books: Books, term: Term, owner: Owned) =>
  books.lines.some(({ from }) => end !== undefined && from >= end) ||
  (status !== 'ended' && !(isSame(books.term, term) && isSameOwner(books.owner, owner)))

/**
 * The books of an agreement's term after reading it on a day: booked whole at first, then by its changes (another value or end,
 * another plan, an end before its time). The very books of before: nothing changed. Undefined: there is no term yet.
 */
export const bookTerm = (
  agreement: AgreementSnapshot,
  owner: Owner,
  before: Books | undefined,
  day: string,
): Books | undefined => {
  const term = termOf(agreement, owner, before)
  if (!term) return before
  const isGoingOn = before && isSameTerm(before, term.service) && !isKnownLate(before, agreement, owner, term)
  const begun = isGoingOn ? before : begunBooks(agreement, owner, term, (before?.revision ?? 0) + 1)
  const whose = commonOf(agreement, owner)
  if (!isChanged(agreement, begun, term, whose)) return begun
  const changed = bookedChange(agreement, whose, { before: begun, term, day })
  return isGoingOn ? changed : { ...changed, rows: [...begun.rows, ...changed.rows] }
}
