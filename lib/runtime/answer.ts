import type { APIGatewayProxyStructuredResultV2 as ApiResult } from 'aws-lambda'
import type { TextAnswer } from '../core/contract.ts'
import { type Detail, type ErrorCode, ServiceError } from '../core/errors.ts'

const STATUS = {
  invalid_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale_version: 412,
  idempotency_mismatch: 422,
  unprocessable: 422,
  unavailable: 503,
} as const satisfies Record<ErrorCode, number>

const answer = (status: number, body: unknown, headers: Record<string, string> = {}): ApiResult => ({
  statusCode: status,
  headers: { 'content-type': 'application/json', ...headers },
  ...(body !== undefined && { body: JSON.stringify(body) }),
})

/** What is no JSON is shown to its reader only: nobody keeps it on the way. */
export const answeredText = (statusCode: number, mediaType: string, { text, headers }: TextAnswer): ApiResult => ({
  statusCode,
  headers: { 'content-type': mediaType, 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', ...headers },
  body: text,
})

const detailsOf = ({ details, target, message }: ServiceError): Detail[] =>
  details.length || !target ? details : [{ target, message }]

/** An error as RFC 9457 tells it; what is no ServiceError is a bug of ours and says nothing. */
export const problem = (error: unknown, requestId: string): ApiResult => {
  const known = error instanceof ServiceError
  const status = known ? STATUS[error.code] : 500
  const body = known
    ? { code: error.code, detail: error.message, ...(error.target && { target: error.target }), details: detailsOf(error) }
    : { code: 'internal_error', detail: 'something went wrong on our side; the request id finds it in our logs', details: [] }
  return answer(
    status,
    { type: 'about:blank', title: body.code.replaceAll('_', ' '), status, ...body, requestId },
    { 'content-type': 'application/problem+json', ...(status === 401 && { 'www-authenticate': 'Bearer' }) },
  )
}

const versionOf = (body: unknown) =>
  typeof body === 'object' && body !== null && 'version' in body ? { etag: `"${String(body.version)}"` } : undefined

/** A body with a version carries it as its ETag. */
export const answered = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  answer(status, body, { ...versionOf(body), ...headers })
