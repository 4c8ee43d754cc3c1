import { mustBe } from '../core/access.ts'
import type { Actor, Context } from '../core/context.ts'
import { notFound } from '../core/errors.ts'
import type { Page, PageQuery } from '../core/page.ts'
import { type NewSettlement, repeat, reportKey, requestSettlement, type Settlement, told, uploadKey } from './settlement.ts'
import type { SettlementStore } from './store.ts'

type Stored = { store: SettlementStore }
type Link = (key: string, seconds: number) => Promise<string>

const UPLOAD_SECONDS = 3600
const DOWNLOAD_SECONDS = 900

const after = ({ now }: Context, seconds: number) => new Date(Date.parse(now) + seconds * 1000).toISOString()

/** An import, and the address that its file is to be put to within an hour. */
export const askForSettlement =
  ({ store, uploadLink }: Stored & { uploadLink: Link }) =>
  async (actor: Actor, input: NewSettlement, context: Context) => {
    mustBe(actor, 'finance', 'platform')
    const decided = requestSettlement(input, actor.subject, context)
    const url = await uploadLink(uploadKey(decided.settlement.id), UPLOAD_SECONDS)
    const upload = { url, expiresAt: after(context, UPLOAD_SECONDS) }
    const answer = { ...told(decided.settlement), version: 1, upload }
    await store.save(decided, context, answer)
    return answer
  }

export const getSettlement =
  ({ store }: Stored) =>
  async (actor: Actor, id: string): Promise<Settlement> => {
    mustBe(actor, 'finance', 'platform')
    return told(await store.get(id))
  }

export const listSettlements =
  ({ store }: Stored) =>
  async (actor: Actor, page: PageQuery): Promise<Page<Settlement>> => {
    mustBe(actor, 'finance', 'platform')
    const { items, ...more } = await store.list(page)
    return { ...more, items: items.map(told) }
  }

export const repeatSettlement =
  ({ store }: Stored) =>
  async (actor: Actor, id: string, context: Context): Promise<Settlement> => {
    mustBe(actor, 'finance', 'platform')
    const decided = repeat(await store.get(id), context)
    const answer = { ...told(decided.settlement), version: decided.settlement.version + 1 }
    await store.save(decided, context, answer)
    return answer
  }

export const linkToFile =
  ({ store, link }: Stored & { link: Link }) =>
  async (actor: Actor, id: string, name: string, context: Context) => {
    mustBe(actor, 'finance', 'platform')
    const settlement = await store.get(id)
    if (!settlement.files.includes(name)) throw notFound('file', name)
    return {
      name,
      url: await link(reportKey(settlement, name), DOWNLOAD_SECONDS),
      expiresAt: after(context, DOWNLOAD_SECONDS),
    }
  }
