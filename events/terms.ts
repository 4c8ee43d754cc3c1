import { Instant } from '../lib/core/period.ts'
import * as z from '../lib/core/schema.ts'
import { define } from './envelope.ts'

const text = z.text(200)

/** A plan of a virtual machine image in a buyer's Azure subscription, by the names that Azure knows. */
export const TermsOfPlan = z.object({
  subscriptionId: z.guid().check(z.toLowerCase()),
  publisherId: text,
  productId: text,
  planId: text,
})

/** The legal terms of a plan as they were found. */
export const TermsFound = z.object({
  accepted: z.boolean(),
  licenseTextLink: z.optional(z.string()),
  privacyPolicyLink: z.optional(z.string()),
  marketplaceTermsLink: z.optional(z.string()),
  signatureHash: z.described(z.optional(z.string()), 'SHA-256 in hex: equal for equal terms'),
  retrievedAt: z.described(z.optional(Instant), 'when the terms were accepted, or read if they were not, as Azure tells it'),
})

const found = z.object({ ...TermsOfPlan.shape, ...TermsFound.shape, by: z.string() })

export const TermsChecked = define('terms.checked.v1', found)
export const TermsAccepted = define('terms.accepted.v1', z.extend(found, { reason: z.string() }))
