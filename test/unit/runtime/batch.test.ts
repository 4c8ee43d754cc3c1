import type { DynamoDBStreamEvent, SQSEvent } from 'aws-lambda'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { conflict, invalid, notFound, unavailable, unprocessable } from '../../../lib/core/errors.ts'
import { queue, queueAtOnce, type Refused, stream } from '../../../lib/runtime/batch.ts'

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

type Sent = { body: string; receives?: number }
const batchOf = (...sent: Sent[]) =>
  ({
    Records: sent.map(({ body, receives = 1 }, at) => ({
      messageId: `m${at + 1}`,
      body,
      attributes: { ApproximateReceiveCount: String(receives) },
      eventSourceARN: 'arn:aws:sqs:eu-central-1:1:aws-marketplace',
    })),
  }) as SQSEvent

const handled = async (handle: (body: string) => Promise<void>, ...sent: Sent[]) => {
  const letters: Refused[] = []
  const handler = queue(handle, { keep: async (letter) => void letters.push(letter) })
  const { batchItemFailures } = await handler(batchOf(...sent), {} as never)
  return { letters, again: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) }
}

/** Messages are numbers, which are added up. */
const addedUp = async (handle: (all: number[]) => Promise<void>, ...sent: Sent[]) => {
  const letters: Refused[] = []
  const read = (body: string) => {
    if (!/^\d+$/.test(body)) throw invalid('no number', [{ target: 'body', message: 'must be a number' }])
    return Number(body)
  }
  const handler = queueAtOnce(read, handle, { keep: async (letter) => void letters.push(letter) })
  const { batchItemFailures } = await handler(batchOf(...sent), {} as never)
  return {
    letters: letters.map(({ messageId }) => messageId),
    again: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
  }
}

describe('messages that are handled at once', () => {
  it('are handled together, without those that cannot be read, which are kept', async () => {
    const handle = vi.fn(async () => {})
    expect(await addedUp(handle, { body: '1' }, { body: 'x' }, { body: '2' })).toEqual({ letters: ['m2'], again: [] })
    expect(handle.mock.calls).toEqual([[[1, 2]]])
  })

  it('come again together where that fails, and are kept at their last time', async () => {
    const fail = () => Promise.reject(new Error('the bucket is down'))
    expect(await addedUp(fail, { body: '1' }, { body: '2', receives: 5 }, { body: '3' })).toEqual({
      letters: ['m2'],
      again: ['m1', 'm3'],
    })
  })
})

describe('a message', () => {
  it('that is handled leaves nothing', async () => {
    expect(await handled(async () => {}, { body: 'a' })).toEqual({ letters: [], again: [] })
  })

  it.each([
    [
      'malformed',
      invalid('no message of ours', [{ target: 'detail.id', message: 'is missing' }]),
      'no message of ours; detail.id: is missing',
    ],
    ['impossible', unprocessable('it cannot be', [{ target: 'x', message: 'y' }]), 'it cannot be; x: y'],
    ['contradicting', conflict('it was told otherwise'), 'it was told otherwise'],
  ])('that is %s is kept with its body and reason at once', async (_, error, reason) => {
    const { letters, again } = await handled(() => Promise.reject(error), { body: '{"odd":1}' })
    expect(letters).toEqual([{ queue: 'aws-marketplace', messageId: 'm1', body: '{"odd":1}', reason, isMessage: true }])
    expect(again).toEqual([])
  })

  it.each([
    ['a bug', new Error('oops')],
    ['a busy provider', unavailable('later')],
    ['what is not there yet', notFound('offer', 'off-1')],
  ])('that runs into %s comes again, and is kept at the last time', async (_, error) => {
    const fail = () => Promise.reject(error)
    expect(await handled(fail, { body: 'a', receives: 4 })).toEqual({ letters: [], again: ['m1'] })
    expect(await handled(fail, { body: 'a', receives: 5 })).toMatchObject({
      letters: [{ body: 'a', reason: error.message }],
      again: [],
    })
  })

  it('that was sent again and fails again is the same letter', async () => {
    const letters: Refused[] = []
    const handler = queue(() => Promise.reject(invalid('odd', [])), { keep: async (letter) => void letters.push(letter) })
    const [record] = batchOf({ body: 'a' }).Records
    const messageAttributes = { 'dead-letter': { dataType: 'String', stringValue: 'first' } }
    await handler({ Records: [{ ...record, messageAttributes }] } as SQSEvent, {} as never)
    expect(letters).toMatchObject([{ queue: 'aws-marketplace', messageId: 'first' }])
  })

  it('fails alone', async () => {
    const fail = async (body: string) => {
      if (body === 'bad') throw unavailable('later')
    }
    expect(await handled(fail, { body: 'a' }, { body: 'bad' }, { body: 'c' })).toEqual({ letters: [], again: ['m2'] })
  })

  it('whose dead letter cannot be kept is not taken off the queue', async () => {
    const keep = () => Promise.reject(new Error('no table'))
    const handler = queue(() => Promise.reject(invalid('odd', [])), { keep })
    await expect(handler(batchOf({ body: 'a' }), {} as never)).rejects.toThrow('no table')
  })
})

describe('a batch of a stream', () => {
  const batch = { Records: [{ dynamodb: { SequenceNumber: '7' } }, { dynamodb: { SequenceNumber: '8' } }], shardId: 's1' }
  const run = (handle: Parameters<typeof stream>[0], event: object = batch) =>
    stream(handle)(event as DynamoDBStreamEvent, {} as never)

  it('is handled as one, with its shard', async () => {
    const seen: unknown[] = []
    expect(await run(async (records, shard) => void seen.push(records.length, shard))).toEqual({ batchItemFailures: [] })
    expect(seen).toEqual([2, 's1'])
  })

  it('that fails comes again from its first record', async () => {
    expect(await run(() => Promise.reject(new Error('oops')))).toEqual({ batchItemFailures: [{ itemIdentifier: '7' }] })
  })

  it('that is empty is not handled', async () => {
    expect(await run(() => Promise.reject(new Error('called')), { Records: [] })).toEqual({ batchItemFailures: [] })
  })
})
