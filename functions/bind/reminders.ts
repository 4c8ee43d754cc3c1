import { agreementStore } from '../../lib/agreements/store.ts'
import { offerStore } from '../../lib/offers/store.ts'
import { Messaging } from '../../lib/outbox/receiver.ts'
import { partnerStore } from '../../lib/partners/store.ts'
import { env } from '../../lib/runtime/env.ts'
import type { Table } from '../../lib/runtime/table.ts'
import { termsStore } from '../../lib/terms/store.ts'

/** What reminders speak of, and to whom; for making them and for looking again before they leave. */
export const openReminders = (table: Table) => ({
  offers: offerStore(table),
  agreements: agreementStore(table),
  terms: termsStore(table),
  partners: partnerStore(table),
  messaging: Messaging.parse(JSON.parse(env('MESSAGING'))),
})
