import type { DomainEvent } from '../../events/index.ts'
import type { Context } from '../core/context.ts'
import { notFound } from '../core/errors.ts'
import type { Page, PageQuery } from '../core/page.ts'
import { record } from '../runtime/journal.ts'
import { type Item, replace, type Table } from '../runtime/table.ts'
import { Delegation } from './delegation.ts'

// access patterns: the delegations that someone gave, one of them · those that someone received (gsi1) · the events of a delegation
const key = (by: string, id: string) => ({ pk: `DELEGATOR#${by}`, sk: `DELEGATION#${id}` })
const index = ({ to, id }: Delegation) => ({ gsi1pk: `DELEGATE#${to}`, gsi1sk: id })

const received = (to: string) => ({
  IndexName: 'gsi1',
  KeyConditionExpression: 'gsi1pk = :to',
  ExpressionAttributeValues: { ':to': `DELEGATE#${to}` },
})
const given = (by: string) => ({
  KeyConditionExpression: 'pk = :by AND begins_with(sk, :delegation)',
  ExpressionAttributeValues: { ':by': `DELEGATOR#${by}`, ':delegation': 'DELEGATION#' },
})
const delegationIn = (item: Item) => Delegation.parse(item)

export const delegationStore = (table: Table) => {
  const list = async (query: Parameters<Table['page']>[0], { limit, cursor }: PageQuery): Promise<Page<Delegation>> => {
    const { items, ...page } = await table.page({ ...query, ScanIndexForward: false }, { limit, cursor })
    return { ...page, items: items.map(delegationIn) }
  }

  return {
    get: async (by: string, id: string): Promise<Delegation> => {
      const item = await table.get(key(by, id))
      if (!item) throw notFound('delegation', id)
      return delegationIn(item)
    },

    givenBy: (by: string, page: PageQuery) => list(given(by), page),
    receivedBy: (to: string, page: PageQuery) => list(received(to), page),

    /** All that someone received. The index only names them: each is read itself, so that one that was just revoked counts no more. */
    heldBy: async (to: string): Promise<Delegation[]> => {
      const named = await Array.fromAsync(table.query(received(to)))
      return (await table.getAll(named.map(({ pk, sk }) => ({ pk, sk })))).map(delegationIn)
    },

    save: async (delegation: Delegation, events: DomainEvent[], context: Context): Promise<Delegation> => {
      const saved = { ...delegation, version: delegation.version + 1 }
      const item = { ...key(delegation.by, delegation.id), ...index(delegation), ...delegation }
      await table.commit([replace(item, delegation.version), ...events.map(record)], { context, answer: saved })
      return saved
    },
  }
}
export type DelegationStore = ReturnType<typeof delegationStore>
