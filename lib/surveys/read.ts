import type { Actor, Context } from '../core/context.ts'
import { today } from '../core/context.ts'
import { NOT_STATED } from '../metrics/cut.ts'
import { type Listed, listedPartners, type Partners } from '../partners/listed.ts'
import { type Psat, psatOf } from './psat.ts'
import { finalOn, type SurveyRule } from './response.ts'
import type { SurveyStore } from './store.ts'

export type Dependencies = { store: Pick<SurveyStore, 'ofMonth'>; partners: Partners; rule: SurveyRule }

/** The figures of a month; none before they are final, since what changes from day to day tells the answers of a day. */
export type PsatOfMonth = { period: string; minRespondents: number; finalOn: string; isFinal: boolean } & Psat

const NONE: Psat = { programme: undefined, types: [], partners: [] }

export const psatIn =
  ({ store, rule }: Omit<Dependencies, 'partners'>) =>
  async (period: string, partners: ReadonlyMap<string, Listed>, context: Context): Promise<PsatOfMonth> => {
    const final = finalOn(rule, `${period}-01`)
    const head = { period, minRespondents: rule.minRespondents, finalOn: final, isFinal: final <= today(context) }
    if (!head.isFinal) return { ...head, ...NONE }
    const typeOf = (partnerId: string) => partners.get(partnerId)?.type ?? NOT_STATED
    return { ...head, ...psatOf(await store.ofMonth(period), typeOf, rule.minRespondents) }
  }

/** A partner sees its own figure alone. What is told does not depend on who asks, so that no two can put their figures together. */
const seenBy = ({ role, partnerId }: Actor, psat: PsatOfMonth, asked: string | undefined): PsatOfMonth => {
  const isAsked = (id: string) => (asked === undefined || id === asked) && (role !== 'partner' || id === partnerId)
  const partners = psat.partners.filter((row) => isAsked(row.partnerId))
  return role === 'partner' ? { ...psat, programme: undefined, types: [], partners } : { ...psat, partners }
}

type Asked = { period: string; partnerId?: string | undefined }

export const readPsat =
  (dependencies: Dependencies) =>
  async (actor: Actor, { period, partnerId }: Asked, context: Context): Promise<PsatOfMonth> => {
    const partners = await listedPartners(dependencies.partners)
    return seenBy(actor, await psatIn(dependencies)(period, partners, context), partnerId)
  }
