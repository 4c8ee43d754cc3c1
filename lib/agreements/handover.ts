import type { NewTransaction } from '../transactions/transaction.ts'
import type { AgreementSnapshot } from './agreement.ts'
import type { Books } from './booking.ts'
import { keyOf, type Owned } from './owned.ts'

// Soon after an acceptance a marketplace may name another offer than the one that was accepted. What was written meanwhile is taken
// back from where it stands and written again where it belongs, each row under a key of its own.

/**
 * Whether another offer means that the one before was a mistake. On AWS an agreement has one offer for ever (another one makes another
 * agreement); a subscription of Azure may go on with a new offer, and what was booked with the old one stays.
 */
export const hasOneOffer = ({ marketplace }: Pick<AgreementSnapshot, 'marketplace'>) => marketplace === 'aws'

const taken = ({ amount, currency }: NewTransaction['amount']) => ({ amount: -amount || 0, currency })

/** The same row as another owner's. */
export const ownedBy = (owner: Owned, { partnerId: _, offerId: __, ...row }: NewTransaction): NewTransaction => ({
  ...row,
  ...owner,
})

/** The books when what they hold is another owner's: every month of the old one is taken back, and booked again. */
export const handedOver = (agreement: AgreementSnapshot, books: Books, owner: Owned): Books => {
  const revision = books.revision + 1
  const { currency } = books.term.amount
  const rowOf = (whose: Owned, way: 'back' | 'again', { from, to, amount }: Books['lines'][number]): NewTransaction => ({
    ...whose,
    providerKey: keyOf(agreement, 'handover', String(revision), way, from),
    ledger: 'booked',
    kind: 'contract',
    amount: way === 'back' ? taken({ amount, currency }) : { amount, currency },
    on: agreement.acceptedAt.slice(0, 10),
    service: { from, to },
  })
  const lines = books.lines.filter(({ amount }) => amount !== 0)
  const rows = lines.flatMap((line) => [rowOf(books.owner, 'back', line), rowOf(owner, 'again', line)])
  return { ...books, owner, revision, rows }
}

/**
 * The rows that bring a row which is in the books as the first owner's to the last one: from one to the next, a row that takes it back
 * and names it, and the row again. Amounts of all of them add up to nothing but the last one's.
 */
export const movesOf = (
  row: NewTransaction,
  owners: readonly { owner: Owned; number: number }[],
  idOf: (providerKey: string) => string,
): NewTransaction[] => {
  const keyFor = (way: string, number: number) => `${row.providerKey}:${way}:${number}`
  return owners.slice(1).flatMap(({ owner, number }, at) => {
    const from = owners[at] ?? { owner, number }
    const before = idOf(at === 0 ? row.providerKey : keyFor('again', from.number))
    const back = { ...row, providerKey: keyFor('back', number), amount: taken(row.amount), corrects: before }
    return [ownedBy(from.owner, back), ownedBy(owner, { ...row, providerKey: keyFor('again', number) })]
  })
}
