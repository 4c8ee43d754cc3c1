import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { monthText } from '../../../lib/core/period.ts'
import { LINE_HEIGHT } from '../../../lib/report/axes.ts'
import { shortened } from '../../../lib/report/bar-chart.ts'
import type { Chart } from '../../../lib/report/chart.ts'
import { piecesOf } from '../../../lib/report/column-chart.ts'
import { draw } from '../../../lib/report/drawing.ts'
import { apart } from '../../../lib/report/marks.ts'
import { bandsOf, scaleOf } from '../../../lib/report/scale.ts'
import { all, type Element, parseHtml, textOf } from '../../support/html.ts'

/** Amounts in major units, ratios with four places, and what is often there. */
const number = fc.oneof(
  fc.maxSafeInteger().map((minor) => minor / 100),
  fc.integer({ min: -20_000, max: 40_000 }).map((units) => units / 10_000),
  fc.constantFrom(0, 1, 100),
)

describe('a scale', () => {
  it('keeps every value inside its range, in order, between round ticks that end at the ends of the range', () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 40 }), fc.integer({ min: 2, max: 8 }), (values, count) => {
        const { at, ticks } = scaleOf(values, [300, 20], count)
        const places = values.toSorted((a, b) => a - b).map(at)
        expect(places).toEqual(places.toSorted((a, b) => b - a))
        for (const place of places) expect(place).toSatisfy((y: number) => y >= 20 - 0.001 && y <= 300.001)
        expect([at(ticks[0] ?? 0), at(ticks.at(-1) ?? 0)].map(Math.round)).toEqual([300, 20])
        expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b))
        expect(ticks.length).toBeLessThanOrEqual(count * 2 + 2)
      }),
    )
  })
  it.each([
    [[0, 4_068_806], [0, 1e6, 2e6, 3e6, 4e6, 5e6], 5],
    [[0.839, 1], [0.8, 0.85, 0.9, 0.95, 1], 4],
    [[-160_000, 4_068_806], [-1e6, 0, 1e6, 2e6, 3e6, 4e6, 5e6], 6],
    [[1, 1, 1], [0.94, 0.96, 0.98, 1, 1.02, 1.04, 1.06], 5],
    [[0], [-1, -0.5, 0, 0.5, 1], 4],
    [[], [0, 0.5, 1], 2],
  ])('of %j has the ticks %j', (values, ticks, count) => {
    expect(scaleOf(values, [0, 100], count).ticks).toEqual(ticks)
  })
  it('puts bands side by side', () => {
    const { width, middle } = bandsOf(4, [100, 300])
    expect([width, ...[0, 1, 2, 3].map(middle)]).toEqual([50, 125, 175, 225, 275])
  })
})

describe('a column', () => {
  it('is as high as what is positive and as deep as what is negative, its parts one upon the other', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 4 }), (values) => {
        const pieces = piecesOf(values)
        expect(pieces.map(({ from, to }) => to - from)).toEqual(values)
        const sum = (part: number[]) => part.reduce((total, value) => total + value, 0)
        expect(Math.max(0, ...pieces.map(({ to }) => to))).toBe(sum(values.filter((value) => value > 0)))
        expect(Math.min(0, ...pieces.map(({ to }) => to))).toBe(sum(values.filter((value) => value < 0)))
      }),
    )
  })
})

describe('labels at the ends of lines', () => {
  it('never cover each other, stay in the plot, and keep their order', () => {
    const label = fc.record({ series: fc.nat(3), name: fc.constant('x'), y: fc.integer({ min: 28, max: 244 }) })
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 8 }), (labels) => {
        const places = apart(labels, 28, 244).map(({ y }) => y)
        expect(places.slice(1).every((y, index) => y - (places[index] ?? 0) >= LINE_HEIGHT)).toBe(true)
        expect(Math.min(...places)).toBeGreaterThanOrEqual(28)
        expect(Math.max(...places)).toBeLessThanOrEqual(244)
      }),
    )
  })
})

it.each([
  ['ptn-1', 100, 'ptn-1'],
  ['ptn-0000000000000000000000000000001', 80, /^ptn-.*….*01$/],
  ['abcdef', 1, /^.?….?$/],
])('a name %s in %i pixels is %s', (name, width, expected) => {
  expect(shortened(name, width)).toMatch(expected)
})

const months = (count: number) => Array.from({ length: count }, (_, index) => monthText(2025 * 12 + index))
const seriesOf = (count: number, value: fc.Arbitrary<number | null>) =>
  fc
    .array(fc.array(value, { minLength: count, maxLength: count }), { minLength: 1, maxLength: 3 })
    .map((lists) => lists.map((values, index) => ({ name: ['one', 'with a partner', 'direct'][index] ?? '', values })))
const UNIT = fc.constantFrom(
  { kind: 'money', currency: 'USD' } as const,
  { kind: 'percent' } as const,
  { kind: 'ratio' } as const,
)
const id = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 128 })

