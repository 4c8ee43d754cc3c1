import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { DomainEvent } from '../../events/index.ts'
import { MetricEvent } from '../../events/metrics.ts'

const FOLDER = new URL('../../events/', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, FOLDER), 'utf8')
const typesIn = ({ options }: (typeof DomainEvent | typeof MetricEvent)['def']) =>
  options.flatMap(({ shape }) => shape.type.def.values).sort()
const types = typesIn(DomainEvent.def)
const dataOf = (type: string) =>
  DomainEvent.def.options.find(({ shape }) => shape.type.def.values.some((each) => each === type))?.shape.data

describe('the examples of events', () => {
  const examples = readdirSync(new URL('examples/', FOLDER)).sort()

  it('are one of each type', () => {
    expect(examples).toEqual(types.map((type) => `${type}.json`))
  })

  it.each(examples)('hold a valid %s, with no field that the type does not have', (file) => {
    const example = JSON.parse(read(`examples/${file}`))
    expect(`${example.type}.json`).toBe(file)
    expect(DomainEvent.parse(example)).toEqual(example)
  })

  it('name no person', () => {
    expect(examples.map((file) => read(`examples/${file}`)).join()).not.toContain('@')
  })
})

describe('the catalogue of events', () => {
  const rows = [...read('README.md').matchAll(/^\| `(\S+\.v\d+)` \| (.*) \| (.*)\|$/gm)]
  const catalogue = rows.map(([, type = '', , data = '']) => ({ type, data: data.match(/`\w+`\??/g) ?? [] }))
  const everyOffer = ['`partnerId`', '`accountId`', '`marketplace`']

  it('lists each type once', () => {
    expect(catalogue.map(({ type }) => type).sort()).toEqual(types)
  })

  it.each(catalogue)('tells the fields of $type', ({ type, data }) => {
    const fields = Object.entries(dataOf(type)?.shape ?? {}).map(
      ([name, schema]) => `\`${name}\`${schema.safeParse(undefined).success ? '?' : ''}`,
    )
    expect([...(type.startsWith('offer.') ? everyOffer : []), ...data].sort()).toEqual(fields.sort())
  })

  it('says of every fact that it can be taken over', () => {
    const [, facts = ''] = /^## Facts([\s\S]*?)^## /m.exec(read('README.md')) ?? []
    const listed = [...facts.matchAll(/^\| `(\S+)`/gm)].map(([, type]) => type)
    expect(listed.sort()).toEqual(typesIn(MetricEvent.def))
  })
})

describe('an event', () => {
  const example = JSON.parse(read('examples/transaction.recorded.v1.json'))

  it.each([
    ['of an unknown type', { type: 'transaction.guessed.v1' }],
    ['without an id', { id: '' }],
    ['of no instant', { time: '2026-10-12' }],
    ['with an amount as text', { data: { ...example.data, amount: { amount: '4000000', currency: 'USD' } } }],
    ['with a booking that has no service period', { data: { ...example.data, service: undefined } }],
  ])('%s is refused', (_, change) => {
    expect(DomainEvent.safeParse({ ...example, ...change }).success).toBe(false)
  })
})
