import { worthOf } from '../offers/worth.ts'
import type { NewTransaction } from '../transactions/transaction.ts'
import type { AgreementSnapshot } from './agreement.ts'
import { commonOf, keyOf, type Owned, type Owner } from './owned.ts'
import { amendedOn, differenceOf, endedOn, type Line, linesOf, repricedOn, type Term } from './term.ts'

/** What stands in the books for the term of an agreement, and the rows of its last change, which may not all be written yet. */
export type Books = { term: Term; lines: Line[]; revision: number; rows: NewTransaction[]; owner: Owned }

const termOf = ({ service, value, quantity }: AgreementSnapshot, { offer }: Owner): Term | undefined => {
  const amount = value ?? (service && offer && worthOf(offer, { service, quantity }))
  return service && amount?.amount ? { service, amount } : undefined
}

/** What a term is worth is booked when it is agreed; a later term of the same agreement (a renewal) when it starts. */
const bookedWhole = (agreement: AgreementSnapshot, owner: Owner, { service, amount }: Term): NewTransaction => {
  const on = agreement.marketplace === 'azure' ? service.from : agreement.acceptedAt.slice(0, 10)
  const providerKey = keyOf(agreement, 'booked', service.from)
  return { ...commonOf(agreement, owner), providerKey, ledger: 'booked', kind: 'contract', amount, on, service }
}

type Change = { before: Pick<Books, 'lines' | 'revision'>; term: Term; day: string }

/** A change is booked line by line, as the parts that it takes away or adds. */
const bookedChange = (agreement: AgreementSnapshot, owner: Owner, { before, term, day }: Change): Books => {
  const isPerUnit = agreement.value === undefined && agreement.quantity !== undefined
  const amend = isPerUnit ? repricedOn : amendedOn
  const amended = agreement.status === 'ended' ? before.lines : amend(before.lines, term, day)
  const lines = agreement.endedOn ? endedOn(before.lines, agreement.endedOn) : amended
  const revision = before.revision + 1
  const rows = differenceOf(before.lines, lines).map(({ from, to, amount }) => ({
    ...commonOf(agreement, owner),
    providerKey: keyOf(agreement, 'change', String(revision), from),
    ledger: 'booked' as const,
    kind: 'contract' as const,
    amount: { amount, currency: term.amount.currency },
    on: agreement.endedOn ?? day,
    service: { from, to },
  }))
  return { term, lines, revision, rows, owner: commonOf(agreement, owner) }
}

const isSame = (a: Term, b: Term) => JSON.stringify([a.service, a.amount.amount]) === JSON.stringify([b.service, b.amount.amount])

/**
 * The books of an agreement's term after reading it on a day: booked whole at first, then by its changes (another value or end, an
 * end before its time). The very books of before: nothing changed. Undefined: there is no term yet.
 */
export const bookTerm = (
  agreement: AgreementSnapshot,
  owner: Owner,
  before: Books | undefined,
  day: string,
): Books | undefined => {
  const term = termOf(agreement, owner)
  if (!term) return before
  const isNew = !before || term.service.from >= before.term.service.to
  const rows = isNew ? [bookedWhole(agreement, owner, term)] : []
  const whose = commonOf(agreement, owner)
  const begun = isNew ? { term, lines: linesOf(term), revision: (before?.revision ?? 0) + 1, rows, owner: whose } : before
  const isOver = begun.lines.some(({ from }) => agreement.endedOn !== undefined && from >= agreement.endedOn)
  if (!isOver && (isSame(begun.term, term) || agreement.status === 'ended')) return begun
  const changed = bookedChange(agreement, owner, { before: begun, term, day })
  return { ...changed, rows: [...rows, ...changed.rows] }
}