const monthly: fc.Arbitrary<Chart> = fc.integer({ min: 1, max: 60 }).chain((count) =>
  fc.oneof(
    fc
      .record({ unit: UNIT, series: seriesOf(count, fc.option(number, { freq: 3 })), reference: fc.constantFrom(0, 1) })
      .map((rest) => ({ kind: 'lines' as const, months: months(count), ...rest })),
    fc
      .record({ unit: UNIT, series: seriesOf(count, number) })
      .map((rest) => ({ kind: 'columns' as const, months: months(count), ...rest })),
  ),
)
const bars: fc.Arbitrary<Chart> = fc.record({
  kind: fc.constant('bars' as const),
  unit: UNIT,
  bars: fc.array(fc.record({ name: id, value: number, text: fc.constant('31.3354') }), { minLength: 1, maxLength: 12 }),
  reference: fc.constant({ name: 'earns its cost', value: 1 }),
  below: fc.constant('less than it cost'),
})
const steps: fc.Arbitrary<Chart> = fc.uniqueArray(fc.nat(3000), { minLength: 1, maxLength: 40 }).chain((days) =>
  fc.record({
    kind: fc.constant('steps' as const),
    steps: fc.constant(
      days
        .toSorted((a, b) => a - b)
        .map((each, index) => ({ days: each, survival: 1 - (index + 1) / days.length, left: index % 3 === 0 })),
    ),
    median: fc.option(fc.constantFrom(...days), { nil: null }),
    axis: fc.constant('days since onboarding was complete'),
  }),
)

const numbersIn = (text = '') => [...text.matchAll(/-?\d+(?:\.\d+)?/g)].map(([digits]) => Number(digits))

/** Where the shapes of a drawing reach: across and down. Text may stand a little over the edge of the plot. */
const reachOf = (shape: Element): { x: number[]; y: number[] } => {
  const { x, y, x1, x2, y1, y2, cx, cy, width = '0', height = '0', d } = shape.attributes
  if (d !== undefined) {
    const commands = [...d.matchAll(/([MLHV])([^MLHVZ]*)/g)].map(([, letter = '', rest]) => ({ letter, at: numbersIn(rest) }))
    const pick = (own: string, place: number) =>
      commands.flatMap(({ letter, at }) =>
        letter === own ? [at[0] ?? 0] : letter === 'M' || letter === 'L' ? [at[place] ?? 0] : [],
      )
    return { x: pick('H', 0), y: pick('V', 1) }
  }
  const sum = (a: string | undefined, b: string) => (a === undefined ? [] : [Number(a), Number(a) + Number(b)])
  return {
    x: [...sum(x, width), ...[x1, x2, cx].filter((text) => text !== undefined).map(Number)],
    y: [...sum(y, height), ...[y1, y2, cy].filter((text) => text !== undefined).map(Number)],
  }
}

describe('a chart', () => {
  it('stays inside its picture in both sizes, whatever the data, with numbers that are numbers', () => {
    fc.assert(
      fc.property(fc.oneof(monthly, bars, steps), (chart) => {
        const { markup } = draw(chart, 'Chart of <everything> & "more"')
        expect(markup).not.toMatch(/NaN|Infinity|undefined/)
        for (const svg of all(parseHtml(markup), 'svg')) {
          expect(svg.attributes).toMatchObject({ role: 'img', 'aria-label': 'Chart of <everything> & "more"' })
          const [, , width = 0, height = 0] = numbersIn(svg.attributes['viewBox'])
          for (const shape of all(svg, 'line', 'path', 'rect', 'circle', 'text')) {
            const reach = reachOf(shape)
            for (const x of reach.x) expect(x).toSatisfy((at: number) => at >= 0 && at <= width)
            for (const y of reach.y) expect(y).toSatisfy((at: number) => at >= 0 && at <= height)
          }
        }
      }),
      { numRuns: 150 },
    )
  })
  it('names the years where they begin and the last month always', () => {
    const series = [{ name: 'direct', values: Array.from({ length: 14 }, () => 5) }]
    const chart: Chart = { kind: 'columns', unit: { kind: 'money', currency: 'JPY' }, months: months(14), series }
    const pictures = all(parseHtml(draw(chart, 'x').markup), 'svg')
    const [wide, narrow] = pictures.map((svg) => all(svg, 'text').map(textOf))
    expect(wide).toEqual(expect.arrayContaining(['Jan', '2025', 'Dec', '2026', 'Feb', 'JPY', 'direct']))
    for (const texts of [wide, narrow]) expect(texts?.findLast((text) => /^[A-Z][a-z]{2}$/.test(text))).toBe('Feb')
  })
  it('draws no line across a gap', () => {
    const chart: Chart = {
      kind: 'lines',
      unit: { kind: 'percent' },
      months: months(5),
      series: [{ name: 'direct', values: [1, 2, null, 4, 5] }],
    }
    const line = all(parseHtml(draw(chart, 'x').markup), 'path').find(({ attributes }) => attributes['class'] === 'line l0')
    expect(line?.attributes['d']?.match(/M[^M]+/g)).toHaveLength(2)
  })
})
