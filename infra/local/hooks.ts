import type { IncomingMessage, ServerResponse } from 'node:http'
import * as z from 'zod'
import { Instant, MonthText } from '../../lib/core/period.ts'
import type { TwinClock } from './clock.ts'
import { type Identity, ROLES } from './identity.ts'
import { mailsOf } from './mail.ts'
import { acceptOffer, cancelAgreement, findAgreement } from './marketplaces/aws/agreements.ts'
import { AMOUNT, invoiceAgreement, invoiceUsage, refundInvoice } from './marketplaces/aws/billing.ts'
import { acceptOfferSet } from './marketplaces/aws/offer-set-acceptance.ts'
import { receiveAuthorization, resell } from './marketplaces/aws/other-seller.ts'
import { renewAgreement, switchRenewal } from './marketplaces/aws/renewal.ts'
import {
  acceptPrivateOffer,
  purchase,
  reinstate,
  renewSubscription,
  suspend,
  unsubscribe,
} from './marketplaces/azure/customer.ts'
import { publishAsPartner, receiveOffer, withdrawAsPartner } from './marketplaces/azure/selling-partner.ts'
import { changePlan, changeQuantity } from './marketplaces/azure/subscriber.ts'
import { Fault } from './marketplaces/faults.ts'
import type { World } from './marketplaces/stand-in.ts'
import { readBody } from './outside.ts'

export type Twin = {
  world: World
  clock: TwinClock
  identity: Identity
  advance: (to: Date) => Promise<void>
  settle: () => Promise<void>
}

type Hook = { path: RegExp; body?: z.ZodType; run: (twin: Twin, id: string, body: never) => Promise<unknown> }

const hook = <S extends z.ZodType>(
  path: string,
  body: S,
  run: (twin: Twin, id: string, body: z.output<S>) => Promise<unknown>,
): Hook => ({
  path: new RegExp(`^/_twin/${path.replace('{id}', '([^/]+)')}$`),
  body,
  run,
})

const Nothing = z.strictObject({})
const Advance = z.union([
  z.strictObject({ to: Instant }),
  z.strictObject({
    days: z.number().min(0).default(0),
    minutes: z.number().min(0).default(0),
    seconds: z.number().min(0).default(0),
  }),
])
const Grant = z.strictObject({ role: z.enum(ROLES), partnerId: z.string().optional(), subject: z.string().optional() })

const Wholesale = z.strictObject({
  months: z.int().min(1),
  charges: z.array(z.strictObject({ on: z.string(), amount: z.string().regex(AMOUNT) })).min(1),
  buyerAccountIds: z.array(z.string()).optional(),
  until: z.string().optional(),
})

const target = (now: Date, advance: z.output<typeof Advance>) =>
  'to' in advance
    ? new Date(advance.to)
    : new Date(now.getTime() + advance.days * 86_400_000 + advance.minutes * 60_000 + advance.seconds * 1000)

const subscription =
  <T>(act: (world: World, id: string, body: T) => Promise<unknown>) =>
  async ({ world, settle }: Twin, id: string, body: T) => {
    const done = await act(world, id, body)
    await settle()
    return done
  }

