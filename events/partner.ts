import * as z from '../lib/core/schema.ts'
import { define } from './envelope.ts'
import { Id } from './vocabulary.ts'

export const PartnerType = z.enum(['reseller', 'isv', 'si', 'msp', 'referral', 'distributor'])

export const PartnerRegistered = define('partner.registered.v1', z.object({ partnerId: Id, partnerType: PartnerType }))
