import { Money } from '../core/money.ts'
import { DateText, Instant } from '../core/period.ts'
import * as z from '../core/schema.ts'
import type { AgreementSnapshot } from './agreement.ts'
import type { Owned } from './owned.ts'

const EndedAs = z.enum(['cancelled', 'terminated', 'expired', 'replaced', 'renewed', 'rolled-back'])

/** An agreement as one of those that go on with each other, as it was when it was last read. */
export const Link = z.object({
  marketplace: z.enum(['aws', 'azure']),
  id: z.string(),
  status: z.enum(['active', 'pending', 'ended']),
  endedAs: z.described(z.optional(EndedAs), 'absent while it runs, and where the marketplace does not say'),
  endedOn: z.described(z.optional(DateText), 'where it ended before its time'),
  acceptedAt: Instant,
  service: z.described(z.optional(z.object({ from: DateText, to: DateText })), 'its term; `to` is the day after'),
  value: z.described(z.optional(Money), 'absent where the marketplace does not tell it'),
  offerId: z.optional(z.string()),
  partnerId: z.optional(z.string()),
})
export type Link = z.infer<typeof Link>

export const ChainedAgreement = z.named(z.extend(Link, { intent: z.enum(['new', 'replace', 'renew']) }), 'ChainedAgreement')
type ChainedAgreement = z.infer<typeof ChainedAgreement>

/** The first agreement of its chain: itself, unless it goes on with another one. */
export const initialOf = ({ id, initialId = id }: Pick<AgreementSnapshot, 'id' | 'initialId'>) => initialId

export const linkOf = (agreement: AgreementSnapshot, { offerId, partnerId }: Owned): Link => {
  const { marketplace, id, status, endedAs, endedOn, acceptedAt, service, value } = agreement
  return {
    ...{ marketplace, id, status, acceptedAt },
    ...(endedAs && { endedAs }),
    ...(endedOn && { endedOn }),
    ...(service && { service }),
    ...(value && { value }),
    ...(offerId && { offerId }),
    ...(partnerId && { partnerId }),
  }
}

/** A chain in the order in which its agreements were accepted; how one went on with that before it, the end of that one tells. */
export const chained = (links: readonly Link[]): ChainedAgreement[] =>
  links
    .toSorted((a, b) => (a.acceptedAt < b.acceptedAt ? -1 : 1))
    .map((link, index, all) => {
      const before = all[index - 1]
      if (!before) return { ...link, intent: 'new' }
      return { ...link, intent: before.endedAs === 'replaced' ? 'replace' : 'renew' }
    })
