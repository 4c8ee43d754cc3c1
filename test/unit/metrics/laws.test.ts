import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MetricEvent } from '../../../events/metrics.ts'
import { contributionsIn, merge } from '../../../lib/metrics/aggregate.ts'
import type { MetricsDocument } from '../../../lib/metrics/document.ts'
import { metricEvent, RATES } from '../../support/metric-events.ts'
import { aggregatesOfRows, metricsOf, rowsOf } from '../../support/rows-engine.ts'

const SETTINGS = { currency: 'USD', grossMargin: 8000 }
const stories = fc.array(metricEvent, { maxLength: 25, size: 'max' })

const documentOf = (events: MetricEvent[]): MetricsDocument => metricsOf([...RATES, ...events], SETTINGS) as MetricsDocument

const each = (check: (document: MetricsDocument) => void) =>
  fc.assert(fc.property(stories, (events) => check(documentOf(events))))

describe('whatever happened', () => {
  it('sourced, influenced and direct revenue add up to the total, and the partners to the shares', () => {
    each(({ revenue, revenueTotals }) => {
      for (const { month, sourced, influenced, direct, total } of revenueTotals) {
        expect(BigInt(sourced) + BigInt(influenced) + BigInt(direct)).toBe(BigInt(total))
        const ofMonth = revenue.filter((row) => row.month === month)
        expect(ofMonth.reduce((sum, row) => sum + BigInt(row.sourced), 0n)).toBe(BigInt(sourced))
        expect(ofMonth.reduce((sum, row) => sum + BigInt(row.influenced), 0n)).toBe(BigInt(influenced))
      }
    })
  })

  it('gross retention is at least nothing, at most the base and at most net retention, of the same base', () => {
    each(({ nrr }) => {
      for (const row of nrr) {
        const [start, kept, end] = [row.grr.denominator, row.grr.numerator, row.nrr.numerator].map(BigInt) as [
          bigint,
          bigint,
          bigint,
        ]
        expect(row.nrr.denominator).toBe(row.grr.denominator)
        expect([kept >= 0n, kept <= start, kept <= end]).toEqual([true, true, true])
        expect(row.accounts > 0).toBe(start > 0n)
      }
    })
  })

  it('no partner has more accounts or base than the programme, and together they have no less', () => {
    each(({ nrr }) => {
      for (const all of nrr.filter(({ partnerId }) => partnerId === 'all')) {
        const partners = nrr.filter((row) => row.month === all.month && row.window === all.window && row !== all)
        expect(partners.every(({ accounts }) => accounts <= all.accounts)).toBe(true)
        expect(partners.reduce((sum, { accounts }) => sum + accounts, 0)).toBeGreaterThanOrEqual(all.accounts)
      }
    })
  })

  it('survival falls from one, and the median is a day on which half is left', () => {
    each(({ ttv }) => {
      for (const { n, events, median, s30, s90, s180, s365 } of ttv) {
        const values = [s30, s90, s180, s365].map(Number)
        expect(values.every((value, i) => value >= 0 && value <= (values[i - 1] ?? 1))).toBe(true)
        expect(events).toBeLessThanOrEqual(n)
        if (median !== null && median <= 30) expect(Number(s30)).toBeLessThanOrEqual(0.5)
      }
    })
  })

  it('blended acquisition cost has the spend and the customers of partners and direct together', () => {
    each(({ cac }) => {
      for (const { partner, direct, blended } of cac) {
        expect(BigInt(partner.numerator) + BigInt(direct.numerator)).toBe(BigInt(blended.numerator))
        expect(BigInt(partner.denominator) + BigInt(direct.denominator)).toBe(BigInt(blended.denominator))
      }
    })
  })
})

/** The story of another region: accounts, partners, transactions and costs are its own. */
const elsewhere = (event: MetricEvent): MetricEvent => {
  const own = Object.entries(event.data).map(([key, value]) => [
    key,
    ['accountId', 'partnerId', 'transactionId', 'corrects'].includes(key) ? `eu-${value}` : value,
  ])
  // Costs of no partner would be of one pool with those of the first region.
  const pool = event.type === 'cost.recorded.v1' && { partnerId: 'eu-pool' }
  return { ...event, id: `eu-${event.id}`, data: { ...pool, ...Object.fromEntries(own) } } as MetricEvent
}

const BOUNDS = ['first-month', 'last-day', 'missing-rates']

describe('the sums of two regions', () => {
  it('are the sums of all that happened in both', () => {
    const isRate = ({ type }: MetricEvent) => type === 'rate.published.v1'
    fc.assert(
      fc.property(stories, stories, (here, there) => {
        const rates = [...RATES, ...[...here, ...there].filter(isRate)]
        const [first, second] = [here.filter((one) => !isRate(one)), there.filter((one) => !isRate(one)).map(elsewhere)]
        // Windows that end after the last day of one region alone are none of its own.
        const settings = { ...SETTINGS, asOf: '2027-12-31T00:00:00Z' }
        const sumsOf = (events: MetricEvent[]) => {
          const rows = rowsOf([...rates, ...events], settings.asOf)
          return aggregatesOfRows(rows, settings)
        }
        const twice = sumsOf([])
        const addresses = (aggregates: typeof twice) =>
          new Map(
            contributionsIn(aggregates).map(({ value, ...address }) => [
              JSON.stringify(address),
              // Of bounds it matters which there are: how often depends on what shares a row.
              BOUNDS.includes(address.family) ? value > 0 : value,
            ]),
          )
        const both = addresses(merge(sumsOf(first), sumsOf(second)))
        // The rates are in both regions, and counted in each.
        const expected = addresses(merge(sumsOf([...first, ...second]), twice))
        expect(both).toEqual(expected)
      }),
    )
  })
})
