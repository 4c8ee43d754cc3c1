import type { ApprovalFacts } from '../../events/approval.ts'
import { PartnerType } from '../../events/partner.ts'
import { Id } from '../../events/vocabulary.ts'
import { Currency } from '../core/money.ts'
import * as z from '../core/schema.ts'

const Limit = z.int().check(z.minimum(0))
const Permille = Limit.check(z.maximum(1000))

const isLimited = (name: string) => name === 'other' || Currency.safeParse(name).success

/** Limits by currency in minor units; `other` is for those that are not named. */
const Limits = z
  .record(z.string(), Limit)
  .check(z.refine((limits) => Object.keys(limits).every(isLimited), 'must name currencies like USD, or other'))

/** When a rule holds: all that it names must. A limit is passed by what is above it, not by what reaches it. */
export const Condition = z.strictObject({
  always: z.optional(z.literal(true)),
  discountAbovePermille: z.optional(Permille),
  totalAbove: z.optional(Limits),
  termAboveMonths: z.optional(Limit),
  installmentsAbove: z.optional(Limit),
  firstPaymentAfterDays: z.optional(Limit),
  lastPaymentAfterDays: z.optional(Limit),
  backLoadedAbovePermille: z.optional(Permille),
  customTerms: z.optional(z.literal(true)),
  renewsItself: z.optional(z.literal(true)),
  marketplaces: z.optional(z.list(z.enum(['aws', 'azure']), 2)),
  partners: z.optional(z.list(Id, 50)),
  partnerTypes: z.optional(z.list(PartnerType, 6)),
})
export type Condition = z.infer<typeof Condition>

/** What was found, in words; undefined: the condition does not hold. */
type Finding = string | undefined
type Findings = { [Name in keyof Required<Condition>]: (asked: NonNullable<Condition[Name]>, facts: ApprovalFacts) => Finding }

const percent = (permille: number) => `${permille / 10} %`

/** `what` is told with the number that is above the limit. */
const above = (what: string, found: number, limit: number, text: (value: number) => string = String): Finding =>
  found > limit ? `${what} ${text(found)} is above ${text(limit)}` : undefined

const FINDINGS: Findings = {
  always: () => 'every offer is looked at',
  // A limit holds for what is not known as well: otherwise saying nothing would be the way past it.
  discountAbovePermille: (limit, { discountPermille }) =>
    discountPermille === undefined
      ? "the list price is the partner's own statement: the vendor has none for this product"
      : above('the discount of', discountPermille, limit, percent),
  totalAbove: (limits, { total: { amount, currency } }) => {
    const limit = limits[currency] ?? limits['other']
    if (limit === undefined) return `the total is in ${currency}, for which there is no limit`
    return amount > limit ? `the total of ${amount} is above ${limit} minor units of ${currency}` : undefined
  },
  termAboveMonths: (limit, { termMonths }) => above('the term in months of', termMonths, limit),
  installmentsAbove: (limit, { installments }) => above('the number of payments of', installments, limit),
  firstPaymentAfterDays: (limit, { firstPaymentDays }) => above('the first payment in days from now of', firstPaymentDays, limit),
  lastPaymentAfterDays: (limit, { lastPaymentDays }) => above('the last payment in days from now of', lastPaymentDays, limit),
  backLoadedAbovePermille: (limit, { backLoadedPermille }) =>
    above('the share due in the second half of the term of', backLoadedPermille, limit, percent),
  customTerms: (_, { customTerms }) => (customTerms ? 'the terms are not the standard ones' : undefined),
  renewsItself: (_, { renewsItself }) => (renewsItself ? 'it renews itself, at prices that are agreed now' : undefined),
  marketplaces: (names, { marketplace }) =>
    names.includes(marketplace) ? `it is for the marketplace ${marketplace}` : undefined,
  partners: (ids, { partnerId }) => (ids.includes(partnerId) ? `it is asked for by ${partnerId}` : undefined),
  partnerTypes: (types, { partnerType }) => (types.includes(partnerType) ? `its partner is of type ${partnerType}` : undefined),
}

const findingOf = <Name extends keyof Condition>(name: Name, condition: Condition, facts: ApprovalFacts): Finding => {
  const asked = condition[name]
  return asked === undefined ? undefined : FINDINGS[name](asked, facts)
}

/** The names of the conditions that one names. */
export const namedIn = (condition: Condition) =>
  (Object.keys(FINDINGS) as (keyof Condition)[]).filter((name) => condition[name] !== undefined)

/** Why the condition holds of an offer, in words; undefined: it does not hold. */
export const findingsOf = (condition: Condition, facts: ApprovalFacts): Finding => {
  const found = namedIn(condition).map((name) => findingOf(name, condition, facts))
  return found.includes(undefined) ? undefined : found.join(' and ')
}
