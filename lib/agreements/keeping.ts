import { type Context, today } from '../core/context.ts'
import { isCode, ServiceError, unprocessable } from '../core/errors.ts'
import type { NewTransaction } from '../transactions/transaction.ts'
import type { AgreementSnapshot } from './agreement.ts'
import { type Books, bookTerm } from './booking.ts'
import { handedOver, hasOneOffer } from './handover.ts'
import { commonOf, isSameOwner, type Owned, type Owner } from './owned.ts'
import type { AgreementStore } from './store.ts'

export type Dependencies = {
  store: Pick<AgreementStore, 'books' | 'keepBooks' | 'owners'>
  record: (input: NewTransaction, context: Context) => Promise<unknown>
}

/** An agreement as it was read, and all the owners that it had until then. */
export type Reading = { agreement: AgreementSnapshot; owner: Owner; owners: Owned[] }

/** One row that contradicts what is in the books does not hold up the others. */
export const recordAll = async ({ record }: Pick<Dependencies, 'record'>, rows: NewTransaction[], context: Context) => {
  const refused: ServiceError[] = []
  for (const row of rows) {
    await record(row, context).catch((error: unknown) => {
      if (!isCode(error, 'conflict')) throw error
      refused.push(error)
    })
  }
  if (refused.length)
    throw unprocessable(
      'the marketplace tells otherwise of rows that are in the books',
      refused.map(({ message }) => ({ target: 'agreement', message })),
    )
}

const readMeanwhile = () => new ServiceError('stale_version', 'the agreement was read meanwhile: read it again')

/** What is booked in another owner's name goes over to the present one, as it stands. */
const handOver = async (dependencies: Dependencies, { agreement, owner, owners }: Reading, books: Books, context: Context) => {
  const { store } = dependencies
  const { marketplace, id } = agreement
  const present = commonOf(agreement, owner)
  if (!hasOneOffer(agreement) || isSameOwner(books.owner, present)) return books
  // Or else the books are newer than this reading.
  if ((await store.owners(marketplace, id)).length !== owners.length) throw readMeanwhile()
  const after = handedOver(agreement, books, present)
  await store.keepBooks(marketplace, id, after, books)
  await recordAll(dependencies, after.rows, context)
  return after
}

/**
 * The rows of the agreement's term that are to be written. What they are is kept before they are: a crash between leaves them to the
 * next reading, which writes them before it looks for another change.
 */
export const keepBooks = async (dependencies: Dependencies, reading: Reading, context: Context): Promise<NewTransaction[]> => {
  const { store } = dependencies
  const { agreement, owner } = reading
  const { marketplace, id } = agreement
  const kept = await store.books(marketplace, id)
  await recordAll(dependencies, kept?.rows ?? [], context)
  const before = kept && (await handOver(dependencies, reading, kept, context))
  const after = bookTerm(agreement, owner, before, today(context))
  if (!after || after === before) return []
  await store.keepBooks(marketplace, id, after, before)
  return after.rows
}
