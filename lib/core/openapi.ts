import type { Contract, Route } from './contract.ts'
import * as z from './schema.ts'

type Json = Record<string, unknown>
/** The named schemas of the document. */
type Components = Record<string, Json>

const reference = (id: string) => `#/components/schemas/${id}`

/** Names a schema; where what is sent differs from what is answered, by defaults, each has its own name. */
const place = (components: Components, id: string, schema: Json, io: 'input' | 'output') => {
  const isFree = (name: string) => !components[name] || JSON.stringify(components[name]) === JSON.stringify(schema)
  const name = isFree(id) ? id : `${id}${io === 'input' ? 'Input' : 'Output'}`
  components[name] = schema
  return name
}

// An answer may gain fields: nobody shall rely on there being no others.
const open = ({ jsonSchema }: { jsonSchema: Json }) => {
  if (jsonSchema['additionalProperties'] === false) delete jsonSchema['additionalProperties']
}

const jsonSchemaOf = (schema: z.ZodMiniType, io: 'input' | 'output') =>
  z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline', ...(io === 'output' && { override: open }) })

const schemaOf = (schema: z.ZodMiniType, io: 'input' | 'output', components: Components): Json => {
  const { $schema: _, $defs = {}, ...root } = jsonSchemaOf(schema, io)
  const hoisted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(hoisted)
    if (typeof value !== 'object' || value === null) return value
    const id = '$ref' in value ? String(value.$ref).replace('#/$defs/', '') : ''
    const named = $defs[id]
    if (named) return { $ref: reference(place(components, id, hoisted(named) as Json, io)) }
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, hoisted(part)]))
  }
  return hoisted(root) as Json
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

const queryParameters = (query: z.ZodMiniType | undefined) => {
  if (!query) return []
  const { properties = {}, required = [] } = schemaOf(query, 'input', {}) as {
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

const text = (mediaType: string) => ({ content: { [mediaType]: { schema: { type: 'string' } } } })
const json = (schema: Json) => ({ content: { 'application/json': { schema } } })

const operationOf = (
  name: string,
  { method, path, scope, status, summary, query, body, result, mediaType }: Route,
  components: Components,
) => {
  const answer = mediaType ? text(mediaType) : result && json(schemaOf(result, 'output', components))
  return {
    operationId: name,
    summary,
    security: scope ? [{ token: [scope] }] : [],
    parameters: [
      ...pathParameters(path),
      ...queryParameters(query),
      ...(method === 'POST' && scope?.endsWith('.write') ? [KEY] : []),
    ],
    ...(body && { requestBody: { required: true, ...json(schemaOf(body, 'input', components)) } }),
    responses: {
      [status]: { description: 'done', ...answer },
      default: { description: 'refused', content: { 'application/problem+json': { schema: { $ref: reference('Problem') } } } },
    },
  }
}

/** The contracts as OpenAPI 3.1. */
export const openApi = (contracts: readonly Contract[], version: string) => {
  const paths: Record<string, Json> = {}
  const components: Components = { Problem: PROBLEM }
  for (const [name, route] of contracts.flatMap((contract) => Object.entries(contract))) {
    const path = `/v1${route.path}`
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(name, route, components) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Cosell', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: components,
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  }
}
