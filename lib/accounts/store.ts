import type { DomainEvent } from '../../events/index.ts'
import type { Context } from '../core/context.ts'
import { conflict, isCode, notFound } from '../core/errors.ts'
import type { Page, PageQuery } from '../core/page.ts'
import { eventIn, eventsOf, record } from '../runtime/journal.ts'
import { insert, type Table } from '../runtime/table.ts'
import { Account, type Attachment, type BuyerId } from './account.ts'

// access patterns: one account · all accounts by id (gsi2) · the account of a marketplace's buyer · the attachments of an account
const key = (id: string) => ({ pk: `ACCOUNT#${id}`, sk: 'ACCOUNT' })
const index = ({ id }: Account) => ({ gsi2pk: 'ACCOUNT', gsi2sk: id })
const buyerKey = ({ marketplace, id }: BuyerId) => ({ pk: `BUYER#${marketplace}#${id}`, sk: 'BUYER' })

const buyerWrite = (account: Account) => (buyer: BuyerId, at: number) =>
  insert({ ...buyerKey(buyer), accountId: account.id }, () =>
    conflict(`the ${buyer.marketplace} buyer ${buyer.id} belongs to another account`, `buyerIds.${at}.id`),
  )

const attachmentIn = (event: DomainEvent): Attachment[] => {
  if (event.type !== 'account.attached.v1' && event.type !== 'account.detached.v1') return []
  const { partnerId, role, from } = event.data
  return [{ partnerId, role, from, action: event.type === 'account.attached.v1' ? 'attach' : 'detach' }]
}

export const accountStore = (table: Table) => ({
  get: async (id: string): Promise<Account> => {
    const item = await table.get(key(id))
    if (!item) throw notFound('account', id)
    return Account.parse(item)
  },

  list: async ({ limit, cursor }: PageQuery): Promise<Page<Account>> => {
    const query = { IndexName: 'gsi2', KeyConditionExpression: 'gsi2pk = :all', ExpressionAttributeValues: { ':all': 'ACCOUNT' } }
    const { items, ...page } = await table.page(query, { limit, cursor })
    return { ...page, items: items.map((item) => Account.parse(item)) }
  },

  /** The ids of the accounts behind an id, in their order. */
  idsAfter: async function* (id: string): AsyncIterable<string> {
    const query = {
      IndexName: 'gsi2',
      KeyConditionExpression: id ? 'gsi2pk = :all AND gsi2sk > :id' : 'gsi2pk = :all',
      ExpressionAttributeValues: { ':all': 'ACCOUNT', ...(id && { ':id': id }) },
    }
    for await (const item of table.query(query)) yield String(item['id'])
  },

  ofBuyer: async (buyer: BuyerId): Promise<string | undefined> => {
    const item = await table.get(buyerKey(buyer))
    return item && String(item['accountId'])
  },

  attachments: async (id: string): Promise<Attachment[]> => {
    const found: Attachment[] = []
    for await (const item of table.query(eventsOf(`ACCOUNT#${id}`))) found.push(...attachmentIn(eventIn(item)))
    return found.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))
  },

  create: async (account: Account, events: DomainEvent[], context: Context): Promise<Account> => {
    const saved = { ...account, version: 1 }
    const taken = () => conflict(`account ${account.id} exists already`, 'id')
    const writes = [
      insert({ ...key(account.id), ...index(account), ...saved }, taken),
      ...account.buyerIds.map(buyerWrite(account)),
    ]
    await table.commit([...writes, ...events.map(record)], { context, answer: saved })
    return saved
  },

  /** Keeps what was said of a partner; saying it again changes nothing. */
  attach: async (event: DomainEvent, answer?: Attachment, context?: Context) => {
    try {
      await table.commit([record(event)], { ...(context && { context }), answer })
    } catch (error) {
      if (!isCode(error, 'conflict')) throw error
    }
  },
})
export type AccountStore = ReturnType<typeof accountStore>
