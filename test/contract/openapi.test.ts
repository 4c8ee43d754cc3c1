import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { handler } from '../../functions/api/system.ts'
import { functions } from '../../infra/service.ts'
import type { Route } from '../../lib/core/contract.ts'
import { SALE } from '../support/sale.ts'

type Json = Record<string, unknown>
type Content = Record<string, { schema: Json }>
type Operation = {
  operationId: string
  summary: string
  security: Record<string, string[]>[]
  parameters: { name: string; in: string; required: boolean; schema: Json }[]
  requestBody?: { content: Content }
  responses: Record<string, { content?: Content }>
}
type Document = {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Json>; securitySchemes: Json }
}

const path = '/v1/openapi.json'
const request = { version: '2.0', rawPath: path, headers: {}, requestContext: { http: { method: 'GET', path } } }
const { body = '' } = await handler(request as never, {} as never)
const document: Document = JSON.parse(body)

const routes = Object.values(functions).flatMap(({ triggers }) =>
  triggers.flatMap((trigger): [string, Route][] => (trigger.kind === 'api' ? Object.entries(trigger.contract) : [])),
)
const operations = Object.entries(document.paths).flatMap(([at, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ line: `${method.toUpperCase()} ${at}`, ...operation })),
)
const operationOf = (line: string) => operations.find((each) => each.line === line)
const lineOf = (route: Route) => `${route.method} /v1${route.path}`

/** A schema of the document on its own: what it refers to comes along. */
const standing = (schema: Json): Json =>
  JSON.parse(JSON.stringify({ ...schema, $defs: document.components.schemas }).replaceAll('#/components/schemas/', '#/$defs/'))
const compiled = (schema: Json) => z.fromJSONSchema(standing(schema))
const schemasOf = ({ requestBody, responses, parameters }: Operation): Json[] =>
  [
    ...Object.values(requestBody?.content ?? {}),
    ...Object.values(responses).flatMap(({ content = {} }) => Object.values(content)),
    ...parameters,
  ].map(({ schema }) => schema)

describe('the OpenAPI document', () => {
  it('is of version 3.1 and holds every route of the service, and no other', () => {
    expect(document.openapi).toMatch(/^3\.1\./)
    expect(operations.map(({ line }) => line).sort()).toEqual(routes.map(([, route]) => lineOf(route)).sort())
  })

  it('gives each operation a name of its own', () => {
    const names = operations.map(({ operationId }) => operationId)
    expect(new Set(names).size).toBe(names.length)
    expect(names.sort()).toEqual(routes.map(([name]) => name).sort())
  })

  it('refers to nothing that it does not hold', () => {
    const references = [...body.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference)
    const held = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`)
    expect(references.length).toBeGreaterThan(20)
    expect(references.filter((reference) => !held.includes(reference ?? ''))).toEqual([])
  })

  it.each(Object.entries(document.components.schemas))('names %s as a schema that compiles', (_, schema) => {
    expect(() => compiled(schema)).not.toThrow()
  })

  it.each(operations)('describes $line with schemas that compile', (operation) => {
    const schemas = schemasOf(operation)
    expect(schemas.length).toBeGreaterThan(0)
    for (const schema of schemas) expect(() => compiled(schema)).not.toThrow()
    expect(operation.responses['default']?.content).toHaveProperty(['application/problem+json'])
  })

  it.each(routes)('tells what %s asks for', (_, route) => {
    const { security, parameters = [], requestBody, summary } = operationOf(lineOf(route)) ?? {}
    const named = (place: string) => parameters.filter((each) => each.in === place).map(({ name }) => name)
    expect(security).toEqual(route.scope ? [{ token: [route.scope] }] : [])
    expect(named('path')).toEqual([...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))
    expect(named('header')).toEqual(route.method === 'POST' && route.scope?.endsWith('.write') ? ['Idempotency-Key'] : [])
    expect(requestBody !== undefined).toBe(route.body !== undefined)
    expect(summary).toBe(route.summary)
  })
})

it('says which answers are no JSON', () => {
  const others = operations.flatMap(({ line, responses }) =>
    Object.entries(responses['200']?.content ?? {}).flatMap(([type, { schema }]) =>
      type === 'application/json' ? [] : [[line, type, schema]],
    ),
  )
  expect(others).toEqual([['GET /v1/metrics/report', 'text/html; charset=utf-8', { type: 'string' }]])
})

describe('a schema of the document', () => {
  const schema = operationOf('POST /v1/transactions')?.requestBody?.content['application/json']?.schema
  const route = routes.find(([name]) => name === 'recordTransaction')?.[1]

  it.each<[boolean, string, object]>([
    [true, 'a sale', SALE],
    [true, 'a sale with a service period', { ...SALE, service: { from: '2026-11-01', to: '2026-12-01' } }],
    [false, 'an amount as text', { ...SALE, amount: { amount: '100', currency: 'USD' } }],
    [false, 'a currency in small letters', { ...SALE, amount: { amount: 100, currency: 'usd' } }],
    [false, 'an unknown ledger', { ...SALE, ledger: 'guessed' }],
    [false, 'a field too many', { ...SALE, note: 'x' }],
    [false, 'a field too many inside', { ...SALE, amount: { ...SALE.amount, scale: 2 } }],
    [false, 'no product', { ...SALE, productId: undefined }],
  ])('says %s to %s, as the service does', (isValid, _, sent) => {
    const wire = JSON.parse(JSON.stringify(sent))
    expect(schema && compiled(schema).safeParse(wire).success).toBe(isValid)
    expect(route?.body?.safeParse(wire).success).toBe(isValid)
  })
})
