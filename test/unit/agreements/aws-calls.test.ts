import { describe, expect, it } from 'vitest'
import { explained } from '../../../lib/agreements/aws/calls.ts'
import { ServiceError } from '../../../lib/core/errors.ts'

const named = (name: string, more: object = {}) => Object.assign(new Error('said AWS'), { name, ...more })

describe('an error of an AWS client', () => {
  it.each([
    ['a throttle', named('ThrottlingException', { $metadata: { httpStatusCode: 400 } }), 'unavailable'],
    ['a lock', named('ResourceInUseException', { $metadata: { httpStatusCode: 423 } }), 'unavailable'],
    ['a quota', named('ServiceQuotaExceededException', { $metadata: { httpStatusCode: 402 } }), 'unavailable'],
    ['a breakdown with a name', named('InternalServiceException'), 'unavailable'],
    ['a breakdown without one', named('Unknown', { $metadata: { httpStatusCode: 502 } }), 'unavailable'],
    ['no answer', named('Error', { code: 'ECONNREFUSED' }), 'unavailable'],
    ['old credentials', named('ExpiredTokenException'), 'unavailable'],
    ['a missing permission', named('AccessDeniedException'), 'unavailable'],
    ['an unknown id', named('ResourceNotFoundException'), 'not_found'],
  ])('tells whether asking again helps: %s', (_, error, code) => {
    expect(explained('DescribeAgreement', error)).toMatchObject({
      code,
      cause: error,
      message: expect.stringContaining('said AWS'),
    })
  })

  it.each([new TypeError('a bug'), named('ValidationException', { $metadata: { httpStatusCode: 422 } })])(
    'stays as it is when it says that we are wrong: %s',
    (error) => {
      expect(explained('DescribeAgreement', error)).toBe(error)
      expect(error).not.toBeInstanceOf(ServiceError)
    },
  )
})
