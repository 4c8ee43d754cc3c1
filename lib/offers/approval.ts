import { emit } from '../../events/envelope.ts'
import type { Actor, Context } from '../core/context.ts'
import { forbidden } from '../core/errors.ts'
import { Money } from '../core/money.ts'
import * as z from '../core/schema.ts'
import { type Decided, facts, must, type Offer, unchanged } from './offer.ts'

/**
 * Above either limit a person decides. The total is in minor units of the offer's own currency. `listPrices` are the vendor's own, by
 * product, for one unit and month.
 */
export const ApprovalRule = z.object({
  id: z.string(),
  version: z.int(),
  maxDiscountPermille: z.int(),
  maxTotal: z.int(),
  listPrices: z._default(z.record(z.string(), Money.check(z.refine(({ amount }) => amount > 0, 'must be more than zero'))), {}),
})
export type ApprovalRule = z.infer<typeof ApprovalRule>

const unitsOf = (offer: Offer) =>
  offer.marketplace === 'aws' ? offer.grants.reduce((sum, { quantity }) => sum + quantity, 0) : 1

/** What the term costs by the vendor's list, or else by what the vendor's own people state; a partner's statement counts for nothing. */
const listPriceOf = (offer: Offer, { listPrices }: ApprovalRule): number | undefined => {
  const perUnit = listPrices[offer.productId]
  if (perUnit?.currency === offer.price.currency) return perUnit.amount * unitsOf(offer) * offer.termMonths
  return offer.requestedAs === 'partner' ? undefined : offer.listPrice.amount
}

/** The share of the list price that is given away, in tenths of a percent, rounded up: a limit is never passed by rounding. */
const discountPermille = (price: number, listPrice: number): number =>
  Math.max(0, Math.ceil((1000 * (listPrice - price)) / listPrice))

const whyApproval = (offer: Offer, rule: ApprovalRule, discount: number | undefined): string | undefined => {
  if (discount === undefined) return "the list price is the partner's own statement: the vendor has none for this product"
  if (discount > rule.maxDiscountPermille) return `the discount of ${discount / 10} % is above ${rule.maxDiscountPermille / 10} %`
  if (offer.price.amount > rule.maxTotal) return `the total of ${offer.price.amount} is above ${rule.maxTotal} minor units`
  return undefined
}

export const submit = (offer: Offer, rule: ApprovalRule, actor: Actor, context: Context): Decided => {
  must(offer, 'submitted', 'draft', 'failed')
  const listPrice = listPriceOf(offer, rule)
  const discount = listPrice === undefined ? undefined : discountPermille(offer.price.amount, listPrice)
  const why = whyApproval(offer, rule, discount)
  const approval = {
    rule: { id: rule.id, version: rule.version },
    needed: why !== undefined,
    ...(discount !== undefined && { discountPermille: discount }),
    reason: why ?? 'within the limits of the rule',
    ...(!why && { at: context.now, outcome: 'approved' as const }),
  }
  const status = why ? 'pending-approval' : 'approved'
  const submitted = emit(context, 'offer.submitted.v1', offer.id, {
    ...facts(offer),
    by: actor.subject,
    approvalNeeded: approval.needed,
    reason: approval.reason,
  })
  const approved = emit(context, 'offer.approved.v1', offer.id, {
    ...facts(offer),
    by: `rule:${rule.id}@${rule.version}`,
    reason: approval.reason,
  })
  return {
    offer: { ...offer, status, approval, submittedBy: actor.subject, problems: [] },
    events: why ? [submitted] : [submitted, approved],
  }
}

/** A person approves or rejects; never the one who requested or submitted it. */
export const decide = (
  offer: Offer,
  outcome: 'approved' | 'rejected',
  reason: string,
  actor: Actor,
  context: Context,
): Decided => {
  if (offer.approval?.by === actor.subject && offer.approval.outcome === outcome) return unchanged(offer)
  must(offer, outcome, 'pending-approval')
  if (actor.role !== 'manager') throw forbidden('only a partner manager decides on offers')
  if (actor.subject === offer.requestedBy || actor.subject === offer.submittedBy)
    throw forbidden('the one who requested or submitted an offer cannot decide on it: ask another manager')
  const approval = offer.approval && { ...offer.approval, by: actor.subject, at: context.now, outcome, reason }
  return {
    offer: { ...offer, status: outcome, ...(approval && { approval }) },
    events: [emit(context, `offer.${outcome}.v1`, offer.id, { ...facts(offer), by: actor.subject, reason })],
  }
}
