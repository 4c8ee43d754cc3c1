import { describe, expect, it } from 'vitest'
import { DomainEvent } from '../../../events/index.ts'
import type { Context } from '../../../lib/core/context.ts'
import { publish, Rate } from '../../../lib/rates/rate.ts'

const context: Context = { now: '2026-11-02T09:00:00.000Z', newId: (prefix) => `${prefix}_1` }
const EUR: Rate = { base: 'EUR', quote: 'USD', on: '2026-11-01', rate: '1.0850' }

describe('a rate', () => {
  it('is published as an event of its pair and day', () => {
    const event = publish(EUR, context)
    expect(event).toMatchObject({ type: 'rate.published.v1', subject: 'EUR-USD', time: '2026-11-01T00:00:00Z', data: EUR })
    expect(DomainEvent.parse(event)).toEqual(event)
  })

  it.each<[string, boolean, object]>([
    ['a whole number', true, { rate: '150' }],
    ['nine places', true, { rate: '0.000000001' }],
    ['ten places', false, { rate: '0.0000000001' }],
    ['zero', false, { rate: '0.000' }],
    ['a negative one', false, { rate: '-1.1' }],
    ['a power', false, { rate: '1e3' }],
    ['a number', false, { rate: 1.085 }],
    ['one currency', false, { quote: 'EUR' }],
    ['a day that does not exist', false, { on: '2026-02-29' }],
    ['a field too many', false, { source: 'ECB' }],
  ])('of %s is valid: %s', (_, isValid, change) => {
    expect(Rate.safeParse({ ...EUR, ...change }).success).toBe(isValid)
  })
})
