import * as z from 'zod'
import { Instant } from '../lib/core/period.ts'
import { define } from './envelope.ts'

const text = z.string().min(1).max(200)

/** A plan of a virtual machine image in a buyer's Azure subscription, by the names that Azure knows. */
export const TermsOfPlan = z.object({ subscriptionId: z.guid().toLowerCase(), publisherId: text, productId: text, planId: text })

/** The legal terms of a plan as they were found. */
export const TermsFound = z.object({
  accepted: z.boolean(),
  licenseTextLink: z.string().optional(),
  privacyPolicyLink: z.string().optional(),
  marketplaceTermsLink: z.string().optional(),
  signatureHash: z.string().optional().describe('SHA-256 in hex: equal for equal terms'),
  retrievedAt: Instant.optional().describe('when the terms were accepted, or read if they were not, as Azure tells it'),
})

const found = TermsOfPlan.extend(TermsFound.shape).extend({ by: z.string() })

export const TermsChecked = define('terms.checked.v1', found)
export const TermsAccepted = define('terms.accepted.v1', found.extend({ reason: z.string() }))
