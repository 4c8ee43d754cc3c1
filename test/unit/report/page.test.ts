import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { MetricEvent } from '../../../events/metrics.ts'
import { digitsOf } from '../../../lib/core/money.ts'
import { documentOf, type MetricsDocument, type Settings } from '../../../lib/metrics/document.ts'
import { withoutMissingRates } from '../../../lib/metrics/read.ts'
import { pageOf } from '../../../lib/report/page.ts'
import { reportOf, sourceOf } from '../../../lib/report/report.ts'
import { STYLE } from '../../../lib/report/style.ts'
import { sha256 } from '../../../lib/runtime/digest.ts'
import { all, type Element, parseHtml, textOf } from '../../support/html.ts'
import { metricEvent } from '../../support/metric-events.ts'
import { aggregatesOfRows, rowsOf } from '../../support/rows-engine.ts'
import { attached, billed, booked, cost, onboarded, published } from '../metrics/story.ts'

const SETTINGS: Settings = { currency: 'USD', grossMargin: 8000 }

const aggregatesOf = (events: MetricEvent[], settings: Settings) => aggregatesOfRows(rowsOf(events), settings)

const looked = (events: MetricEvent[], period: string, more: Partial<Settings> = {}) => {
  const settings = { ...SETTINGS, ...more }
  const source = withoutMissingRates(sourceOf(aggregatesOf(events, settings), settings))
  const { html, policy } = pageOf(reportOf(source, period), sha256)
  const root = parseHtml(html)
  return { html, policy, root, source, text: all(root, 'body').map(textOf).join('').replaceAll('\u00a0', ' ') }
}

/** A year of two partners: one sources, the other influences; one account comes without a partner. */
const STORY: MetricEvent[] = [
  onboarded('ann', '2025-01-01'),
  onboarded('bob', '2025-02-01'),
  onboarded('cyd', '2025-03-01'),
  attached('a', 'ann', 'sourced', '2025-01-15'),
  attached('b', 'bob', 'influenced', '2025-02-15'),
  booked('a', 1_200_000, '2025-01-20', '2026-01-20'),
  billed('a', 1_200_000, '2025-01-20'),
  booked('a', 1_320_000, '2026-01-20', '2027-01-20'),
  billed('a', 1_320_000, '2026-01-20'),
  booked('b', 600_000, '2025-03-01', '2025-09-01'),
  billed('b', 600_000, '2025-03-01'),
  booked('c', 240_000, '2025-03-01', '2026-03-01'),
  billed('c', 240_000, '2025-03-01', { transactionId: 'tx-c' }),
  billed('c', -40_000, '2025-05-01', { kind: 'refund', corrects: 'tx-c' }),
  cost('acquisition', 'partner', 300_000, '2025-01', { partnerId: 'ann' }),
  cost('acquisition', 'direct', 70_000, '2025-03'),
  cost('support', 'partner', 200_000, '2025-12', { partnerId: 'ann' }),
  cost('payout', 'partner', 90_000, '2025-06', { partnerId: 'ann' }),
]

const tablesOf = (root: Element) => all(root, 'table')
const cellsOf = (table: Element) =>
  all(table, 'tr').map((row) => all(row, 'th', 'td').map((cell) => textOf(cell).replaceAll('\u00a0', ' ')))
const rowsNamed = (root: Element, caption: RegExp) => {
  const table = tablesOf(root).find((each) => caption.test(all(each, 'caption').map(textOf).join('')))
  return (table ? cellsOf(table) : []).slice(1)
}

