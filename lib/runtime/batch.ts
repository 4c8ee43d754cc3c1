import middy from '@middy/core'
import type {
  DynamoDBBatchResponse,
  DynamoDBRecord,
  DynamoDBStreamEvent,
  Context as LambdaContext,
  SQSBatchResponse,
  SQSEvent,
  SQSRecord,
} from 'aws-lambda'
import { isCode, ServiceError } from '../core/errors.ts'
import { LETTER, MAX_RECEIVES } from '../core/queue.ts'
import { envIfSet } from './env.ts'
import { log } from './log.ts'

/** A batch of a tumbling window also tells the shard that it is from, and the state that the batch before it left. */
export type StreamEvent = DynamoDBStreamEvent & { shardId?: string; window?: { start: string; end: string }; state?: object }
type StreamAnswer = DynamoDBBatchResponse & { state?: object }

/**
 * For streams: a batch is handled as one. When it fails, all of it is delivered again (later in halves, so that the culprit is
 * found), and what was already done must be a repeat without effect.
 */
export const stream = (handle: (records: DynamoDBRecord[], shard: string) => Promise<void>) =>
  middy<StreamEvent, StreamAnswer>().handler(async ({ Records, shardId = '', window, state = {} }) => {
    // Without a state in the answer an invocation of a window counts as failed: AWS Lambda's guide, "Tumbling windows".
    const kept = window && { state }
    try {
      if (Records.length > 0) await handle(Records, shardId)
      return { batchItemFailures: [], ...kept }
    } catch (error) {
      const first = Records[0]?.dynamodb?.SequenceNumber ?? ''
      log.error('stream batch failed', error, { from: first, records: Records.length })
      return { batchItemFailures: [{ itemIdentifier: first }], ...kept }
    }
  })

/** `isMessage`: it came through a queue of the service as it is, so that it can be sent there again. */
export type Refused = { queue: string; messageId: string; body: string; reason: string; isMessage?: true }

/** Where messages go that cannot be handled: kept with their reason until someone redrives them. */
export type DeadLetters = { keep: (message: Refused) => Promise<void> }

const FINAL: readonly string[] = ['invalid_request', 'unprocessable', 'conflict']

const isFinal = (error: unknown, { attributes }: SQSRecord) =>
  (error instanceof ServiceError && FINAL.includes(error.code)) || Number(attributes.ApproximateReceiveCount) >= MAX_RECEIVES

const reasonOf = (error: unknown) => {
  if (!(error instanceof Error)) return String(error)
  const details = error instanceof ServiceError ? error.details.map(({ target, message }) => `${target}: ${message}`) : []
  return [error.message, ...details].join('; ')
}

// In the cloud queues have names that are made at deployment; there a setting says which one this is.
const queueOf = ({ eventSourceARN }: SQSRecord) => envIfSet('QUEUE_NAME') ?? eventSourceARN.split(':').at(-1) ?? ''

/** A message that was sent again is the same letter when it fails again. */
const letterOf = ({ messageId, messageAttributes }: SQSRecord) => messageAttributes?.[LETTER]?.stringValue ?? messageId

const letterAbout = (record: SQSRecord, error: unknown): Refused => ({
  queue: queueOf(record),
  messageId: letterOf(record),
  body: record.body,
  reason: reasonOf(error),
  isMessage: true,
})

/** What becomes of messages that fail: what can never succeed is kept as a dead letter with its reason, the others come again. */
const failing = (deadLetters: DeadLetters) => {
  const again: string[] = []
  return {
    fail: async (record: SQSRecord, error: unknown) => {
      const { messageId } = record
      log.error('message failed', error, { messageId, queue: queueOf(record) })
      if (isFinal(error, record)) await deadLetters.keep(letterAbout(record, error))
      else again.push(messageId)
    },
    answer: (): SQSBatchResponse => ({ batchItemFailures: again.map((itemIdentifier) => ({ itemIdentifier })) }),
  }
}

/** For queues: each message succeeds or fails alone. What can never succeed is kept as a dead letter with its reason at once. */
export const queue = (handle: (body: string, lambda: LambdaContext) => Promise<void>, deadLetters: DeadLetters) =>
  middy<SQSEvent, SQSBatchResponse>().handler(async ({ Records }, lambda) => {
    const { fail, answer } = failing(deadLetters)
    for (const record of Records) {
      try {
        await handle(record.body, lambda)
      } catch (error) {
        await fail(record, error)
      }
    }
    return answer()
  })

/** For queues whose messages are handled all at once: each is read alone, those that can be read succeed or fail together. */
export const queueAtOnce = <Read>(
  read: (body: string) => Read,
  handle: (all: Read[]) => Promise<void>,
  deadLetters: DeadLetters,
) =>
  middy<SQSEvent, SQSBatchResponse>().handler(async ({ Records }) => {
    const { fail, answer } = failing(deadLetters)
    const readable = new Map<SQSRecord, Read>()
    for (const record of Records) {
      try {
        readable.set(record, read(record.body))
      } catch (error) {
        await fail(record, error)
      }
    }
    try {
      await handle([...readable.values()])
    } catch (error) {
      for (const record of readable.keys()) await fail(record, error)
    }
    return answer()
  })

/** For work that a job goes on with: a marketplace that is out of reach is no failure of the message. */
export const unlessUnavailable = (work: Promise<unknown>): Promise<unknown> =>
  work.catch((error: unknown) => {
    if (!isCode(error, 'unavailable')) throw error
  })
