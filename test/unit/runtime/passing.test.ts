import { describe, expect, it } from 'vitest'
import { passing } from '../../../lib/runtime/passing.ts'

const error = (fields: object) => Object.assign(new Error('from the client'), fields)

describe('an error of an AWS client', () => {
  it.each([
    ['a throttle', error({ name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } })],
    ['too much for the table', error({ name: 'ProvisionedThroughputExceededException' })],
    ['a failure of the service', error({ name: 'Unknown', $metadata: { httpStatusCode: 500 } })],
    ['a lost connection', error({ code: 'ECONNRESET' })],
    ['no answer in time', error({ name: 'TimeoutError' })],
  ])('that may pass is told as such: %s', (_, given) => {
    expect(passing(given)).toMatchObject({ code: 'unavailable', cause: given })
  })
  it.each([
    ['a wrong request', error({ name: 'ValidationException', $metadata: { httpStatusCode: 400 } })],
    ['a bug of ours', new TypeError('x is undefined')],
    ['what is no error', 'oops'],
  ])('that stays is left as it is: %s', (_, given) => {
    expect(passing(given)).toBe(given)
  })
})
