import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { APIGatewayProxyStructuredResultV2 as ApiResult } from 'aws-lambda'
import type { JWTPayload } from 'jose'
import type { Route } from '../../lib/core/contract.ts'
import { invalid, ServiceError } from '../../lib/core/errors.ts'
import { problem } from '../../lib/runtime/answer.ts'
import { functions } from '../service.ts'
import type { Identity } from './identity.ts'
import type { Invoke } from './invoke.ts'
import { readBody } from './outside.ts'

type Target = { name: string; route: Route; pattern: RegExp }

const patternOf = (path: string) => new RegExp(`^/v1${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}/?$`)

const targets: Target[] = Object.entries(functions).flatMap(([name, { triggers }]) =>
  triggers.flatMap((trigger) =>
    trigger.kind === 'api'
      ? Object.values(trigger.contract).map((route) => ({ name, route, pattern: patternOf(route.path) }))
      : [],
  ),
)

// A fixed path goes before a parameter: /offers/plan is no offer with the id plan.
const rank = ({ route }: Target) => (route.path.includes('{') ? 1 : 0)
const find = (method: string, path: string) =>
  targets.toSorted((a, b) => rank(a) - rank(b)).find(({ route, pattern }) => route.method === method && pattern.test(path))

const decoded = (text: string) => {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid('the path is not well encoded', [{ target: 'path', message: 'percent-encode it as UTF-8' }])
  }
}

// HTTP APIs hand over the path decoded, its parameters as well.
const parametersOf = (pattern: RegExp, { pathname }: URL) =>
  Object.fromEntries(Object.entries(pattern.exec(pathname)?.groups ?? {}).map(([name, value]) => [name, decoded(value)]))

/** What API Gateway hands to a Lambda for one HTTP request (payload format 2.0). */
const eventOf = (
  request: IncomingMessage,
  url: URL,
  body: Buffer,
  { route, pattern }: Target,
  claims: JWTPayload | undefined,
  requestId: string,
) => {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  )
  const query = Object.fromEntries([...url.searchParams.keys()].map((name) => [name, url.searchParams.getAll(name).join(',')]))
  const path = decoded(url.pathname)
  return {
    version: '2.0',
    routeKey: `${route.method} /v1${route.path}`,
    rawPath: path,
    rawQueryString: url.search.slice(1),
    headers,
    ...(url.search && { queryStringParameters: query }),
    pathParameters: parametersOf(pattern, url),
    requestContext: {
      requestId,
      stage: '$default',
      http: { method: request.method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: '' },
      ...(claims && { authorizer: { jwt: { claims, scopes: null } } }),
    },
    body: body.toString(),
    isBase64Encoded: false,
  }
}

const claimsOf = async (identity: Identity, header: string | undefined) => {
  const token = /^Bearer (.+)$/i.exec(header ?? '')?.[1]
  if (!token) throw new ServiceError('unauthorized', 'send a bearer token: Authorization: Bearer …')
  return identity.verify(token).catch((cause: unknown) => {
    throw new ServiceError('unauthorized', 'the token is not valid, or no longer', { cause })
  })
}

const MAX_BODY = 6 * 1024 * 1024

const handle = async (request: IncomingMessage, invoke: Invoke, identity: Identity, requestId: string): Promise<ApiResult> => {
  const url = new URL(`http://gateway${request.url}`)
  const target = find(request.method ?? '', url.pathname)
  if (!target) throw new ServiceError('not_found', 'there is no such path and method; GET /v1/openapi.json lists them')
  const claims = target.route.scope ? await claimsOf(identity, request.headers.authorization) : undefined
  const body = await readBody(request)
  if (body.length > MAX_BODY)
    throw invalid('the body is too large', [{ target: 'body', message: 'send at most 6 MB, in several requests' }])
  return (await invoke(target.name, eventOf(request, url, body, target, claims, requestId))) as ApiResult
}

const send = (response: ServerResponse, { statusCode = 200, headers = {}, body }: ApiResult) => {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, String(value))
  response.writeHead(statusCode).end(body)
}

/** What API Gateway does in the cloud: finds the route, checks the token, invokes the function. */
export const gateway = (invoke: Invoke, identity: Identity) => async (request: IncomingMessage, response: ServerResponse) => {
  const requestId = randomUUID()
  send(response, await handle(request, invoke, identity, requestId).catch((error: unknown) => problem(error, requestId)))
}
