import * as z from '../core/schema.ts'
import type { Message } from './message.ts'

// The twin and tests speak http with themselves; whatever leaves the machine does so by https.
const isSafe = (url: string) => /^(https:\/\/|http:\/\/127\.0\.0\.1[:/])/.test(url)

// Whether there is such a zone is checked where the setting is made: to ask Intl takes a start 16 ms.
const Zone = z.string().check(z.minLength(1))

/** The setting MESSAGING: who sends, and who receives besides partners. */
export const Messaging = z.strictObject({
  /** The sender of mails; absent: none are sent. */
  sender: z.optional(z.email()),
  managers: z.strictObject({ emails: z.array(z.email()).check(z.maxLength(50)), timeZone: Zone }),
  webhook: z.optional(
    z.strictObject({
      url: z.url().check(z.refine(isSafe, 'must be an https address')),
      secretArn: z.string(),
      timeZone: Zone,
    }),
  ),
})
export type Messaging = z.infer<typeof Messaging>

export type Receiver = Pick<Message, 'channel' | 'to'> & { partnerId?: string; timeZone: string }
type PartnerContact = { id: string; contactEmail?: string | undefined; timeZone?: string | undefined }

/** Who can be reached with a matter of this partner, or of the vendor alone. */
export const receiversOf = (partner: PartnerContact | undefined, { sender, managers, webhook }: Messaging): Receiver[] => {
  const found: Receiver[] = []
  if (sender && partner?.contactEmail)
    found.push({ to: 'partner', channel: 'email', partnerId: partner.id, timeZone: partner.timeZone ?? 'UTC' })
  if (sender && managers.emails.length > 0) found.push({ to: 'managers', channel: 'email', timeZone: managers.timeZone })
  if (webhook) found.push({ to: 'webhook', channel: 'webhook', timeZone: webhook.timeZone })
  return found
}
