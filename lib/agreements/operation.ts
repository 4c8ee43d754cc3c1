import { emit } from '../../events/envelope.ts'
import type { DomainEvent } from '../../events/index.ts'
import type { Context } from '../core/context.ts'
import { isCode } from '../core/errors.ts'
import { asBought } from '../offers/bought.ts'
import { itemBought } from './bought.ts'
import { asBefore, type Dependencies as Owners } from './owner.ts'
import type { AgreementSource } from './source.ts'
import { type Answer, type Asked, type ChangeRule, type Judgement, judge } from './subscription-change.ts'

/** A change of a subscription as the marketplace tells it: `planId` and `quantity` are those asked for. */
export type Operation = {
  operationId: string
  subscriptionId: string
  action: string
  status: string
  planId?: string
  quantity?: number
}

export type Dependencies = {
  fulfilment: Pick<AgreementSource, 'read' | 'catalogued'> & {
    operation: (subscriptionId: string, operationId: string) => Promise<Operation>
    /** The marketplace's id of the private offer that sells a plan to this subscription. */
    offerOfPlan: (subscriptionId: string, planId: string) => Promise<string | undefined>
    /** Undefined: it is taken. Else why not: the operation is over, or unknown. */
    answer: (operation: Operation, answer: Answer) => Promise<string | undefined>
  }
  offers: Owners['offers']
  store: Owners['store']
  feed: { add: (events: DomainEvent[]) => Promise<number> }
  sync: (subscriptionId: string, context: Context) => Promise<unknown>
  rule: ChangeRule
}

/** Other operations, like a reinstatement, cannot be answered. */
const isAnswerable = ({ action, status }: Operation) =>
  /^change(plan|quantity)$/i.test(action) && /^(notstarted|inprogress)$/i.test(status)

const offerOf = async ({ offers }: Dependencies, externalId: string | undefined) => {
  const id = externalId && (await offers.ofExternalId('azure', externalId))
  return id ? offers.get(id) : undefined
}

const askedOf = async (dependencies: Dependencies, operation: Operation): Promise<Asked | undefined> => {
  const { action, subscriptionId, planId, quantity } = operation
  if (/quantity/i.test(action)) return quantity ? { to: 'users', users: quantity } : undefined
  if (!planId) return undefined
  const externalId = await dependencies.fulfilment.offerOfPlan(subscriptionId, planId)
  return { to: 'plan', planId, offer: await offerOf(dependencies, externalId) }
}

/** The offer that sells the present plan, as of its item where it has several: the one that the books have it under. */
const currentOffer = async (dependencies: Dependencies, subscriptionId: string) => {
  const { fulfilment, offers } = dependencies
  const agreement = await fulfilment.read(subscriptionId)
  const before = (await asBefore(dependencies, agreement))?.offerId
  const offer = before ? await offers.get(before) : await offerOf(dependencies, agreement.offerExternalId)
  const item = offer && (await itemBought(fulfilment, offer, agreement))
  return offer && item !== undefined ? asBought(offer, item) : offer
}

const factsOf = ({ operationId, subscriptionId, planId, quantity }: Operation, asked: Asked, judged: Judgement) => ({
  ...{ operationId, subscriptionId, change: asked.to, ...judged },
  ...(asked.to === 'plan' && planId && { planId }),
  ...(asked.to === 'users' && quantity && { quantity }),
})

/** The same answer may be sent twice: of an operation that has ended by the first one the marketplace says so. */
const send = ({ fulfilment }: Dependencies, operation: Operation, answer: Answer) => {
  const once = () => fulfilment.answer(operation, answer)
  return once().catch((error: unknown) => (isCode(error, 'unavailable') ? once() : Promise.reject(error)))
}

const END: Record<Answer, string> = { confirm: 'succeeded', refuse: 'failed' }

const reply = async (dependencies: Dependencies, operation: Operation, asked: Asked, judged: Judgement, context: Context) => {
  const { fulfilment, feed } = dependencies
  const { subscriptionId, operationId } = operation
  const facts = factsOf(operation, asked, judged)
  const id = (what: string) => ({ id: `evt_azure_${what}_${operationId}` })
  await feed.add([emit(context, 'azure.change-judged.v1', subscriptionId, facts, id('judged'))])
  const reason = await send(dependencies, operation, judged.answer)
  if (reason === undefined) return
  const { status } = await fulfilment.operation(subscriptionId, operationId)
  // Another copy of this message was faster.
  if (status.toLowerCase() === END[judged.answer]) return
  const refused = { operationId, subscriptionId, answer: judged.answer, status, reason }
  await feed.add([emit(context, 'azure.answer-refused.v1', subscriptionId, refused, id('refused'))])
}

/**
 * What to do about an operation that a webhook named, once the marketplace itself tells of it: where the subscriber waits for our
 * word, it is judged, noted, and answered; then the subscription is read. Microsoft confirms by itself after ten seconds: whatever comes
 * too late, or dies on the way, changes nothing of that, and the books follow what is. May be repeated.
 * Source: Microsoft Learn, "Implementing a webhook on the SaaS service".
 */
export const followOperation =
  (dependencies: Dependencies) =>
  async ({ subscriptionId, operationId }: Pick<Operation, 'subscriptionId' | 'operationId'>, context: Context): Promise<void> => {
    const operation = await dependencies.fulfilment.operation(subscriptionId, operationId)
    if (isAnswerable(operation)) {
      const [asked, current] = await Promise.all([askedOf(dependencies, operation), currentOffer(dependencies, subscriptionId)])
      if (asked) await reply(dependencies, operation, asked, judge(asked, current, dependencies.rule), context)
    }
    await dependencies.sync(subscriptionId, context)
  }
