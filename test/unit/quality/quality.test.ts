import { describe, expect, it } from 'vitest'
import type { MetricEvent } from '../../../events/metrics.ts'
import { dayOf } from '../../../lib/metrics/calendar.ts'
import { rateTable } from '../../../lib/metrics/rates.ts'
import { emptyRow, ratesIn } from '../../../lib/metrics/row.ts'
import { addEvent, type Rows } from '../../../lib/metrics/rows.ts'
import { openFindings } from '../../../lib/quality/events.ts'
import { Finding, type Kind } from '../../../lib/quality/finding.ts'
import { findingsOf } from '../../../lib/quality/quality.ts'
import { attached, billed, booked, cost, metrics, published } from '../metrics/story.ts'

const TODAY = '2025-04-01'

/** The findings of all rows of a story. */
const found = (events: MetricEvent[], today = TODAY): Finding[] => {
  const rows: Rows = new Map()
  for (const event of events) addEvent(rows, event)
  const rates = rateTable(ratesIn(rows.get('RATES') ?? emptyRow()), 'USD')
  return [...rows].flatMap(([key, row]) => findingsOf({ key, row, rates, today: dayOf(today) }))
}
const kinds = (events: MetricEvent[], today?: string): Kind[] => found(events, today).map(({ kind }) => kind)
const only = (events: MetricEvent[], today?: string): Finding => {
  const all = found(events, today)
  expect(all).toHaveLength(1)
  return all[0] as Finding
}

/** The programme's NRR numerators and denominators of a story, by month and window. */
const retentionOf = (events: MetricEvent[]) =>
  new Map(
    metrics(events)
      .nrr.filter(({ partnerId }) => partnerId === 'all')
      .map(({ month, window, nrr }) => [`${month} ${window}`, [Number(nrr.denominator), Number(nrr.numerator)]] as const),
  )

/** What the whole document of the corrected story has more than that of the story, in the months that both list. */
const differenceOf = (events: MetricEvent[], corrected: MetricEvent[]) => {
  const [before, after] = [retentionOf(events), retentionOf(corrected)]
  const changes = [...before].map(([key, [start = 0, end = 0]]) => {
    const [month = '', window = ''] = key.split(' ')
    const [startAfter = 0, endAfter = 0] = after.get(key) ?? []
    return { month, window: Number(window), start: startAfter - start, end: endAfter - end }
  })
  return changes.filter(({ start, end }) => start !== 0 || end !== 0)
}
const byPlace = (a: { month: string; window: number }, b: typeof a) =>
  `${a.month} ${a.window + 10}`.localeCompare(`${b.month} ${b.window + 10}`)

// 1 January to 31 December, 1,000 a month, paid, and attached; a far milestone makes the document list all months.
const term = (more: Parameters<typeof booked>[4] = {}) =>
  booked('a', 12_000, '2025-01-15', '2026-01-15', { transactionId: 'term', on: '2025-01-15', ...more })
const paid = billed('a', 12_000, '2025-01-15', { ledger: 'cash' })
const partner = attached('a', 'p', 'sourced', '2025-01-01')
const far = attached('z', 'p', 'managed', '2027-06-30')
const BASE = [term(), paid, partner, far]
const change = (amount: number, from: string, to: string) =>
  booked('a', amount, from, to, { transactionId: 'change', on: '2025-03-01' })
const lines = (amount: number, first: number, last: number) =>
  Array.from({ length: last - first }, (_, n) => {
    const day = (month: number) => new Date(Date.UTC(2025, month, 15)).toISOString().slice(0, 10)
    return booked('a', amount, day(first + n), day(first + n + 1), { on: '2025-03-01' })
  })

