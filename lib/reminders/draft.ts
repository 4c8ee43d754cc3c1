import type { Draft } from '../outbox/message.ts'
import type { Receiver } from '../outbox/receiver.ts'
import { aboutOf, keyOf, partnerOf, type Reminder } from './reminder.ts'
import { textOf } from './text.ts'

const accountOf = (reminder: Reminder) => {
  if ('offer' in reminder) return { accountId: reminder.offer.accountId, marketplace: reminder.offer.marketplace }
  if ('agreement' in reminder) return { accountId: reminder.agreement.accountId, marketplace: reminder.agreement.marketplace }
  return { marketplace: 'azure' }
}

/** A reminder as a message to one receiver. */
export const draftOf = (reminder: Reminder, { to, channel, partnerId }: Receiver): Draft => {
  const { kind, on, days } = reminder
  const about = aboutOf(reminder)
  const whose = partnerOf(reminder)
  const key = [keyOf(reminder), channel, to, partnerId ?? ''].join('|')
  const data = { about, on, days, ...accountOf(reminder), ...(whose && { partnerId: whose }) }
  return {
    key,
    kind,
    channel,
    to,
    ...(partnerId && { partnerId }),
    about,
    on,
    ...textOf(reminder, to === 'partner' ? to : 'managers'),
    data,
  }
}
