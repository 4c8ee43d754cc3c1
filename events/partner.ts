import * as z from '../lib/core/schema.ts'
import { define } from './envelope.ts'
import { Id } from './vocabulary.ts'

export const PartnerType = z.enum(['reseller', 'isv', 'si', 'msp', 'referral', 'distributor'])

export const PartnerRegistered = define('partner.registered.v1', z.object({ partnerId: Id, partnerType: PartnerType }))

const hold = z.object({ partnerId: Id, by: z.string(), reason: z.string() })

export const PartnerHeld = define('partner.held.v1', hold)
export const PartnerHoldLifted = define('partner.hold-lifted.v1', hold)