describe('an account whose contracts are booked as Cosell does it', () => {
  it.each<[string, MetricEvent[]]>([
    ['a term that is paid', []],
    ['an expansion on its month days', [change(5000, '2025-03-15', '2026-01-15')]],
    ['a contraction of one month', [change(-500, '2025-03-15', '2025-04-15')]],
    ['a cancellation month by month', lines(-1000, 4, 12)],
    ['a cancellation in one booking whose months are exactly the term’s', [change(-8000, '2025-05-15', '2026-01-15')]],
    ['another contract beside it', [booked('a', 2400, '2025-02-20', '2026-02-20')]],
    ['a renewal in time', [booked('a', 12_000, '2026-01-15', '2027-01-15', { on: '2025-12-01' })]],
    ['a renewal booked within its first month', [booked('a', 12_000, '2026-01-15', '2027-01-15', { on: '2026-01-31' })]],
    [
      'a renewal some days after the end, in the same month',
      [booked('a', 12_000, '2026-01-25', '2027-01-25', { on: '2026-01-25' })],
    ],
    ['a new contract four months after the end', [booked('a', 12_000, '2026-05-20', '2027-05-20', { on: '2026-05-20' })]],
    [
      'a refund of an invoice',
      [
        billed('a', 900, '2025-02-01', { transactionId: 'i' }),
        billed('a', -900, '2025-02-09', { kind: 'refund', corrects: 'i' }),
      ],
    ],
    [
      'two partial refunds',
      [
        billed('a', 900, '2025-02-01', { transactionId: 'i' }),
        billed('a', -400, '2025-02-09', { kind: 'refund', corrects: 'i' }),
        billed('a', -500, '2025-02-10', { kind: 'credit', corrects: 'i' }),
      ],
    ],
  ])('has no findings: %s', (_, more) => {
    expect(found([...BASE, ...more])).toEqual([])
  })
})

describe('a booking off the month grid', () => {
  it.each<[string, MetricEvent, MetricEvent]>([
    [
      'that takes away from a day within a month',
      change(-3000, '2025-04-01', '2026-01-15'),
      change(-3000, '2025-04-15', '2026-01-15'),
    ],
    [
      'of whole months that begin on another day',
      change(-3000, '2025-04-20', '2025-12-20'),
      change(-3000, '2025-05-15', '2026-01-15'),
    ],
    ['that adds within the term by days', change(3000, '2025-04-01', '2026-01-15'), change(3000, '2025-04-15', '2026-01-15')],
  ])('%s is told with what NRR would be on the grid', (_, wrong, right) => {
    const finding = only([...BASE, wrong])
    expect(finding).toMatchObject({
      kind: 'booking-off-grid',
      severity: 'warning',
      row: 'ACCOUNT#a',
      eventIds: [wrong.id, BASE[0]?.id],
    })
    expect(finding.message).toContain('change is from')
    expect(finding.effect).toMatchObject({ isKnown: true })
    const { effect } = finding
    expect(effect.isKnown && effect.nrr.toSorted(byPlace)).toEqual(
      differenceOf([...BASE, wrong], [...BASE, right]).toSorted(byPlace),
    )
    expect(effect.isKnown && effect.nrr.length).toBeGreaterThan(0)
  })

  it('names the months that it touches, and those that it would', () => {
    const { months, effect } = only([...BASE, change(-3000, '2025-09-01', '2025-12-01')])
    expect([months[0], months.at(-1)]).toEqual(['2025-09', '2026-12'])
    expect(effect).toMatchObject({
      mrr: [
        { month: '2025-09', booked: 0, corrected: 250 },
        { month: '2025-10', booked: 0, corrected: 250 },
        { month: '2025-11', booked: 0, corrected: 250 },
        { month: '2025-12', booked: 1000, corrected: 250 },
      ],
    })
  })

  it.each<[string, MetricEvent[], string]>([
    ['no term runs', [change(-3000, '2026-02-01', '2026-05-01')], 'no term runs'],
    [
      'several terms run',
      [booked('a', 2400, '2025-02-20', '2026-02-20'), change(-700, '2025-04-01', '2026-01-15')],
      'several terms run',
    ],
    ['the term has no later month', [change(-700, '2025-12-20', '2026-01-10')], 'no later month'],
  ])('has an unknown effect where %s', (_, more, reason) => {
    expect(only([...BASE, ...more])).toMatchObject({
      kind: 'booking-off-grid',
      effect: { isKnown: false, reason: expect.stringContaining(reason) },
    })
  })
})

describe('a cancellation in one sum', () => {
  it.each<[string, MetricEvent]>([
    ['that lies in its first month', change(-8000, '2025-05-15', '2025-06-15')],
    ['that is spread by days', change(-8000, '2025-05-01', '2026-01-15')],
    ['from a day within a month on', change(-8000, '2025-05-10', '2026-01-10')],
  ])('%s is told with what NRR would be month by month', (_, wrong) => {
    const finding = only([...BASE, wrong])
    expect(finding).toMatchObject({ kind: 'cancelled-in-one-sum', eventIds: [wrong.id, BASE[0]?.id], effect: { isKnown: true } })
    const { effect } = finding
    const right = differenceOf([...BASE, wrong], [...BASE, ...lines(-1000, 4, 12)])
    expect(effect.isKnown && effect.nrr.toSorted(byPlace)).toEqual(right.toSorted(byPlace))
  })
})

