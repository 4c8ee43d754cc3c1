import type { Message } from './message.ts'
import type { Messaging } from './receiver.ts'

type Contacts = { get: (id: string) => Promise<{ contactEmail?: string | undefined }> }

/** The addresses of a mail, looked up when it leaves: no record of the outbox and no event holds one. */
export const addressesOf =
  ({ partners, messaging }: { partners: Contacts; messaging: Messaging }) =>
  async ({ to, partnerId }: Pick<Message, 'to' | 'partnerId'>): Promise<string[]> => {
    if (to === 'managers') return messaging.managers.emails
    const { contactEmail } = partnerId ? await partners.get(partnerId) : {}
    return contactEmail ? [contactEmail] : []
  }
