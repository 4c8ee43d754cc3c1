import { describe, expect, it, test } from 'vitest'
import type { MetricEvent } from '../../../events/metrics.ts'
import { behind } from '../../../lib/metrics/behind.ts'
import { dayOf } from '../../../lib/metrics/calendar.ts'
import { factOf } from '../../../lib/metrics/fact.ts'
import { rateTable } from '../../../lib/metrics/rates.ts'
import { emptyRow } from '../../../lib/metrics/row.ts'
import type { ValueName } from '../../../lib/metrics/value.ts'
import { attached, billed, booked, cost, detached, onboarded, published } from './story.ts'

type Named = Record<string, MetricEvent>

const RATES: Named = {
  'end of base': published('EUR', 'USD', '2025-03-31', '1'),
  'day after': published('EUR', 'USD', '2025-04-01', '2'),
  'day of invoice': published('EUR', 'USD', '2026-03-05', '3'),
  'end of month': published('EUR', 'USD', '2026-03-31', '4'),
  'of another currency': published('JPY', 'USD', '2026-03-01', '5'),
}
const TABLE = () =>
  rateTable(
    Object.values(RATES)
      .map(factOf)
      .filter((fact) => fact.type === 'rate'),
    'USD',
  )

const named = (events: Named, ids: Set<string>) =>
  Object.keys(events)
    .filter((name) => ids.has(events[name]?.id ?? ''))
    .sort()

/** The names of the events of a row, and of the rates, that are behind a value of March 2026. */
const found = (events: Named, name: Omit<ValueName, 'period' | 'window'> & Partial<ValueName>, until = '2026-03-31') => {
  const row = emptyRow()
  for (const event of Object.values(events)) row.facts.set(event.id, factOf(event))
  const { factIds, rateIds } = behind(row, { period: '2026-03', window: 12, ...name }, dayOf(until), TABLE())
  return { facts: named(events, factIds), rates: named(RATES, rateIds) }
}

describe('behind the value of an account are', () => {
  const earlier = billed('a', 9, '2026-02-28')
  const ACCOUNT: Named = {
    came: attached('a', 'p', 'sourced', '2025-01-01'),
    left: detached('a', 'p', 'sourced', '2025-06-01'),
    'came late': attached('a', 'q', 'influenced', '2026-04-01'),
    ended: booked('a', 12, '2024-03-01', '2025-03-01'),
    base: booked('a', 12, '2025-03-01', '2026-03-01'),
    between: booked('a', 12, '2025-06-01', '2025-09-01'),
    now: booked('a', 24, '2026-03-01', '2027-03-01'),
    next: booked('a', 24, '2026-04-01', '2027-04-01'),
    usage: billed('a', 5, '2026-03-10', { kind: 'usage' }),
    invoice: billed('a', 24, '2026-03-05'),
    tax: billed('a', 2, '2026-03-06', { kind: 'tax' }),
    earlier,
    back: billed('a', -9, '2026-03-20', { kind: 'refund', corrects: earlier.data.transactionId }),
    later: billed('a', 24, '2026-04-01'),
    'a year ago': billed('a', 24, '2025-04-01'),
    'before that': billed('a', 24, '2025-03-31'),
  }

  test.each<[string, Parameters<typeof found>[1], string[], string?]>([
    ['retention: what recurs at both ends, who was there at the first', { metric: 'nrr' }, ['base', 'came', 'now', 'usage']],
    ['retention of a month', { metric: 'nrr', window: 1 }, ['base', 'came', 'left', 'now', 'usage']],
    [
      'revenue: what was billed, and what that takes back',
      { metric: 'revenue' },
      ['back', 'came', 'earlier', 'invoice', 'left', 'usage'],
    ],
    [
      'the return on a partner: what was billed in a year',
      { metric: 'ropi', partnerId: 'p' },
      ['a year ago', 'back', 'came', 'earlier', 'invoice', 'left', 'usage'],
    ],
    [
      'the cost of customers: all that recurred by then',
      { metric: 'cac' },
      ['base', 'between', 'came', 'ended', 'left', 'now', 'usage'],
    ],
    [
      'time to value: what was billed by the first revenue, and what takes that back later',
      { metric: 'ttv' },
      ['a year ago', 'back', 'before that', 'came', 'earlier', 'left'],
      '2026-02-28',
    ],
  ])('%s', (_, name, facts, until) => {
    expect(found(ACCOUNT, name, until)).toEqual({ facts, rates: [] })
  })
})

it('behind time to value is the end of onboarding, and behind nothing another milestone', () => {
  const done = onboarded('p', '2026-03-01')
  const joined = { ...done, id: `${done.id}-joined`, data: { ...done.data, milestone: 'joined' as const } }
  expect(found({ done, joined }, { metric: 'ttv' }).facts).toEqual(['done'])
  expect(found({ done, joined }, { metric: 'revenue' }).facts).toEqual([])
})

describe('behind the value of costs are', () => {
  const p = { partnerId: 'p' }
  const COSTS: Named = {
    won: cost('acquisition', 'partner', 1, '2026-03', p),
    'won together': cost('acquisition', 'shared', 1, '2026-03'),
    'won later': cost('acquisition', 'partner', 1, '2026-04', p),
    'won before': cost('acquisition', 'direct', 1, '2026-02', p),
    paid: cost('payout', 'partner', 1, '2025-04', p),
    helped: cost('support', 'direct', 1, '2025-03', p),
    'helped all': cost('support', 'shared', 1, '2026-03', p),
    'helped another': cost('support', 'partner', 1, '2026-03', { partnerId: 'q' }),
  }

  test.each<[ValueName['metric'], string[]]>([
    ['cac', ['won', 'won together']],
    ['ropi', ['paid', 'won', 'won before']],
    ['nrr', []],
    ['revenue', []],
    ['ttv', []],
  ])('for %s %j', (metric, facts) => {
    expect(found(COSTS, { metric, ...(metric === 'ropi' && p) }).facts).toEqual(facts)
  })
})

describe('behind a converted value is the rate', () => {
  const euros = { currency: 'EUR' }
  const sold = billed('a', 3, '2025-04-10', euros)

  test.each<[string, Named, Parameters<typeof found>[1], string[]]>([
    [
      'of the end of the base month',
      { now: booked('a', 24, '2026-03-01', '2027-03-01', euros) },
      { metric: 'nrr' },
      ['end of base'],
    ],
    ['of the day of the sale', { invoice: billed('a', 24, '2026-03-05', euros) }, { metric: 'revenue' }, ['day of invoice']],
    [
      'of the day of the sale that is taken back',
      { sold, back: billed('a', -3, '2026-03-10', { ...euros, kind: 'refund', corrects: sold.data.transactionId }) },
      { metric: 'revenue' },
      ['day after'],
    ],
    [
      'of the end of each month in which it may have become a customer',
      { now: booked('a', 24, '2026-02-01', '2027-02-01', euros) },
      { metric: 'cac' },
      ['day after', 'end of month'],
    ],
    [
      'of the end of the month of a cost',
      { won: cost('acquisition', 'shared', 1, '2026-03', euros) },
      { metric: 'cac' },
      ['end of month'],
    ],
  ])('%s', (_, events, name, rates) => {
    expect(found(events, name).rates).toEqual(rates)
  })
})
