import fc from 'fast-check'
import type { Fault } from '../../infra/local/marketplaces/faults.ts'
import { service } from '../../infra/service.ts'
import { parseWebhook } from '../../lib/agreements/azure-webhook.ts'
import { followOperation } from '../../lib/agreements/operation.ts'
import { landPurchase } from '../../lib/agreements/purchase.ts'
import { ChangeRule } from '../../lib/agreements/subscription-change.ts'
import { requestDeletion } from '../../lib/offers/deletion.ts'
import { ann } from '../support/offers.ts'
import type { AzureWorld } from './azure-world.ts'
import { anyCrash, type Crash, dyingIn } from './crash.ts'
import { type Desk, makeCommon } from './desk.ts'

const HOUR = 3600
const RULE = ChangeRule.parse(JSON.parse(service.policies.SUBSCRIPTION_CHANGE_RULE))
const which = fc.nat({ max: 7 })
const crash = anyCrash(6)
const fault = fc.record({
  target: fc.constantFrom(
    ...['configure', 'status', 'get', 'query', 'detail', 'products', 'plans'].map((name) => `azure.ingestion.${name}`),
    ...['resolve', 'activate', 'subscription', 'subscriptions', 'plans', 'operation', 'answer'].map(
      (name) => `azure.fulfilment.${name}`,
    ),
    'azure.login.token',
  ),
  kind: fc.constantFrom<Fault['kind']>('error', 'throttle', 'reset'),
  times: fc.integer({ min: 1, max: 2 }),
})
export const move = fc.oneof(
  fc.record({ kind: fc.constant('follow' as const), which, crash }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('follow all' as const), crash }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('reconcile' as const), crash }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('hear' as const), which, crash, keep: fc.boolean(), strict: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('change plan' as const), which, to: which }) },
  fc.record({ kind: fc.constant('change users' as const), which, users: fc.integer({ min: 1, max: 600 }) }),
  fc.record({ kind: fc.constant('both' as const), which }),
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      seconds: fc.constantFrom(60, 240, 240, 1300, 1300, 6 * HOUR, 40 * 24 * HOUR),
    }),
  },
  fc.record({ kind: fc.constant('fault' as const), fault }),
  fc.record({ kind: fc.constant('withdraw' as const), which }),
  fc.record({ kind: fc.constantFrom('delete' as const, 'accept' as const, 'publish' as const), which }),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('buy' as const),
      which,
      users: fc.integer({ min: 20, max: 500 }),
      plan: fc.nat({ max: 2 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('land' as const), which, crash }) },
  fc.record({
    kind: fc.constantFrom('renew' as const, 'suspend' as const, 'reinstate' as const, 'unsubscribe' as const),
    which,
  }),
)
export type Move = typeof move extends fc.Arbitrary<infer Each> ? Each : never

/** `tokens` are those of buyers who have come to the landing page, or will. */
export type Stage = { azure: AzureWorld; desk: Desk; ids: string[]; tokens: string[] }

const pick = <T>(items: T[], index: number): T | undefined => items[index % Math.max(1, items.length)]

/** A webhook message arrives: in any order, once, again later, or never. */
const hear = async (
  { azure, desk }: Stage,
  { which, crash, keep, strict }: { which: number; crash: Crash | undefined; keep: boolean; strict: boolean },
) => {
  const message = pick(azure.sent, which)
  if (!message) return
  if (!keep) azure.sent.splice(azure.sent.indexOf(message), 1)
  const { subscriptionId, operationId } = parseWebhook(JSON.stringify(message.body))
  const fulfilment = dyingIn(azure.source, crash, { calls: 0 })
  const rule: ChangeRule = strict ? RULE : { ...RULE, planLeavingOffer: 'confirm', usersBeyondLimits: 'confirm' }
  const sync = (id: string) => desk.sync(id, crash)
  const { store } = desk.dependencies().syncing
  const dependencies = { fulfilment, offers: desk.store, store, feed: { add: async () => 1 }, sync, rule }
  await followOperation(dependencies)({ subscriptionId, operationId }, desk.context())
}

/** The buyer comes to the landing page, perhaps again. */
const land = async ({ azure, desk }: Stage, token: string, crash: Crash | undefined) => {
  const life = { calls: 0 }
  const { syncing } = desk.dependencies(crash, life)
  const fulfilment = dyingIn(azure.source, crash, life)
  const sync = (id: string) => desk.sync(id, crash)
  return landPurchase({ fulfilment: { ...fulfilment, read: syncing.source.read }, sync, onError: () => {} })(
    token,
    desk.context(),
  )
}

/** The customer buys one of the plans of the offer. */
const buy = async ({ azure, tokens }: Stage, guid: string, { users, plan }: { users: number; plan: number }) => {
  const name = pick(await azure.sold(guid), plan)
  const { token } = await azure.buy(guid, users, name).catch(() => azure.buy(guid, 1, name))
  tokens.push(token)
}

export const make = async (stage: Stage, step: Move): Promise<unknown> => {
  const { azure, desk, ids, tokens } = stage
  const id = 'which' in step ? (pick(ids, step.which) ?? '') : ''
  const guid = 'which' in step ? (pick(await azure.listed(), step.which)?.guid ?? '') : ''
  switch (step.kind) {
    case 'hear':
      return hear(stage, step)
    case 'delete':
      return desk.decide(id, (offer) => requestDeletion(offer, ann, desk.context()))
    case 'accept':
    case 'publish':
      return azure[step.kind](guid)
    case 'buy':
      return buy(stage, guid, step)
    case 'land':
      return land(stage, pick(tokens, step.which) ?? '', step.crash)
    case 'change plan':
    case 'change users': {
      const bought = pick(await azure.bought(), step.which)
      if (!bought) return undefined
      return step.kind === 'change plan' ? azure.changePlan(bought, step.to) : azure.changeUsers(bought, step.users)
    }
    case 'renew':
    case 'suspend':
    case 'reinstate':
    case 'unsubscribe': {
      const bought = pick(await azure.bought(), step.which)
      return bought && azure[step.kind](bought)
    }
    default:
      return makeCommon(desk, azure, step, id)
  }
}
