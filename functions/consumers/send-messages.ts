import type { Context as LambdaContext, ScheduledEvent, SQSEvent } from 'aws-lambda'
import { MessageQueued } from '../../events/message.ts'
import { addressesOf } from '../../lib/outbox/addresses.ts'
import { byMail } from '../../lib/outbox/aws.ts'
import { sendMessage, sendWaiting } from '../../lib/outbox/commands.ts'
import { messageStore } from '../../lib/outbox/store.ts'
import { byWebhook } from '../../lib/outbox/webhook.ts'
import { stillHolds } from '../../lib/reminders/commands.ts'
import { queue } from '../../lib/runtime/batch.ts'
import { newContext } from '../../lib/runtime/context.ts'
import { deadLetterBox } from '../../lib/runtime/dead-letters.ts'
import { env } from '../../lib/runtime/env.ts'
import { job } from '../../lib/runtime/job.ts'
import { detailOf } from '../../lib/runtime/message.ts'
import { secretOf } from '../../lib/runtime/secret.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { signedPost } from '../../lib/runtime/webhook.ts'
import { openReminders } from '../bind/reminders.ts'

const table = openTable(env('RECORDS_TABLE'))
const { partners, messaging, ...sources } = openReminders(table)
const { sender, webhook } = messaging
const deadLetters = deadLetterBox(table)
const dependencies = {
  store: messageStore(table),
  holds: stillHolds(sources),
  ways: {
    email: byMail(sender, addressesOf({ partners, messaging })),
    webhook: byWebhook(webhook && signedPost(webhook.url, secretOf(webhook.secretArn))),
  },
  deadLetters,
}
const send = sendMessage(dependencies)
const sendQueued = queue((body) => send(detailOf(MessageQueued, body).data.messageId, () => newContext('event')), deadLetters)
const sendRest = job('send-messages', deadLetters, sendWaiting(dependencies))

/** The queue brings what is new, the schedule what waits for its next try. */
export const handler = async (event: SQSEvent | ScheduledEvent, lambda: LambdaContext) =>
  'Records' in event ? sendQueued(event, lambda) : sendRest(event, lambda)
