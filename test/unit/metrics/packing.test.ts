import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Fact, factOf } from '../../../lib/metrics/fact.ts'
import { packed, unpacked } from '../../../lib/metrics/packing.ts'
import { metricEvent } from '../../support/metric-events.ts'

const sorted = (facts: Fact[]) =>
  facts.toSorted((a, b) => ('day' in a ? a.day : a.month) - ('day' in b ? b.day : b.month) || (a.id < b.id ? -1 : 1))

const facts = fc.uniqueArray(metricEvent.map(factOf), { selector: ({ id }) => id, maxLength: 40, size: 'max' })

const rate = (id: string, recordedAt: string): Fact => ({
  type: 'rate',
  id,
  base: 'EUR',
  quote: 'USD',
  rate: '1.0850',
  day: 20_000,
  recordedAt,
})
const attached = (id: string, partnerId: string): Fact => ({
  type: 'attached',
  id,
  partnerId,
  role: 'sourced',
  day: 20_000,
  recordedAt: '2026-01-01T00:00:00',
})

const law = (check: (some: Fact[]) => void) => fc.assert(fc.property(facts, (some) => void check(some)))

describe('packed facts', () => {
  it('are the facts when they are unpacked', () => law((some) => expect(unpacked(packed(some))).toEqual(sorted(some))))

  it('are the same text in whatever order they come', () => law((some) => expect(packed(some.toReversed())).toBe(packed(some))))

  it.each<[string, Fact[]]>([
    ['none', []],
    ['ids that begin alike, one of them all of it', [attached('a', 'p'), attached('b', 'p'), attached('bb', 'pp')]],
    ['ids that are equally long with nothing between them', [attached('a1', 'p-10'), attached('a2', 'p-11')]],
    ['one id for all', [attached('a1', 'p'), attached('a2', 'p')]],
    ['instants with and without a fraction', [rate('a', '2026-01-01T00:00:00'), rate('b', '2026-01-01T00:00:00.5')]],
    ['instants before and after others', [rate('a', '2026-01-01T00:00:00'), rate('b', '2025-01-01T23:59:59')]],
  ])('may be %s', (_, some) => expect(unpacked(packed(some))).toEqual(sorted(some)))
})
