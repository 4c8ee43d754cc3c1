import { mustBe } from '../core/access.ts'
import type { Actor, Context } from '../core/context.ts'
import { isCode } from '../core/errors.ts'
import type { Page, PageQuery } from '../core/page.ts'
import type { VerificationStore } from './store.ts'
import { type Level, nightly, request, requestRepair, type Verification, viewOf } from './verification.ts'

export type Dependencies = { store: VerificationStore }

export const askForVerification =
  ({ store }: Dependencies) =>
  async (actor: Actor, { level }: { level: Level }, context: Context): Promise<Verification> => {
    mustBe(actor, 'finance', 'platform')
    return viewOf(await store.save(request(level, actor.subject, context), context))
  }

/** Asks for this night's verification, once. */
export const askForNightly =
  ({ store }: Dependencies) =>
  async (context: Context): Promise<void> => {
    await store.save(nightly(context), context).catch((error: unknown) => {
      if (!isCode(error, 'conflict')) throw error
    })
  }

export const getVerification =
  ({ store }: Dependencies) =>
  async (actor: Actor, id: string): Promise<Verification> => {
    mustBe(actor, 'manager', 'finance', 'platform')
    return viewOf(await store.get(id))
  }

export const listVerifications =
  ({ store }: Dependencies) =>
  async (actor: Actor, page: PageQuery): Promise<Page<Verification>> => {
    mustBe(actor, 'manager', 'finance', 'platform')
    const { items, ...more } = await store.list(page)
    return { ...more, items: items.map(viewOf) }
  }

/** Asks for the repair of what a verification found. */
export const askForRepair =
  ({ store }: Dependencies) =>
  async (actor: Actor, id: string, { reason }: { reason: string }, context: Context): Promise<Verification> => {
    mustBe(actor, 'platform')
    const [kept, epoch] = [await store.get(id), await store.epoch()]
    return viewOf(await store.beginRepair(requestRepair(kept, actor.subject, reason, epoch, context), context))
  }