describe('a renewal', () => {
  it('booked in a later month than it began changes nothing now, and says which months were reported without it', () => {
    const renewal = booked('a', 12_000, '2026-01-15', '2027-01-15', { on: '2026-03-10' })
    expect(only([...BASE, renewal])).toMatchObject({
      kind: 'renewed-late',
      severity: 'notice',
      eventIds: [renewal.id],
      months: ['2026-01', '2026-02'],
      effect: { isKnown: true, mrr: [], nrr: [] },
    })
  })

  it('that begins after a gap is told with what NRR would be without the gap', () => {
    const renewal = booked('a', 12_000, '2026-02-20', '2027-02-20', { on: '2026-02-20' })
    const seamless = booked('a', 12_000, '2026-01-15', '2027-01-15')
    const { kind, effect, message } = only([...BASE, renewal])
    expect([kind, message]).toEqual(['renewed-late', expect.stringContaining('36 days after term ended')])
    expect(effect.isKnown && effect.nrr.filter(({ month }) => month <= '2027-06').toSorted(byPlace)).toEqual(
      differenceOf([...BASE, renewal], [...BASE, seamless]).toSorted(byPlace),
    )
  })
})

describe('an account that is billed and not booked', () => {
  const invoice = (service?: { from: string; to: string }) =>
    billed('a', 12_000, '2025-01-15', { transactionId: 'i', ...(service && { service }) })
  const year = { from: '2025-01-15', to: '2026-01-15' }

  it('is told with what NRR would be if invoices were booked over their service periods', () => {
    const refund = billed('a', -6000, '2025-02-01', { kind: 'refund', corrects: 'i' })
    const events = [invoice(year), refund, partner, far]
    const { kind, effect, eventIds } = only(events)
    expect([kind, eventIds]).toEqual(['billed-not-booked', [events[0]?.id, refund.id]])
    expect(effect.isKnown && effect.nrr.toSorted(byPlace)).toEqual(
      differenceOf(events, [...events, booked('a', 6000, year.from, year.to)]).toSorted(byPlace),
    )
  })

  it('has an unknown effect where an invoice has no service period', () => {
    expect(only([invoice()])).toMatchObject({
      effect: { isKnown: false, reason: expect.stringContaining('i has no service period') },
    })
  })

  it.each<[string, MetricEvent[]]>([
    ['all of it was refunded', [invoice(), billed('a', -12_000, '2025-02-01', { kind: 'refund', corrects: 'i' })]],
    ['it is usage', [billed('a', 500, '2025-01-15', { kind: 'usage' })]],
    ['something is booked', [invoice(), term()]],
  ])('is not told where %s', (_, events) => {
    expect(kinds(events)).toEqual([])
  })
})

describe('a contract that was never paid', () => {
  it('is told after ninety days, with what NRR would be without it', () => {
    const events = [term(), partner, far]
    const { kind, effect, message } = only(events, '2025-04-15')
    expect([kind, message]).toEqual(['signed-never-paid', expect.stringContaining('neither invoice nor cash')])
    expect(effect.isKnown && effect.nrr.toSorted(byPlace)).toEqual(differenceOf(events, [partner, far]).toSorted(byPlace))
    expect(kinds(events, '2025-04-14')).toEqual([])
  })

  it('counts from the last invoice, where there are any', () => {
    const events = [term(), billed('a', 12_000, '2025-02-01')]
    expect(kinds(events, '2025-05-01')).toEqual([])
    expect(only(events, '2025-05-02').message).toContain('1 invoice, but no cash')
  })

  it('is not told of what was cancelled as a whole', () => {
    expect(kinds([term(), change(-12_000, '2025-01-15', '2026-01-15')], '2025-12-01')).toEqual([])
  })
})

