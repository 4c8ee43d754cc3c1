import { queueMessage } from '../../lib/outbox/commands.ts'
import { hashOf, messageStore } from '../../lib/outbox/store.ts'
import { remindAll } from '../../lib/reminders/commands.ts'
import { ReminderRule } from '../../lib/reminders/rule.ts'
import { deadLetterBox } from '../../lib/runtime/dead-letters.ts'
import { env } from '../../lib/runtime/env.ts'
import { job } from '../../lib/runtime/job.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openReminders } from '../bind/reminders.ts'

const table = openTable(env('RECORDS_TABLE'))
const rule = ReminderRule.parse(JSON.parse(env('REMINDER_RULE')))
const queue = queueMessage({ store: messageStore(table), hash: hashOf })

export const handler = job('queue-reminders', deadLetterBox(table), remindAll({ ...openReminders(table), queue, rule }))
