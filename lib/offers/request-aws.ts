import { Money } from '../core/money.ts'
import { DateText } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { AutoRenewal } from './auto-renewal.ts'
import { common } from './request-common.ts'

const Dimension = z.text(100)
const Installment = z.strictObject({ on: DateText, amount: z.strict(Money) })
const Grant = z.strictObject({ dimension: Dimension, quantity: z.int().check(z.minimum(1)) })

const Eula = z.discriminatedUnion(
  'type',
  [z.strictObject({ type: z.literal('standard') }), z.strictObject({ type: z.literal('custom'), url: z.url() })],
  { error: z.wanting('{ "type": "standard" }, or { "type": "custom", "url": … }') },
)

/** A duration that the buyer may choose, and what a unit of each dimension costs for it. */
const RateCard = z.strictObject({
  months: z.int().check(z.minimum(1), z.maximum(60)),
  rates: z.list(z.strictObject({ dimension: Dimension, price: z.strict(Money) }), 800),
})

/** What a metered unit costs: finer than a cent, and on AWS always in USD. */
const UsageRate = z.strictObject({
  dimension: Dimension,
  price: z.pattern(/^\d{1,8}(\.\d{1,8})?$/, 'a decimal text in USD with up to 8 decimals, like 0.025'),
})

const NewDimension = z.strictObject({
  key: z.pattern(/^[\w.-]{1,60}$/, '1 to 60 letters, digits, _ . or -'),
  name: z.text(60),
  description: z.text(200),
  unit: z.text(100),
  type: z.enum(['contract', 'usage']),
})

const Renewal = z.strictObject({
  channel: z.enum(['aws-marketplace', 'external']),
  pricing: z.enum(['contract', 'usage', 'byol', 'free']),
})

const Resale = z.strictObject({
  authorizationId: z.text(100),
  markupPercent: z.pattern(/^\d{1,4}(\.\d{1,4})?$/, 'a decimal text like 5.0'),
  pricing: z.described(
    z.optional(z.enum(['fixed', 'rates', 'usage'])),
    'the kind of price that the authorisation has; absent: fixed',
  ),
})

const AccountId = z.pattern(/^\d{12}$/, 'an AWS account id of 12 digits')
const Authorises = z.strictObject({ resellerAccountId: AccountId })

/**
 * A SaaS offer for named AWS accounts. What it sells is told by what it has: `grants` (a fixed contract, at once or by a schedule),
 * `rates` (the buyer chooses duration and quantities), `usage` (metered; alone, or beyond a contract), `resale` (another seller's
 * offer with a markup). With `authorises` it goes to a reseller, who makes the buyer's offer of it.
 */
export const AwsOfferRequest = z.strictObject({
  marketplace: z.literal('aws'),
  ...common,
  buyerAccountIds: z.described(
    z.optional(z.list(AccountId, 25)),
    'who may accept; absent where an agreement is replaced (its buyer may), or where a reseller may sell to anyone',
  ),
  grants: z.described(z.optional(z.list(Grant, 200)), 'what exactly is bought'),
  rates: z.described(z.optional(z.list(RateCard, 5)), 'what the buyer may choose from; `price` is what you expect to be chosen'),
  usage: z.described(z.optional(z.list(UsageRate, 800)), 'metered units; `price` does not hold them'),
  resale: z.described(z.optional(Resale), "a resale authorisation that you received, and your markup on its seller's price"),
  authorises: z.described(
    z.optional(Authorises),
    'a reseller that may make one offer of this: what is said here is what the reseller owes you',
  ),
  offerSetId: z.described(z.optional(z.text(64)), 'the set of offers that it is accepted with, made before'),
  schedule: z.optional(z.list(Installment, 60)),
  startsOn: z.described(z.optional(DateText), 'absent: on acceptance'),
  replaces: z.described(z.optional(z.text(64)), 'the id of the agreement whose place this one takes'),
  endsOn: z.described(z.optional(DateText), 'the last day, where an agreement is replaced'),
  renews: z.described(z.optional(Renewal), 'it goes on with a contract that this buyer has with you: a lower listing fee'),
  autoRenewal: z.described(
    z.optional(AutoRenewal),
    'the agreement renews itself at its end if the buyer switches that on; absent: it just ends',
  ),
  netDays: z.described(
    z.optional(z.literal([15, 30, 45, 60, 90, 120])),
    'how long a buyer who pays by invoice has to pay; absent: as agreed with AWS',
  ),
  newDimensions: z.described(z.optional(z.list(NewDimension, 10)), 'made on the product in the same change set'),
  eula: z._default(Eula, { type: 'standard' }),
})
