import { describe, expect, it } from 'vitest'
import { messagesIn } from '../../../lib/settlements/message.ts'

const uploaded = (key: string) => ({
  Records: [{ eventName: 'ObjectCreated:Put', s3: { object: { key, size: 1, eTag: 'abc' } } }],
})

describe('a message to the reader of settlements', () => {
  it('tells an upload by the key of its object', () => {
    expect(messagesIn(uploaded('uploads/stl_01'))).toEqual([{ kind: 'uploaded', settlementId: 'stl_01', etag: 'abc' }])
  })

  it('tells that a reading goes on', () => {
    expect(messagesIn({ detail: { data: { settlementId: 'stl_01', run: 2, line: 7 } } })).toEqual([
      { kind: 'continued', settlementId: 'stl_01', run: 2 },
    ])
  })

  it.each([
    ['of an object that is no upload', uploaded('uploads/else/where')],
    ['by which S3 tries the queue', { Service: 'Amazon S3', Event: 's3:TestEvent' }],
  ])('%s is passed over', (_, body) => {
    expect(messagesIn(body)).toEqual([])
  })

  it('of another sender is refused', () => {
    expect(() => messagesIn({ hello: 1 })).toThrow('no upload')
  })
})
