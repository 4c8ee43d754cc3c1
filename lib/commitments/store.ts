import type { Context } from '../core/context.ts'
import { conflict, notFound, ServiceError } from '../core/errors.ts'
import type { Page, PageQuery } from '../core/page.ts'
import { record } from '../runtime/journal.ts'
import { insert, replace, type Table, type Write } from '../runtime/table.ts'
import { Commitment, type Decided } from './commitment.ts'

// access patterns: the commitments of an account (in its partition, so that offers find them with one query) · one commitment, by
// the account that its id is claimed for · all commitments by account (gsi2)
const key = ({ accountId, id }: Pick<Commitment, 'accountId' | 'id'>) => ({ pk: `ACCOUNT#${accountId}`, sk: `COMMITMENT#${id}` })
const index = ({ accountId, id }: Commitment) => ({ gsi2pk: 'COMMITMENT', gsi2sk: `${accountId}#${id}` })
const idKey = (id: string) => ({ pk: `COMMITMENT#${id}`, sk: 'COMMITMENT' })
const revisionKey = (accountId: string) => ({ pk: `ACCOUNT#${accountId}`, sk: 'COMMITMENTS' })

const claim = ({ id, accountId, version }: Commitment): Write[] =>
  version === 0 ? [insert({ ...idKey(id), accountId }, () => conflict(`commitment ${id} exists already`, 'id'))] : []

const changedMeanwhile = () =>
  new ServiceError('stale_version', 'a commitment of this account was changed meanwhile: repeat the request')

// No two changes of an account's commitments pass each other: together they could overlap.
const next = (accountId: string, revision: number): Write => ({
  ...replace({ ...revisionKey(accountId), version: revision }, revision),
  refusal: changedMeanwhile,
})

export const commitmentStore = (table: Table) => {
  const ofAccount = async (accountId: string): Promise<Commitment[]> => {
    const commitments: Commitment[] = []
    const query = {
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
      ExpressionAttributeValues: { ':pk': `ACCOUNT#${accountId}`, ':sk': 'COMMITMENT#' },
    }
    for await (const item of table.query(query)) commitments.push(Commitment.parse(item))
    return commitments
  }

  return {
    ofAccount,

    /** How often the commitments of an account were changed. To be read before them. */
    revision: async (accountId: string): Promise<number> => Number((await table.get(revisionKey(accountId)))?.['version'] ?? 0),

    get: async (id: string): Promise<Commitment> => {
      const claimed = await table.get(idKey(id))
      const item = claimed && (await table.get(key({ accountId: String(claimed['accountId']), id })))
      if (!item) throw notFound('commitment', id)
      return Commitment.parse(item)
    },

    list: async ({ limit, cursor }: PageQuery): Promise<Page<Commitment>> => {
      const query = {
        IndexName: 'gsi2',
        KeyConditionExpression: 'gsi2pk = :all',
        ExpressionAttributeValues: { ':all': 'COMMITMENT' },
      }
      const { items, ...page } = await table.page(query, { limit, cursor })
      return { ...page, items: items.map((item) => Commitment.parse(item)) }
    },

    /** `revision` is that of the account's commitments that were looked at for the decision. */
    save: async ({ commitment, events }: Decided, revision: number, context: Context): Promise<Commitment> => {
      const saved = { ...commitment, version: commitment.version + 1 }
      const kept = replace({ ...key(commitment), ...index(commitment), ...commitment }, commitment.version)
      const writes = [...claim(commitment), kept, next(commitment.accountId, revision), ...events.map(record)]
      await table.commit(writes, { context, answer: saved })
      return saved
    },
  }
}
export type CommitmentStore = ReturnType<typeof commitmentStore>
