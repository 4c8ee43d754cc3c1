import { describe, expect, it } from 'vitest'
import { attached, booked, cost, metrics, rowOf } from './story.ts'

/** Accounts of one partner, each with what it pays in January of a year and in that of the next. */
const paying = (accounts: [base: number, now: number][]) =>
  accounts.flatMap(([base, now], index) => {
    const id = `account-${index}`
    return [
      attached(id, 'p', 'sourced', '2024-12-01'),
      ...(base > 0 ? [booked(id, base, '2025-01-01', '2025-02-01')] : []),
      ...(now > 0 ? [booked(id, now, '2026-01-01', '2026-02-01')] : []),
    ]
  })

const retentionOf = (accounts: [base: number, now: number][]) => {
  const row = rowOf(
    metrics(paying(accounts)).nrr.filter(({ window }) => window === 12),
    '2026-01',
    'p',
  )
  return [row?.nrr.value, row?.grr.value]
}

describe('retention agrees with examples that others published', () => {
  it.each<[source: string, nrr: string, grr: string, accounts: [number, number][]]>([
    [
      'theprimecalculator.com: 100,000 + 15,000 - 5,000 - 8,000',
      '1.0200',
      '0.8700',
      [
        [50_000, 65_000],
        [20_000, 15_000],
        [8_000, 0],
        [22_000, 22_000],
      ],
    ],
    [
      'metrickittools.com: 100,000 + 15,000 - 5,000 - 10,000',
      '1.0000',
      '0.8500',
      [
        [50_000, 65_000],
        [20_000, 15_000],
        [10_000, 0],
        [20_000, 20_000],
      ],
    ],
    [
      'calcsimpler A, whose own GRR of 91 % forgets the contraction',
      '1.0500',
      '0.8700',
      [
        [1_000_000, 1_900_000],
        [1_000_000, 800_000],
        [450_000, 0],
        [2_550_000, 2_550_000],
      ],
    ],
    [
      'calcsimpler B, whose own GRR of 88 % forgets the contraction',
      '0.9200',
      '0.8200',
      [
        [2_500_000, 3_750_000],
        [2_500_000, 1_750_000],
        [1_500_000, 0],
        [6_000_000, 6_000_000],
      ],
    ],
    ['churnzero.net: 27,000 to 35,000, less 5,000', '1.1111', '1.0000', [[27_000, 30_000]]],
    [
      'ChartMogul: of 100, 10 leave and 10 pay less',
      '0.8000',
      '0.8000',
      [
        [10, 0],
        [20, 10],
        [70, 70],
      ],
    ],
    [
      'ChartMogul: 100 to 120, of which 10 are new',
      '1.1000',
      '1.0000',
      [
        [100, 110],
        [0, 10],
      ],
    ],
    [
      'cast.app: 4.0 less 0.3 less 0.2 million',
      '0.8750',
      '0.8750',
      [
        [300_000, 0],
        [1_000_000, 800_000],
        [2_700_000, 2_700_000],
      ],
    ],
  ])('%s', (_, nrr, grr, accounts) => {
    expect(retentionOf(accounts)).toEqual([nrr, grr])
  })
})

describe('retention is this variant and no other', () => {
  it('leaves new customers out, and caps each account at its base for GRR', () => {
    expect(
      retentionOf([
        [100, 150],
        [100, 60],
        [100, 0],
        [0, 80],
        [50, 50],
      ]),
    ).toEqual(['0.7429', '0.6000'])
  })
  it('looks at both ends alone: what swings between them does not matter', () => {
    const swing = [booked('account-0', 150, '2025-06-01', '2025-07-01')]
    const { nrr } = metrics([...paying([[100, 100]]), ...swing])
    const row = nrr.find(({ month, partnerId, window }) => month === '2026-01' && partnerId === 'p' && window === 12)
    expect([row?.nrr.value, row?.grr.value]).toEqual(['1.0000', '1.0000'])
  })
  it('takes who left and came back for what it pays at the end', () => {
    expect(retentionOf([[100, 80]])).toEqual(['0.8000', '0.8000'])
  })
  it('has only accounts that were attached at the base month', () => {
    const late = [
      attached('late', 'p', 'sourced', '2025-06-01'),
      booked('late', 100, '2025-01-01', '2025-02-01'),
      booked('late', 300, '2026-01-01', '2026-02-01'),
    ]
    const { nrr } = metrics([...paying([[100, 130]]), ...late])
    const row = nrr.find(({ month, partnerId, window }) => month === '2026-01' && partnerId === 'p' && window === 12)
    expect([row?.nrr.value, row?.grr.value]).toEqual(['1.3000', '1.0000'])
  })
})

describe('acquisition cost agrees with examples that others published', () => {
  it.each([
    ['partnerstandard.com', 100_000, 100, '1000.0000'],
    ['mv3marketing.com', 200_000, 40, '5000.0000'],
    ['geratools.com', 50_000, 200, '250.0000'],
  ])('%s: %i over %i customers', (_, spend, customers, value) => {
    const won = Array.from({ length: customers }, (_, n) => booked(`won-${n}`, 12, '2025-01-01', '2026-01-01'))
    const { cac } = metrics([...won, cost('acquisition', 'direct', spend, '2025-01')])
    expect(cac.find(({ from, to }) => from === '2025-01' && to === '2025-01')?.blended.value).toBe(value)
  })
})
