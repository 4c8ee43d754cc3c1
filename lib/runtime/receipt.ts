import { createHash } from 'node:crypto'
import type {
  APIGatewayProxyEventV2WithJWTAuthorizer as ApiEvent,
  APIGatewayProxyStructuredResultV2 as ApiResult,
} from 'aws-lambda'
import type { Actor, Context, Receipt } from '../core/context.ts'
import type { Route } from '../core/contract.ts'
import { invalid, ServiceError } from '../core/errors.ts'
import { answered } from './answer.ts'
import type { Table } from './table.ts'

const KEY = /^[\x21-\x7e]{1,255}$/

/** What identifies a repeated POST: who, which key; and what must then be equal. */
export const receiptFor = (route: Route, event: ApiEvent, actor: Actor): Receipt | undefined => {
  if (route.method !== 'POST' || !route.scope?.endsWith('.write')) return undefined
  const key = event.headers['idempotency-key'] ?? ''
  if (!KEY.test(key))
    throw invalid('a POST needs an Idempotency-Key', [
      { target: 'Idempotency-Key', message: 'send a header of 1 to 255 printable characters, new for each new request' },
    ])
  const requestHash = createHash('sha256')
    .update(`${event.rawPath}\n${event.body ?? ''}`)
    .digest('hex')
  return { key: `${actor.subject}#${key}`, requestHash, status: route.status }
}

/** The first answer to this request, if it was given; another request under the same key is refused. */
export const replay = async (receipts: Table, { key, requestHash }: Receipt): Promise<ApiResult | undefined> => {
  const kept = await receipts.get({ pk: `RECEIPT#${key}`, sk: 'RECEIPT' })
  if (!kept) return undefined
  if (kept['requestHash'] !== requestHash)
    throw new ServiceError('idempotency_mismatch', 'this Idempotency-Key was used for another request: take a new key', {
      target: 'Idempotency-Key',
    })
  return answered(Number(kept['status']), kept['answer'], { 'idempotent-replayed': 'true' })
}

/** A POST that changed nothing left no receipt beside its effect: it is kept now, so that its key is taken and its repeat answered alike. */
export const settle = async (receipts: Table, context: Context, answer: unknown) => {
  if (context.receipt && !context.receipt.kept) await receipts.commit([], { context, answer })
}
