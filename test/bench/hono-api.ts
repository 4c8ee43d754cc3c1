import type {
  APIGatewayProxyEventV2WithJWTAuthorizer as ApiEvent,
  APIGatewayProxyStructuredResultV2 as ApiResult,
  Context as LambdaContext,
} from 'aws-lambda'
import { type Context, Hono } from 'hono'
import { handle } from 'hono/aws-lambda'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Contract, Route } from '../../lib/core/contract.ts'
import { invalid } from '../../lib/core/errors.ts'
import { allowed } from '../../lib/runtime/actor.ts'
import { problem } from '../../lib/runtime/answer.ts'
import { newContext } from '../../lib/runtime/context.ts'
import type { Call, Handlers } from '../../lib/runtime/http.ts'
import { receiptFor, replay, settle } from '../../lib/runtime/receipt.ts'
import type { Table } from '../../lib/runtime/table.ts'

type Env = { Bindings: { event: ApiEvent } }
type Handle = (call: Call<Route>) => Promise<unknown>

const check = (schema: Route['body'], value: unknown) => {
  if (!schema) return undefined
  const { data, error } = schema.safeParse(value)
  if (!error) return data
  const details = error.issues.map(({ path, message }) => ({ target: path.join('.') || 'body', message }))
  throw invalid('the request has fields that are wrong or missing', details)
}

const reply = (c: Context<Env>, { statusCode, headers, body }: ApiResult) =>
  c.body(body ?? '', statusCode as ContentfulStatusCode, headers as Record<string, string>)

const etagOf = (body: unknown) => ({ etag: `"${(body as { version: number }).version}"` })

const bind = (route: Route, handle: Handle, receipts: Table) => async (c: Context<Env>) => {
  const actor = allowed(route, c.env.event)
  const receipt = receiptFor(route, c.env.event, actor)
  const before = receipt && (await replay(receipts, receipt))
  if (before) return reply(c, before)

  const text = await c.req.text()
  const call = {
    actor,
    path: c.req.param(),
    query: check(route.query, c.req.query()),
    body: check(route.body, route.body && JSON.parse(text)),
    headers: c.env.event.headers,
    text,
    expected: undefined,
    context: newContext('api', receipt),
  } as Call<Route>
  const answer = await handle(call)
  await settle(receipts, call.context, answer)
  return c.json(answer, route.status as ContentfulStatusCode, etagOf(answer))
}

/** The peer: the same contract, checks, receipts and problems behind Hono's own Lambda adapter, router, requests and responses. */
export const honoApi = <C extends Contract>(contract: C, handlers: Handlers<C>, receipts: Table) => {
  const app = new Hono<Env>()
  for (const [name, route] of Object.entries(contract))
    app.on(
      route.method,
      `/v1${route.path.replace(/\{(\w+)\}/g, ':$1')}`,
      bind(route, handlers[name as keyof C] as Handle, receipts),
    )
  app.onError((error, c) => reply(c, problem(error, c.env.event.requestContext.requestId)))
  return handle(app) as (event: ApiEvent, context: LambdaContext) => Promise<ApiResult>
}
