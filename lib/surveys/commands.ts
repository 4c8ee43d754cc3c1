import { mustBe } from '../core/access.ts'
import type { Actor, Context } from '../core/context.ts'
import { mustExist } from '../core/errors.ts'
import { type NewResponse, type Receipt, respond, type SurveyRule } from './response.ts'
import type { SurveyStore } from './store.ts'

export type Dependencies = {
  store: Pick<SurveyStore, 'find' | 'save'>
  partners: { get: (id: string) => Promise<unknown> }
  rule: SurveyRule
}

/** Takes what a survey tool collected; partners do not answer for their own people. */
export const takeResponse =
  ({ store, partners, rule }: Dependencies) =>
  async (actor: Actor, input: NewResponse, context: Context): Promise<Receipt> => {
    mustBe(actor, 'manager', 'platform')
    await mustExist({ partnerId: partners.get(input.partnerId) })
    const { receipt, changed } = respond(await store.find(input), input, rule, actor, context)
    return changed ? store.save(changed.response, changed.event, receipt, context) : receipt
  }
