import middy from '@middy/core'
import httpRouter from '@middy/http-router'
import type {
  APIGatewayProxyEventV2WithJWTAuthorizer as ApiEvent,
  APIGatewayProxyStructuredResultV2 as ApiResult,
} from 'aws-lambda'
import { Id } from '../../events/vocabulary.ts'
import { checked } from '../core/checked.ts'
import type { Actor, Context } from '../core/context.ts'
import type { Contract, Route, TextAnswer } from '../core/contract.ts'
import { invalid, ServiceError } from '../core/errors.ts'
import * as z from '../core/schema.ts'
import { allowed } from './actor.ts'
import { answered, answeredText, problem } from './answer.ts'
import { newContext } from './context.ts'
import { type Cursors, cursorsOf } from './cursor.ts'
import { log } from './log.ts'
import { passing } from './passing.ts'
import { receiptFor, replay, settle } from './receipt.ts'
import type { Table } from './table.ts'

type PathOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { [K in Name]: string } & PathOf<Rest>
  : unknown

type Parsed<S> = S extends z.ZodMiniType ? z.output<S> : undefined

export type Call<R extends Route> = {
  actor: Actor
  path: PathOf<R['path']>
  query: Parsed<R['query']>
  body: Parsed<R['body']>
  headers: Record<string, string | undefined>
  /** The body as it came; for callers whose message is kept even when it makes no sense. */
  text: string
  /** The version that If-Match asks for. */
  expected: number | undefined
  context: Context
}
type Json<R extends Route> = R['result'] extends z.ZodMiniType ? z.input<R['result']> : unknown
type Result<R extends Route> = R['mediaType'] extends string ? TextAnswer : Json<R>
export type Handlers<C extends Contract> = { [Name in keyof C]: (call: Call<C[Name]>) => Promise<Result<C[Name]>> }

const check = <S extends z.ZodMiniType>(schema: S | undefined, value: unknown): Parsed<S> =>
  (schema ? checked(schema, value) : undefined) as Parsed<S>

const textOf = ({ body = '', isBase64Encoded }: ApiEvent) => (isBase64Encoded ? Buffer.from(body, 'base64').toString() : body)

const json = (text: string): unknown => {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    throw invalid('the body is no JSON', [{ target: 'body', message: 'must be a JSON document' }])
  }
}

const expectedVersion = (header: string | undefined) => {
  if (header === undefined) return undefined
  const [, version] = /^"(\d+)"$/.exec(header) ?? []
  if (version === undefined)
    throw invalid('If-Match is no ETag of ours', [{ target: 'If-Match', message: 'send the ETag of the last answer, like "3"' }])
  return Number(version)
}

const PathIds = z.record(z.string(), Id)

const callOf = <R extends Route>(route: R, event: ApiEvent, actor: Actor, cursors: Cursors, context: Context): Call<R> => {
  const text = textOf(event)
  return {
    actor,
    path: check(PathIds, event.pathParameters ?? {}) as PathOf<R['path']>,
    query: cursors.opened(check(route.query, event.queryStringParameters ?? {}) as Parsed<R['query']>),
    body: check(route.body, route.body ? json(text) : undefined) as Parsed<R['body']>,
    headers: event.headers,
    text,
    expected: expectedVersion(event.headers['if-match']),
    context,
  }
}

const bind =
  <R extends Route>(route: R, handle: (call: Call<R>) => Promise<unknown>, receipts: Table | undefined) =>
  async (event: ApiEvent): Promise<ApiResult> => {
    const actor = allowed(route, event)
    const receipt = receiptFor(route, event, actor)
    const before = receipt && receipts && (await replay(receipts, receipt))
    if (before) return before

    const cursors = cursorsOf(event, actor)
    const call = callOf(route, event, actor, cursors, newContext('api', receipt))
    try {
      const result = await handle(call)
      if (receipts) await settle(receipts, call.context, result)
      if (route.mediaType) return answeredText(route.status, route.mediaType, result as TextAnswer)
      return answered(route.status, cursors.marked(result))
    } catch (error) {
      const meanwhile = receipt && receipts && (await replay(receipts, receipt))
      if (meanwhile) return meanwhile
      throw error
    }
  }

const onError = (request: { event: ApiEvent; error: Error | null; response?: unknown }) => {
  const requestId = request.event.requestContext.requestId
  if (!(request.error instanceof ServiceError))
    log.error('request failed', request.error, { requestId, path: request.event.rawPath })
  request.response = problem(passing(request.error), requestId)
}

const notRouted = () => {
  throw new ServiceError('not_found', 'there is no such path and method; GET /v1/openapi.json lists them')
}

/**
 * Binds a contract's routes to their handlers: checks scope, input and idempotency, and answers problems as RFC 9457 has them.
 * `receipts` is the table that keeps the answers of POSTs; needed where there are any.
 */
export const api = <C extends Contract>(contract: C, handlers: Handlers<C>, receipts?: Table) => {
  const routes = Object.entries(contract).map(([name, route]) => ({
    method: route.method,
    path: `/v1${route.path}`,
    handler: bind(route, handlers[name as keyof C] as (call: Call<Route>) => Promise<unknown>, receipts),
  }))
  return middy<ApiEvent, ApiResult>()
    .use({ onError })
    .handler(httpRouter<ApiEvent, ApiResult>({ routes, notFoundResponse: notRouted }))
}
