import * as z from '../lib/core/schema.ts'
import { define } from './envelope.ts'
import { Id } from './vocabulary.ts'

export const PartnerType = z.enum(['reseller', 'isv', 'si', 'msp', 'referral', 'distributor'])

/** A tier or a region as the vendor calls it. */
export const Group = z.pattern(/^[A-Za-z0-9._-]{1,40}$/, 'a name of 1 to 40 letters, digits and . _ -, like gold')
const classification = { tier: z.optional(Group), region: z.optional(Group) }

export const PartnerRegistered = define(
  'partner.registered.v1',
  z.object({ partnerId: Id, partnerType: PartnerType, ...classification }),
)

export const PartnerClassified = define('partner.classified.v1', z.object({ partnerId: Id, ...classification, by: z.string() }))

const hold = z.object({ partnerId: Id, by: z.string(), reason: z.string() })

export const PartnerHeld = define('partner.held.v1', hold)
export const PartnerHoldLifted = define('partner.hold-lifted.v1', hold)
