import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Fact, factOf } from '../../../lib/metrics/fact.ts'
import { DICTIONARY, packed, unpacked } from '../../../lib/metrics/packing.ts'
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

  it('are compressed with one dictionary for ever: with another one nothing that is stored could be read', () =>
    expect(createHash('sha256').update(DICTIONARY).digest('hex')).toBe(
      'e86f3fb3c968a835be7ba6a8e809fa245a8169db58879861713527a634a88b69',
    ))

  it('are stored as this text, which must stay readable', () => {
    const sale = (id: string, day: number, amount: number, more: object): Fact =>
      ({
        type: 'transaction',
        id,
        recordedAt: '2026-01-01T10:00:01',
        transactionId: `tx-${id}`,
        ledger: 'billed',
        kind: 'usage',
        marketplace: 'aws',
        productId: 'prod-1',
        amount,
        currency: 'USD',
        day,
        ...more,
      }) as Fact
    const some = [
      sale('e1', 20_454, -20, { kind: 'refund', corrects: 'tx-0', partnerId: 'ptn-9' }),
      sale('e2', 20_454, 100_000, { kind: 'contract', ledger: 'booked', service: { from: 20_454, to: 20_819 } }),
      sale('e3', 20_456, 500, { recordedAt: '2026-01-03T10:00:01' }),
    ]
    const columns = [
      'amount|n|||-20,100000,500',
      'corrects|t|||tx-0,,',
      'currency|t|USD|0|',
      'day|s|||20454,0,2',
      'id|t|e|1|123',
      'kind|t|||refund,contract,usage',
      'ledger|t|b|5|illedookedilled',
      'marketplace|t|aws|0|',
      'partnerId|t|||ptn-9,,',
      'productId|t|prod-1|0|',
      'recordedAt|i|||1767261601,0,172800',
      'service.from|s|||,20454,',
      'service.to|s|||,20819,',
      'transactionId|t|tx-e|1|123',
      'type|t|transaction|0|',
    ]
    const text = ['3', ...columns].join('\0').replaceAll('|', '\x01').replaceAll(',', '\n')
    expect(packed(some)).toBe(text)
    expect(unpacked(text)).toEqual(some)
  })
})
