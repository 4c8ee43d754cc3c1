import { emit } from '../../events/envelope.ts'
import type { DomainEvent } from '../../events/index.ts'
import { AttachmentRole, Id, NewId } from '../../events/vocabulary.ts'
import type { Context } from '../core/context.ts'
import { DateText, Instant } from '../core/period.ts'
import * as z from '../core/schema.ts'

export const BuyerId = z.strictObject({
  marketplace: z.enum(['aws', 'azure']),
  id: z.described(z.text(200), 'AWS account id; Azure tenant id or billing account id'),
})
export type BuyerId = z.infer<typeof BuyerId>

export const NewAccount = z.strictObject({
  id: z.described(z.optional(NewId), 'yours, or one is made'),
  name: z.trimmed(200),
  buyerIds: z.described(z._default(z.array(BuyerId).check(z.maxLength(50)), []), 'how the marketplaces know this customer'),
})
export type NewAccount = z.infer<typeof NewAccount>

export const Account = z.named(z.object({ ...NewAccount.shape, id: Id, version: z.int(), createdAt: Instant }), 'Account')
export type Account = z.infer<typeof Account>

export const Attachment = z.named(
  z.strictObject({
    partnerId: Id,
    role: AttachmentRole,
    from: DateText,
    action: z._default(z.enum(['attach', 'detach']), 'attach'),
  }),
  'Attachment',
)
export type Attachment = z.infer<typeof Attachment>

type Decided = { account: Account; events: DomainEvent[] }

export const open = ({ id = '', ...input }: NewAccount, context: Context): Decided => {
  const accountId = id || context.newId('acc')
  return {
    account: { ...input, id: accountId, version: 0, createdAt: context.now },
    events: [emit(context, 'account.opened.v1', accountId, { accountId })],
  }
}

/** The same attachment said twice is the same event. */
export const attach = (accountId: string, { action, ...attachment }: Attachment, context: Context): DomainEvent => {
  const { partnerId, role, from } = attachment
  const type = action === 'attach' ? 'account.attached.v1' : 'account.detached.v1'
  const id = `evt_${action}:${accountId}:${partnerId}:${role}:${from}`
  return emit(context, type, accountId, { accountId, ...attachment }, { id, happened: `${from}T00:00:00Z` })
}

/** What the events of an account say of one partner and role: in force on that day or not. */
export const isAttached = (attachments: readonly Attachment[], partnerId: string, role: Attachment['role'], day: string) => {
  const said = attachments.filter((each) => each.partnerId === partnerId && each.role === role && each.from <= day)
  return said.some(
    (each) => each.action === 'attach' && !said.some((other) => other.action === 'detach' && each.from < other.from),
  )
}

/** The role in which a partner whose sale this is joins the account; undefined: it is there already. */
export const joiningRole = (
  attachments: readonly Attachment[],
  partnerId: string,
  day: string,
): Attachment['role'] | undefined => {
  if (isAttached(attachments, partnerId, 'sourced', day) || isAttached(attachments, partnerId, 'influenced', day))
    return undefined
  const sourcedByAnother = attachments.some((each) => isAttached(attachments, each.partnerId, 'sourced', day))
  return sourcedByAnother ? 'influenced' : 'sourced'
}
