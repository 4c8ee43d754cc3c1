import { Money } from '../lib/core/money.ts'
import { DateText } from '../lib/core/period.ts'
import * as z from '../lib/core/schema.ts'
import { define } from './envelope.ts'
import { PartnerType } from './partner.ts'
import { Id } from './vocabulary.ts'

export const ApproverRole = z.enum(['manager', 'finance', 'platform'])

/** Who may decide: whoever has the role, or one person. */
export const Approver = z
  .strictObject({
    role: z.optional(ApproverRole),
    person: z.described(z.optional(z.text(200)), "the subject of the person's token"),
  })
  .check(z.refine(({ role, person }) => (role === undefined) !== (person === undefined), 'must name either a role or a person'))
export type Approver = z.infer<typeof Approver>

export const PolicyVersion = z.object({ id: z.string(), version: z.int() })

/** What an approval policy judges an offer by. */
export const ApprovalFacts = z.object({
  marketplace: z.enum(['aws', 'azure']),
  partnerId: Id,
  partnerType: PartnerType,
  total: z.described(Money, 'total contract value'),
  discountPermille: z.described(
    z.optional(z.int()),
    'tenths of a percent of the list price, rounded up: 125 is 12.5 %; absent: no list price that counts',
  ),
  termMonths: z.int(),
  installments: z.described(z.int(), 'how many payments there are'),
  firstPaymentDays: z.described(z.int(), 'from the day of submission'),
  lastPaymentDays: z.described(z.int(), 'from the day of submission'),
  backLoadedPermille: z.described(z.int(), 'the share of the total that falls due in the second half of the term, rounded up'),
  customTerms: z.described(z.boolean(), 'a custom EULA, or terms of its own'),
  renewsItself: z.described(z.optional(z.boolean()), 'the prices of later terms are agreed as well; absent: they are not'),
})
export type ApprovalFacts = z.infer<typeof ApprovalFacts>

const delegation = z.object({ by: z.string(), to: z.string(), from: DateText, until: DateText, reason: z.string() })

export const DelegationGranted = define('delegation.granted.v1', delegation)
export const DelegationRevoked = define('delegation.revoked.v1', delegation)
