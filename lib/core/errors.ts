export type Detail = { target: string; message: string; code?: string }

export type ErrorCode =
  | 'invalid_request'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'stale_version'
  | 'idempotency_mismatch'
  | 'unprocessable'
  | 'precondition_required'
  | 'unavailable'

/** What a caller can act on. Whatever else is thrown is a bug and reaches the caller as a bare 500. */
export class ServiceError extends Error {
  readonly code: ErrorCode
  readonly target: string | undefined
  readonly details: Detail[]

  constructor(code: ErrorCode, message: string, more: { target?: string; details?: Detail[]; cause?: unknown } = {}) {
    super(message, { cause: more.cause })
    this.name = 'ServiceError'
    this.code = code
    this.target = more.target
    this.details = more.details ?? []
  }
}

export const invalid = (message: string, details: Detail[]) => new ServiceError('invalid_request', message, { details })
export const forbidden = (message: string, target?: string) => new ServiceError('forbidden', message, target ? { target } : {})
export const notFound = (noun: string, id: string) => new ServiceError('not_found', `there is no ${noun} ${id} that you may see`)
export const conflict = (message: string, target?: string) => new ServiceError('conflict', message, target ? { target } : {})
export const unprocessable = (message: string, details: Detail[]) => new ServiceError('unprocessable', message, { details })
export const unavailable = (message: string, cause?: unknown) => new ServiceError('unavailable', message, { cause })

export const isCode = (error: unknown, code: ErrorCode): error is ServiceError =>
  error instanceof ServiceError && error.code === code