describe('the page', () => {
  const { html, policy, root, text } = looked(STORY, '2026-01')

  it('tells in sentences what the charts show', () => {
    for (const sentence of [
      'In January 2026 revenue was USD 13,200.00: 100.00 % was sourced by partners, 0.00 % influenced by them, 0.00 % direct.',
      '1 partner sourced, influenced or touched revenue in January 2026.',
      'ann has the most to its credit, USD 13,200.00.',
      'The account that a partner was attached to at the end of January 2025 pays 110.00 % of what it paid then.',
      '1 of 3 partners that completed onboarding has had revenue: too few for a median.',
      'A stroke on the curve is a partner that has none yet',
      'In January 2026 no customer was won with a partner, and no customer was won without one.',
      'From January 2025 to January 2026 a customer won with a partner cost USD 1,500.00, and a customer won without one cost USD 700.00.',
      'In the 12 months up to January 2026 1 of 1 partner earned what they cost or more; ann the most, 4.8300 times what it cost.',
      'Nothing was spent on bob, so that there is no value to give.',
    ])
      expect(text).toContain(sentence)
  })
  it('says what it is made from', () => {
    for (const fact of ['2026-01-20', '18', 'January 2025 to January 2026', 'USD', '80.00 %', 'version 1'])
      expect(all(root, 'dd').map((fact) => textOf(fact).replaceAll('\u00a0', ' '))).toContain(fact)
  })
  it('loads and runs nothing, and may not', () => {
    expect(policy).toBe(`default-src 'none'; style-src 'sha256-${sha256(STYLE)}'; base-uri 'none'; form-action 'none'`)
    expect(all(root, 'meta').map(({ attributes }) => attributes['content'])).toContain(policy)
    expect(all(root, 'style').map(textOf)).toEqual([STYLE])
    expect(html).not.toMatch(/<script|<link|<img|<iframe|\son[a-z]+=|\sstyle=|src=|https?:|@import|url\((?!#fill)/i)
    for (const { attributes } of all(root, 'a')) expect(attributes['href']).toMatch(/^#/)
  })
  it('has landmarks, one title, and headings that skip no level', () => {
    expect(all(root, 'html')[0]?.attributes).toEqual({ lang: 'en' })
    expect([all(root, 'main').length, all(root, 'header').length, all(root, 'h1').length]).toEqual([1, 1, 1])
    const levels = all(root, 'h1', 'h2', 'h3', 'h4').map(({ tag }) => Number(tag[1]))
    expect(levels.every((level, index) => level <= (levels[index - 1] ?? 0) + 1)).toBe(true)
    expect(all(root, 'title').map(textOf)).toEqual(all(root, 'h1').map(textOf))
  })
  it('names each id once, and everything that refers to one finds it', () => {
    const ids = all(root).flatMap(({ attributes }) => attributes['id'] ?? [])
    expect(new Set(ids).size).toBe(ids.length)
    const wanted = all(root).flatMap(({ attributes }) => attributes['aria-labelledby'] ?? attributes['href']?.slice(1) ?? [])
    expect(wanted.filter((id) => !ids.includes(id))).toEqual([])
    expect(wanted.length).toBeGreaterThan(5)
  })
  it('gives every chart a name, a sentence and a table of its numbers', () => {
    const figures = all(root, 'figure')
    expect(figures.flatMap((figure) => all(figure, 'svg')).length).toBe(14)
    for (const figure of figures) {
      expect(all(figure, 'svg').length === 0 || all(figure, 'table').length > 0).toBe(true)
      expect(all(figure, 'h3').map(textOf)[0]).toBeTruthy()
      expect(all(figure, 'figcaption').flatMap((caption) => all(caption, 'p')).length).toBeGreaterThan(0)
      const charts = all(figure, 'svg').map(({ attributes }) => [attributes['role'], attributes['aria-label'] !== undefined])
      expect(charts.every(([role, isNamed]) => role === 'img' && isNamed)).toBe(true)
    }
    for (const table of tablesOf(root)) {
      expect(all(table, 'caption')).toHaveLength(1)
      expect(
        all(table, 'thead')
          .flatMap((head) => all(head, 'th'))
          .map(({ attributes }) => attributes['scope']),
      ).toEqual(cellsOf(table)[0]?.map(() => 'col'))
      const body = all(table, 'tbody').flatMap((part) => all(part, 'tr'))
      for (const row of body) expect(all(row, 'th').map(({ attributes }) => attributes['scope'])).toEqual(['row'])
      expect(new Set(cellsOf(table).map((row) => row.length)).size).toBe(1)
    }
  })
  it('holds the curve behind the days to first revenue', () => {
    expect(rowsNamed(root, /curve/)).toEqual([
      ['19', '3', '1', '0', '66.67 %'],
      ['325', '2', '0', '1', '66.67 %'],
      ['353', '1', '0', '1', '66.67 %'],
    ])
  })
})

/** What a reader of the table sees, as a plain decimal. */
const plain = (cell: string) => cell.replace('†', '').replaceAll(',', '').replace('−', '-').replace(/\s%$/, '')
const decimal = (minor: string, currency: string) => (Number(minor) / 10 ** digitsOf(currency)).toFixed(digitsOf(currency))
const percent = (value: string | null) => (value === null ? 'no value' : (Number(value) * 100).toFixed(2))

/** The rows that a month's document gives: the name, and after it every number. */
const printedRows = (document: MetricsDocument, currency: string): string[][] => {
  const money = (minor: string) => decimal(minor, currency)
  const each = ({ numerator, denominator, value }: MetricsDocument['cac'][number]['direct']) => [
    money(numerator),
    denominator,
    value === null ? 'no value' : undefined,
  ]
  return [
    ...document.revenueTotals.map((row) => [row.sourced, row.influenced, row.direct, row.total].map(money)),
    ...document.revenue.map((row) => [row.partnerId, ...[row.sourced, row.influenced, row.touched].map(money)]),
    ...document.nrr.flatMap(({ partnerId, accounts, nrr, grr }) => {
      const cells = (...amounts: string[]) => [String(accounts), money(nrr.denominator), ...amounts.map(money)]
      const values = [percent(nrr.value), percent(grr.value)]
      const ofPartner = [[partnerId, ...cells(nrr.numerator, grr.numerator), ...values]]
      const ofAll = [nrr, grr].map(({ numerator, value }) => [...cells(numerator), percent(value)])
      return partnerId === 'all' ? ofAll : ofPartner
    }),
    ...document.ttv.map(({ n, events, median, ...row }) => [
      String(n),
      String(events),
      String(median ?? 'no value'),
      ...[row.s30, row.s90, row.s180, row.s365].map(percent),
    ]),
    ...document.cac.map((row) => [row.partner, row.direct, row.blended].flatMap(each).filter((cell) => cell !== undefined)),
    ...document.ropi.map(({ partnerId, revenue, payouts, ratio, net }) => [
      partnerId,
      ...[revenue, payouts, ratio.numerator, ratio.denominator].map(money),
      ratio.value ?? 'no value',
      net ?? 'no value',
    ]),
  ]
}

/** Whether a row has these cells in this order, among others. */
const holds = (row: string[], cells: string[]) => {
  let at = 0
  for (const cell of row) if (cell === cells[at]) at++
  return at === cells.length
}

const rates = ['EUR', 'JPY'].flatMap((base) => ['USD', 'KWD'].map((quote) => published(base, quote, '2025-10-15', '0.5000')))
const toKwd = [
  ...rates,
  published('USD', 'KWD', '2025-01-01', '0.3000'),
  published('USD', 'JPY', '2025-01-01', '150'),
  published('EUR', 'JPY', '2025-01-01', '160'),
]

describe('the tables', () => {
  it('hold every number of the document of the month, whatever happened', () => {
    const currency = fc.constantFrom('USD', 'KWD', 'JPY')
    const period = fc.constantFrom('2025-10', '2026-01', '2026-03')
    fc.assert(
      fc.property(fc.array(metricEvent, { maxLength: 40, size: 'max' }), currency, period, (events, currency, period) => {
        const known = [...toKwd, ...events]
        const { root } = looked(known, period, { currency })
        const settings = { ...SETTINGS, currency, period }
        const document = withoutMissingRates(documentOf(aggregatesOf(known, settings), settings))
        const rows = tablesOf(root).flatMap((table) => cellsOf(table).map((row) => row.map(plain)))
        const missing = printedRows(document, currency).filter((cells) => !rows.some((row) => holds(row, cells)))
        const isNothing = document.ttv.every(({ n }) => n === 0)
        expect(isNothing ? missing.filter(([n]) => n !== '0') : missing).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
  it('hold a curve that goes through the values of the document', () => {
    const durations = fc.array(fc.tuple(fc.nat(400), fc.option(fc.nat(400))), { minLength: 1, maxLength: 12 })
    const dateOf = (day: number) => new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10)
    fc.assert(
      fc.property(durations, (partners) => {
        const events = partners.flatMap(([start, days], n) => [
          onboarded(`p${n}`, dateOf(start)),
          ...(days === null ? [] : [billed(`a${n}`, 100, dateOf(start + days), { partnerId: `p${n}` })]),
        ])
        const { document, curve } = looked(events, '2025-06').source
        const at = (day: number) => curve.findLast(({ days }) => days <= day)?.survival ?? '1.0000'
        expect(document.ttv[0]).toMatchObject({ s30: at(30), s90: at(90), s180: at(180), s365: at(365) })
        expect(curve.reduce((sum, { events }) => sum + events, 0)).toBe(document.ttv[0]?.events)
        expect(curve.reduce((sum, { events, left }) => sum + events + left, 0)).toBe(document.ttv[0]?.n)
      }),
    )
  })
})

describe('where there is nothing', () => {
  test.each<[string, MetricEvent[], string, string[]]>([
    [
      'at all',
      [],
      '2026-01',
      [
        'There are no figures yet: no sale, booking or cost is known.',
        'No partner has completed onboarding yet',
        'There is nothing to count in January 2026.',
        'No partner had revenue or costs in the 12 months up to January 2026.',
        'No partner had a paying account to keep by January 2026.',
      ],
    ],
    ['in the month', STORY, '2031-05', ['There are no figures of May 2031: they run from January 2025 to January 2026.']],
    ['with partners', [billed('a', 5, '2026-01-31')], '2026-01', ['No partner had revenue to its credit', '100.00 % direct']],
    [
      'to divide by',
      [cost('acquisition', 'partner', 5, '2026-01'), billed('a', 0, '2026-01-31')],
      '2026-01',
      ['no customer was won'],
    ],
    [
      'but an unfinished month',
      STORY,
      '2026-01',
      ['January 2026 is not over in these figures: the last day that is known is 2026-01-20'],
    ],
  ])('%s it says so in words', (_, events, period, sentences) => {
    const { text } = looked(events, period)
    for (const sentence of sentences) expect(text).toContain(sentence)
    expect(text).not.toMatch(/NaN|undefined|null|Infinity/)
  })
})

describe('the ids of partners', () => {
  const HOSTILE = [
    '<script>alert(1)</script>',
    '"><svg/onload=alert(1)>',
    "'onmouseover='x",
    '&lt;b&gt;',
    '</style><style>*{display:none}',
    '{{7*7}}',
    '-->',
    'x'.repeat(128),
    'all',
    '__proto__',
  ]
  const events = HOSTILE.flatMap((id, n) => [
    onboarded(id, '2025-01-01'),
    attached(`a${n}`, id, 'sourced', '2025-01-01'),
    booked(`a${n}`, 1200 * (n + 1), '2025-01-01', '2026-01-01'),
    billed(`a${n}`, 1200 * (n + 1), '2025-12-01'),
    cost('support', 'partner', 100, '2025-12', { partnerId: id }),
  ])
  const { html, root } = looked(events, '2025-12')

  it('are text, whatever they are made of', () => {
    expect(html).not.toMatch(/<script|onload=alert\(1\)>|<\/style><style>/)
    expect(all(root, 'script', 'b')).toEqual([])
    for (const { attributes } of all(root)) expect(Object.keys(attributes).filter((name) => /^on/.test(name))).toEqual([])
    const names = rowsNamed(root, /^Return/).map(([name]) => name)
    expect(names).toEqual(HOSTILE.toSorted())
    expect(all(root, 'style').map(textOf)).toEqual([STYLE])
  })
  it('do not pass for the whole programme', () => {
    expect(
      rowsNamed(root, /^NRR over 3 months, of the accounts/)
        .at(-1)
        ?.slice(0, 3),
    ).toEqual(['December 2025', 'September 2025', '10'])
    expect(rowsNamed(root, /^NRR and GRR by partner/).filter(([name]) => name === 'all')).toHaveLength(2)
  })
})

it('draws the largest partners, and lists all', () => {
  const events = Array.from({ length: 30 }, (_, n) => `p-${String(n).padStart(2, '0')}`).flatMap((id, n) => [
    billed(`a${n}`, 1000 * (n + 1), '2025-12-01', { partnerId: id }),
    cost('support', 'partner', 500, '2025-12', { partnerId: id }),
  ])
  const { root, text } = looked(events, '2025-12')
  expect(rowsNamed(root, /^Return/)).toHaveLength(30)
  expect(text).toContain('The chart shows the 12 partners with the most revenue, the table all 30.')
  const [drawn] = all(root, 'figure')
    .slice(-1)
    .flatMap((figure) => all(figure, 'svg'))
  const names = drawn
    ? all(drawn, 'text')
        .map(textOf)
        .filter((name) => name.startsWith('p-'))
    : []
  expect(names).toEqual(Array.from({ length: 12 }, (_, index) => `p-${29 - index}`))
})

it('marks what an exchange rate of a later day was used for, and says so once', () => {
  const events = [
    published('EUR', 'USD', '2025-06-01', '1.1000'),
    billed('a', 1000, '2025-05-31', { currency: 'EUR', partnerId: 'ann' }),
    billed('a', 1000, '2025-06-30', { currency: 'EUR', partnerId: 'bob' }),
  ]
  const { root, text } = looked(events, '2025-06')
  expect(rowsNamed(root, /^Revenue by credit/)).toEqual([
    ['May 2025†', '11.00', '0.00', '0.00', '11.00'],
    ['June 2025', '11.00', '0.00', '0.00', '11.00'],
  ])
  expect(all(root, 'li').filter(({ attributes }) => attributes['id'] === 'rates')).toHaveLength(1)
  expect(text).toContain('In June 2025 revenue was USD 11.00: ')
  expect(looked(events, '2025-05').text).toContain('In May 2025 revenue was USD 11.00†: ')
  const plainPage = looked(STORY, '2026-01')
  expect([plainPage.text.includes('†'), plainPage.html.includes('id="rates"')]).toEqual([false, false])
})

it('goes by the period, not by what comes after it', () => {
  const { root, text } = looked(STORY, '2025-05')
  expect(rowsNamed(root, /^Revenue by credit/).map(([month]) => month)).toEqual([
    'January 2025',
    'February 2025',
    'March 2025',
    'April 2025',
    'May 2025',
  ])
  expect(text).toContain(
    'In May 2025 revenue was USD −400.00: USD 0.00 was sourced by partners, USD 0.00 influenced by them, USD −400.00 direct.',
  )
  expect(text).not.toContain('From January 2025 to January 2026 a customer')
})
