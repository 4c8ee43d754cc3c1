import { mustBe, mustMatch } from '../core/access.ts'
import { type Actor, type Context, today } from '../core/context.ts'
import type { Page, PageQuery } from '../core/page.ts'
import { type Approval, openStep } from './approval.ts'
import { claimFor, type Mandate, partiesOf } from './claim.ts'
import type { Task } from './contract.ts'
import { type Delegation, grant, mandatesOn, type NewDelegation, revoke } from './delegation.ts'
import type { DelegationStore } from './store.ts'

/** What of an offer its approvers must know. */
export type Pending = Pick<Task, 'name' | 'partnerId' | 'accountId'> & {
  id: string
  requestedBy: string
  submittedBy?: string | undefined
  approval?: Approval | undefined
}
export type Dependencies = {
  store: DelegationStore
  /** Offers that wait for approval, the most urgent first. */
  pending: (page: PageQuery) => Promise<Page<Pending>>
}

const APPROVERS = ['manager', 'finance', 'platform'] as const

export const grantDelegation =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (actor: Actor, input: NewDelegation, context: Context): Promise<Delegation> => {
    mustBe(actor, ...APPROVERS)
    const { delegation, events } = grant(input, actor, context)
    return store.save(delegation, events, context)
  }

export const listDelegations =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (actor: Actor, { side, ...page }: PageQuery & { side: 'given' | 'received' }): Promise<Page<Delegation>> => {
    mustBe(actor, ...APPROVERS)
    return side === 'given' ? store.givenBy(actor.subject, page) : store.receivedBy(actor.subject, page)
  }

/** Who gave it ends it; the delegation of another one is not found. */
export const revokeDelegation =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (actor: Actor, id: string, expected: number | undefined, context: Context): Promise<Delegation> => {
    const before = await store.get(actor.subject, id)
    mustMatch(expected, before.version)
    const { delegation, events } = revoke(before, context)
    return events.length ? store.save(delegation, events, context) : before
  }

export const mandatesOf =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (subject: string, context: Context): Promise<Mandate[]> =>
    mandatesOn(await store.heldBy(subject), today(context))

const taskOf = (offer: Pending, actor: Actor, lent: Mandate[]): Task[] => {
  const { approval } = offer
  const claim = approval && claimFor(approval, partiesOf(offer), actor, lent)
  const { name: step = '', openedAt = '', dueAt = '', escalatedAt } = (approval && openStep(approval)) ?? {}
  if (!claim) return []
  const { id: offerId, name, partnerId, accountId } = offer
  const { policy, reason, facts } = approval
  const { onBehalfOf } = claim
  return [
    {
      ...{ offerId, name, partnerId, accountId, policy, step, openedAt, dueAt, reason, facts },
      ...(escalatedAt && { escalatedAt }),
      ...(onBehalfOf && { onBehalfOf }),
    },
  ]
}

const MAX_PAGES = 10

/** What waits for the one who asks: exactly what a decision of theirs would be taken for. Pages on which nothing does are passed over. */
export const listApprovals =
  ({ store, pending }: Dependencies) =>
  async (actor: Actor, { limit, cursor }: PageQuery, context: Context): Promise<Page<Task>> => {
    mustBe(actor, ...APPROVERS)
    const lent = await mandatesOf({ store })(actor.subject, context)
    let page = await pending({ limit, cursor })
    for (let pages = 1; ; pages++) {
      const items = page.items.flatMap((each) => taskOf(each, actor, lent))
      if (items.length || !page.cursor || pages >= MAX_PAGES) return { ...page, items }
      page = await pending({ limit, cursor: page.cursor })
    }
  }