describe('facts that are no facts', () => {
  const most = Number.MAX_SAFE_INTEGER
  const sale = billed('a', 900, '2025-02-01', { transactionId: 'i', kind: 'one-time' })
  const twiceRefunded = ['r1', 'r2'].map((transactionId) =>
    billed('a', -900, '2025-02-09', { transactionId, kind: 'refund', corrects: 'i' }),
  )

  it.each<[string, MetricEvent[], Kind[]]>([
    ['a sale refunded twice', [sale, ...twiceRefunded], ['corrected-too-much']],
    [
      'a sale refunded by more than it was',
      [sale, billed('a', -901, '2025-02-09', { kind: 'refund', corrects: 'i' })],
      ['corrected-too-much'],
    ],
    [
      'a refund of nothing known',
      [sale, billed('a', -900, '2025-02-09', { kind: 'refund', corrects: 'nothing' })],
      ['corrects-unknown'],
    ],
    ['a currency that does not exist', [billed('a', 9, '2025-02-01', { kind: 'tax', currency: 'XQQ' })], ['unknown-currency']],
    ['a currency without rate', [billed('a', 9, '2025-02-01', { kind: 'usage', currency: 'EUR' })], ['rate-missing']],
    ['a cost without rate', [cost('support', 'partner', 9, '2025-02', { currency: 'EUR', partnerId: 'p' })], ['rate-missing']],
    ['tax, which needs no rate', [billed('a', 9, '2025-02-01', { kind: 'tax', currency: 'EUR' })], []],
    [
      'a currency with a rate',
      [billed('a', 9, '2025-02-01', { kind: 'usage', currency: 'EUR' }), published('EUR', 'USD', '2025-01-01', '1.1')],
      [],
    ],
    ['a sale in the far future', [billed('a', 9, '2025-05-03', { kind: 'usage' })], ['date-out-of-range']],
    ['a sale within a month from now', [billed('a', 9, '2025-05-02', { kind: 'usage' })], []],
    ['an amount near the limit', [billed('a', 9_007_199_254_741, '2025-02-01', { kind: 'usage' })], ['amount-too-large']],
    ['an amount just below', [billed('a', 9_007_199_254_740, '2025-02-01', { kind: 'usage' })], []],
    [
      'sums past 2^53',
      [billed('a', most, '2025-02-01', { kind: 'one-time' }), billed('a', most, '2025-02-02', { kind: 'one-time' })],
      ['sum-too-large', 'amount-too-large', 'amount-too-large'],
    ],
  ])('%s: %#', (_, events, expected) => {
    expect(kinds(events)).toEqual(expected)
  })

  it('name their events, and never an effect that is a guess', () => {
    const refunds = only([sale, ...twiceRefunded])
    expect(refunds).toMatchObject({
      eventIds: [sale, ...twiceRefunded].map(({ id }) => id),
      effect: { isKnown: true, nrr: [], mrr: [] },
    })
    expect(refunds.message).toContain('is corrected twice, by 900 too much')
    const usage = [{ ...sale, data: { ...sale.data, kind: 'usage' as const } }, ...twiceRefunded]
    expect(only(usage)).toMatchObject({ effect: { isKnown: false } })
    expect(found([billed('a', most, '2025-02-01'), billed('a', most, '2025-02-02')]).every(({ effect }) => !effect.isKnown)).toBe(
      true,
    )
  })

  it('have the shape that the API tells', () => {
    const all = [...found([sale, ...twiceRefunded]), ...found([...BASE, change(-3000, '2025-04-01', '2026-01-15')])]
    expect(all.map((each) => Finding.parse(each))).toEqual(all)
  })
})

describe('the events of a file', () => {
  const ofFile = (events: MetricEvent[]) => {
    const findings = openFindings('USD', TODAY)
    for (const event of events) findings.add(event)
    return findings.all()
  }
  const sale = billed('a', 900, '2025-02-01', { kind: 'usage', transactionId: 'i' })

  it.each<[string, MetricEvent, number]>([
    ['the same event again', { ...sale }, 0],
    ['another amount', { ...sale, data: { ...sale.data, amount: { amount: 901, currency: 'USD' } } }, 1],
    ['another account', { ...sale, data: { ...sale.data, accountId: 'b' } }, 1],
  ])('may not bear one id and differ: %s', (_, other, count) => {
    const findings = ofFile([sale, other, other])
    expect(findings).toHaveLength(count)
    for (const finding of findings) expect(finding).toMatchObject({ kind: 'id-twice', severity: 'error', eventIds: [sale.id] })
  })

  it('are known to corrections in other accounts', () => {
    const refund = billed('b', -900, '2025-02-09', { kind: 'refund', corrects: 'i' })
    expect(ofFile([refund, sale])).toEqual([])
    expect(ofFile([refund]).map(({ kind }) => kind)).toEqual(['corrects-unknown'])
  })
})
