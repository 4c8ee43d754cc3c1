import { mustBe, mustMatch } from '../core/access.ts'
import { type Actor, type Context, today } from '../core/context.ts'
import { mustExist } from '../core/errors.ts'
import type { Page, PageQuery } from '../core/page.ts'
import type { Offer } from '../offers/offer.ts'
import {
  type Commitment,
  type CommitmentEnd,
  type CommitmentTerms,
  change,
  end,
  type NewCommitment,
  record,
} from './commitment.ts'
import { type DrawdownRule, drawnBy } from './drawdown.ts'
import type { CommitmentStore } from './store.ts'

export type Dependencies = {
  store: CommitmentStore
  accounts: { get: (id: string) => Promise<unknown> }
}

// What a customer has promised a cloud is no partner's business.
const mustBeVendor = (actor: Actor) => mustBe(actor, 'manager', 'finance', 'platform')

export const recordCommitment =
  ({ store, accounts }: Dependencies) =>
  async (actor: Actor, input: NewCommitment, context: Context): Promise<Commitment> => {
    mustBeVendor(actor)
    await mustExist({ accountId: accounts.get(input.accountId) })
    const revision = await store.revision(input.accountId)
    const others = await store.ofAccount(input.accountId)
    return store.save(record(input, others, actor, context), revision, context)
  }

export const getCommitment =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (actor: Actor, id: string): Promise<Commitment> => {
    mustBeVendor(actor)
    return store.get(id)
  }

export const listCommitments =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (actor: Actor, { accountId, ...page }: PageQuery & { accountId?: string | undefined }): Promise<Page<Commitment>> => {
    mustBeVendor(actor)
    return accountId ? { items: await store.ofAccount(accountId) } : store.list(page)
  }

export const changeCommitment =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (
    actor: Actor,
    id: string,
    terms: CommitmentTerms,
    expected: number | undefined,
    context: Context,
  ): Promise<Commitment> => {
    mustBeVendor(actor)
    const { accountId } = await store.get(id)
    const revision = await store.revision(accountId)
    const [commitment, others] = [await store.get(id), await store.ofAccount(accountId)]
    mustMatch(expected, commitment.version)
    return store.save(change(commitment, terms, others, actor, context), revision, context)
  }

export const endCommitment =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (actor: Actor, id: string, input: CommitmentEnd, expected: number | undefined, context: Context): Promise<Commitment> => {
    mustBeVendor(actor)
    const commitment = await store.get(id)
    mustMatch(expected, commitment.version)
    const decided = end(commitment, input, actor, context)
    if (!decided.events.length) return commitment
    return store.save(decided, await store.revision(commitment.accountId), context)
  }

/** Whether an offer draws down a commitment of its account: all that others than the vendor are told of it. */
export const drawsDown =
  ({ store, rule }: { store: Pick<CommitmentStore, 'ofAccount'>; rule: DrawdownRule }) =>
  async (offer: Offer, context: Context): Promise<boolean> =>
    drawnBy(offer, await store.ofAccount(offer.accountId), rule, today(context)) !== undefined
