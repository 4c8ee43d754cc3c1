import * as z from 'zod'
import type { Contract, Route } from './contract.ts'

const reference = (id: string) => `#/components/schemas/${id}`

const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' })
  return json
}

const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail', 'details', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    detail: { type: 'string' },
    target: { type: 'string' },
    details: {
      type: 'array',
      items: {
        type: 'object',
        properties: { target: { type: 'string' }, message: { type: 'string' }, code: { type: 'string' } },
      },
    },
    requestId: { type: 'string' },
  },
}

const pathParameters = (path: string) =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))

const queryParameters = (query: z.ZodType | undefined) => {
  if (!query) return []
  const { properties = {}, required = [] } = schemaOf(query, 'input') as {
    properties?: Record<string, unknown>
    required?: string[]
  }
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema }))
}

const KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  schema: { type: 'string', maxLength: 255 },
  description: 'new for each new request; a repeat with the same key and body is answered like the first',
}

const operationOf = (name: string, { method, path, scope, status, summary, query, body, result }: Route) => ({
  operationId: name,
  summary,
  ...(scope ? { security: [{ token: [scope] }] } : { security: [] }),
  parameters: [
    ...pathParameters(path),
    ...queryParameters(query),
    ...(method === 'POST' && scope?.endsWith('.write') ? [KEY] : []),
  ],
  ...(body && { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } } }),
  responses: {
    [status]: { description: 'done', ...(result && { content: { 'application/json': { schema: schemaOf(result, 'output') } } }) },
    default: { description: 'refused', content: { 'application/problem+json': { schema: { $ref: reference('Problem') } } } },
  },
})

/** The contracts as OpenAPI 3.1. */
export const openApi = (contracts: readonly Contract[], version: string) => {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [name, route] of contracts.flatMap((contract) => Object.entries(contract))) {
    const path = `/v1${route.path}`
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(name, route) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Cosell', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { Problem: PROBLEM },
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  }
}
