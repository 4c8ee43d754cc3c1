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
export const notFound = (noun: string, id: string, remedy = 'check the id') =>
  new ServiceError('not_found', `there is no ${noun} ${id} that you may see: ${remedy}`)
export const conflict = (message: string, target?: string) => new ServiceError('conflict', message, target ? { target } : {})
export const unprocessable = (message: string, details: Detail[]) => new ServiceError('unprocessable', message, { details })
export const unavailable = (message: string, cause?: unknown) => new ServiceError('unavailable', message, { cause })

type Asked = Record<string, Promise<unknown> | undefined>

/** Every field that names what is not there. */
export const missingOf = async (asked: Asked): Promise<Detail[]> => {
  const missing: Detail[] = []
  const answers = await Promise.allSettled(Object.values(asked))
  for (const [at, target] of Object.keys(asked).entries()) {
    const answer = answers[at]
    if (answer?.status !== 'rejected') continue
    if (!isCode(answer.reason, 'not_found')) throw answer.reason
    missing.push({ target, message: answer.reason.message })
  }
  return missing
}

/** Refuses a request that names what is not there, with every field that does. */
export const mustExist = async (asked: Asked) => {
  const missing = await missingOf(asked)
  if (missing.length) throw new ServiceError('not_found', 'the request names what is not there', { details: missing })
}

export const isCode = (error: unknown, code: ErrorCode): error is ServiceError =>
  error instanceof ServiceError && error.code === code