const HOOKS: Hook[] = [
  hook('token', Grant, async ({ identity }, _, grant) => ({ token: await identity.issue(grant) })),
  hook('clock', Advance, async ({ clock, advance }, _, body) => {
    await advance(target(clock.now(), body))
    return { now: clock.now().toISOString() }
  }),
  hook('settle', Nothing, async ({ settle }) => {
    await settle()
    return {}
  }),
  hook('faults', z.strictObject({ faults: z.array(Fault) }), async ({ world }, _, { faults }) => {
    world.faults.clear()
    for (const fault of faults) world.faults.add(fault)
    return { pending: world.faults.pending() }
  }),
  hook(
    'aws/offers/{id}/accept',
    z.strictObject({ buyerAccountId: z.string(), autoRenew: z.boolean().optional() }),
    ({ world }, id, { buyerAccountId, autoRenew }) => acceptOffer(world, id, buyerAccountId, { autoRenew }),
  ),
  hook(
    'aws/offer-sets/{id}/accept',
    z.strictObject({ buyerAccountId: z.string() }),
    async ({ world }, id, { buyerAccountId }) => ({
      agreements: await acceptOfferSet(world, id, buyerAccountId),
    }),
  ),
  hook('aws/authorizations', Wholesale, ({ world }, _, wholesale) => receiveAuthorization(world, wholesale)),
  hook(
    'aws/authorizations/{id}/resell',
    z.strictObject({ buyerAccountId: z.string(), markupPercent: z.string().default('5.0') }),
    ({ world }, id, sale) => resell(world, id, sale),
  ),
  hook('aws/agreements/{id}/invoice', Nothing, ({ world }, id) => invoiceAgreement(world, id)),
  hook(
    'aws/agreements/{id}/usage',
    z.strictObject({ month: MonthText, amount: z.string().regex(AMOUNT) }),
    ({ world }, id, metered) => invoiceUsage(world, id, metered),
  ),
  hook('aws/agreements/{id}/invoices', Nothing, async ({ world }, id) => ({
    invoices: (await findAgreement(world, id)).invoices,
  })),
  hook(
    'aws/agreements/{id}/renew',
    z.strictObject({ increasePercent: z.string().regex(AMOUNT).optional() }),
    ({ world }, id, increase) => renewAgreement(world, id, increase),
  ),
  hook('aws/agreements/{id}/auto-renewal', z.strictObject({ on: z.boolean() }), ({ world }, id, { on }) =>
    switchRenewal(world, id, on),
  ),
  hook('aws/agreements/{id}/cancel', Nothing, ({ world }, id) => cancelAgreement(world, id)),
  hook(
    'aws/agreements/{id}/refund',
    z.strictObject({ invoiceId: z.string(), amount: z.string(), reason: z.string() }),
    ({ world }, id, { invoiceId, amount, reason }) => refundInvoice(world, id, invoiceId, amount, reason),
  ),
  hook('azure/offers/{id}/accept', Nothing, ({ world }, id) => acceptPrivateOffer(world, id)),
  hook(
    'azure/offers/{id}/purchase',
    z.strictObject({ plan: z.string().optional(), termUnit: z.string().optional(), quantity: z.int().positive().optional() }),
    ({ world }, id, choice) => purchase(world, id, choice),
  ),
  hook('azure/offers/{id}/partner-publish', Nothing, ({ world }, id) => publishAsPartner(world, id)),
  hook('azure/offers/{id}/partner-withdraw', Nothing, ({ world }, id) => withdrawAsPartner(world, id)),
  hook('azure/received-offers', z.record(z.string(), z.unknown()), ({ world }, _, changes) => receiveOffer(world, changes)),
  hook(
    'azure/subscriptions/{id}/change-plan',
    z.strictObject({ planId: z.string() }),
    subscription((world, id, { planId }) => changePlan(world, id, planId)),
  ),
  hook(
    'azure/subscriptions/{id}/change-quantity',
    z.strictObject({ quantity: z.int().positive() }),
    subscription((world, id, { quantity }) => changeQuantity(world, id, quantity)),
  ),
  hook('azure/subscriptions/{id}/renew', Nothing, subscription(renewSubscription)),
  hook('azure/subscriptions/{id}/suspend', Nothing, subscription(suspend)),
  hook('azure/subscriptions/{id}/reinstate', Nothing, subscription(reinstate)),
  hook('azure/subscriptions/{id}/unsubscribe', Nothing, subscription(unsubscribe)),
]

const READS: Record<string, (twin: Twin) => Promise<unknown>> = {
  '/_twin/clock': async ({ clock }) => ({ now: clock.now().toISOString() }),
  '/_twin/outbox': async ({ world }) => ({ mails: await mailsOf(world) }),
}

const answer = async (twin: Twin, request: IncomingMessage): Promise<[number, unknown]> => {
  const path = new URL(request.url ?? '/', 'http://twin').pathname
  const read = request.method === 'GET' ? READS[path] : undefined
  if (read) return [200, await read(twin)]
  const found = HOOKS.find((each) => each.path.test(path))
  if (!found || request.method !== 'POST') return [404, { error: `the twin has no ${request.method} ${path}` }]
  const text = (await readBody(request)).toString()
  const body = (found.body ?? Nothing).safeParse(text ? JSON.parse(text) : {})
  if (!body.success) return [400, { error: z.prettifyError(body.error) }]
  const id = decodeURIComponent(found.path.exec(path)?.[1] ?? '')
  return [200, (await found.run(twin, id, body.data as never)) ?? {}]
}

/** What a person would do at the marketplaces, and what only a twin can: advance time, inject faults, hand out tokens. Never deployed. */
export const twinHooks = (twin: Twin) => async (request: IncomingMessage, response: ServerResponse) => {
  const [status, body] = await answer(twin, request).catch((error: unknown): [number, unknown] => [
    409,
    { error: error instanceof Error ? error.message : String(error) },
  ])
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
