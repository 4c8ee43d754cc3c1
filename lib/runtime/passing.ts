import { unavailable } from '../core/errors.ts'

type ClientError = Error & { code?: unknown; $retryable?: unknown; $metadata?: { httpStatusCode?: number } }

const NAMES = new Set([
  'InternalServerError',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestTimeout',
  'ThrottlingException',
  'TimeoutError',
])
const CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'])

const isPassing = ({ name, code, $retryable, $metadata }: ClientError) =>
  NAMES.has(name) || CODES.has(String(code)) || $retryable !== undefined || ($metadata?.httpStatusCode ?? 0) >= 500

/** What AWS itself could not do now, after the client's own retries, as `unavailable`: the caller may repeat. All else as it is. */
export const passing = (error: unknown): unknown =>
  error instanceof Error && isPassing(error) ? unavailable('the service is busy: repeat the request in a moment', error) : error
