import type { DomainEvent } from '../../events/index.ts'
import { mustBe } from '../core/access.ts'
import type { Actor, Context } from '../core/context.ts'
import { mustExist, notFound } from '../core/errors.ts'
import type { PageQuery } from '../core/page.ts'
import { type Account, type Attachment, attach, isAttached, joiningRole, type NewAccount, open } from './account.ts'
import type { AccountStore } from './store.ts'

type Exists = { get: (id: string) => Promise<unknown> }
export type Dependencies = { store: AccountStore; partners: Exists }

export const createAccount =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (actor: Actor, input: NewAccount, context: Context): Promise<Account> => {
    mustBe(actor, 'manager', 'platform')
    const { account, events } = open(input, context)
    return store.create(account, events, context)
  }

/** A partner sees the accounts that it is attached to, and no others. */
const visible = async (store: AccountStore, actor: Actor, id: string, day: string) => {
  if (actor.role !== 'partner') return store.attachments(id)
  const attachments = await store.attachments(id)
  const own = (['sourced', 'influenced', 'managed'] as const).some((role) =>
    isAttached(attachments, actor.partnerId ?? '', role, day),
  )
  if (!own) throw notFound('account', id, 'check the id, or ask the vendor to attach you to the account')
  return attachments.filter((each) => each.partnerId === actor.partnerId)
}

export const getAccount =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (actor: Actor, id: string, context: Context): Promise<Account> => {
    await visible(store, actor, id, context.now.slice(0, 10))
    return store.get(id)
  }

export const listAccounts =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (actor: Actor, page: PageQuery) => {
    mustBe(actor, 'manager', 'finance', 'platform')
    return store.list(page)
  }

export const listAttachments =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (actor: Actor, id: string, context: Context) => ({ items: await visible(store, actor, id, context.now.slice(0, 10)) })

export const attachPartner =
  ({ store, partners }: Dependencies) =>
  async (actor: Actor, id: string, attachment: Attachment, context: Context): Promise<Attachment> => {
    mustBe(actor, 'manager', 'platform')
    await store.get(id)
    await mustExist({ partnerId: partners.get(attachment.partnerId) })
    await store.attach(attach(id, attachment, context), attachment, context)
    return attachment
  }

/**
 * The event that attaches the partner whose sale it is from that day on: as sourced, or as influenced where another partner sources the
 * account. undefined: it is attached already.
 */
export const joining =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (accountId: string, partnerId: string, from: string, context: Context): Promise<DomainEvent | undefined> => {
    const role = joiningRole(await store.attachments(accountId), partnerId, from)
    return role && attach(accountId, { partnerId, role, from, action: 'attach' }, context)
  }

/** Attaches the partner whose sale it is. */
export const joinPartner =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (accountId: string, partnerId: string, from: string, context: Context): Promise<void> => {
    const event = await joining({ store })(accountId, partnerId, from, context)
    if (event) await store.attach(event)
  }
