import type { Column } from '../core/column.ts'
import type { AcquisitionCost } from '../metrics/cac.ts'
import type { MetricsDocument } from '../metrics/document.ts'
import type { Retention } from '../metrics/nrr.ts'
import type { PartnerRevenue, TotalRevenue } from '../metrics/revenue.ts'
import type { PartnerReturn } from '../metrics/ropi.ts'
import type { TimeToValue } from '../metrics/ttv.ts'

type MetricRow = {
  metric: string
  period: string
  partnerId: string
  window?: number
  cohort?: string
  numerator?: string
  denominator?: string
  value: string | number | null
  unit: 'ratio' | 'minor units' | 'days' | 'count' | 'probability'
  currency?: string
  rateExtrapolated?: true
  reason?: string
}

const PROGRAMME = 'all'

const retentionRows = ({ month: period, partnerId, window, accounts, nrr, grr, ...flag }: Retention): MetricRow[] => {
  const about = { period, partnerId, window, ...flag }
  return [
    { metric: 'nrr', ...about, ...nrr, unit: 'ratio' },
    { metric: 'grr', ...about, ...grr, unit: 'ratio' },
    { metric: 'nrr_accounts', period, partnerId, window, value: accounts, unit: 'count' },
  ]
}

type Revenue = PartnerRevenue | (TotalRevenue & { partnerId: string })
const revenueRows = ({ month: period, partnerId, rateExtrapolated, ...amounts }: Revenue): MetricRow[] =>
  Object.entries(amounts).map(([share, value]) => ({
    metric: `${share}_revenue`,
    period,
    partnerId,
    value,
    unit: 'minor units',
    ...(rateExtrapolated && { rateExtrapolated }),
  }))

const timeToValueRows = (period: string, { cohort, n, events, median, ...survival }: TimeToValue): MetricRow[] => {
  const about = { period, partnerId: PROGRAMME, cohort }
  const nobody = n === 0 ? { reason: 'no-partners' } : {}
  return [
    { metric: 'ttv_partners', ...about, value: n, unit: 'count' },
    { metric: 'ttv_events', ...about, value: events, unit: 'count' },
    {
      metric: 'ttv_median_days',
      ...about,
      value: median,
      unit: 'days',
      ...(median === null && { reason: 'not-reached' }),
      ...nobody,
    },
    ...Object.entries(survival).map(
      ([day, value]): MetricRow => ({ metric: `ttv_${day}`, ...about, value, unit: 'probability', ...nobody }),
    ),
  ]
}

const acquisitionRows = ({ from, partner, direct, blended }: AcquisitionCost): MetricRow[] =>
  Object.entries({ partner, direct, blended }).map(([channel, cost]) => ({
    metric: `cac_${channel}`,
    period: from,
    partnerId: PROGRAMME,
    ...cost,
    unit: 'minor units',
  }))

const ROPI_WINDOW = 12
const returnRows = ({ month: period, partnerId, revenue, payouts, ratio, net, ...flag }: PartnerReturn): MetricRow[] => {
  const about = { period, partnerId, window: ROPI_WINDOW, ...flag }
  const lessCost = String(BigInt(ratio.numerator) - BigInt(ratio.denominator))
  return [
    { metric: 'ropi_ratio', ...about, ...ratio, unit: 'ratio' },
    { metric: 'ropi_net', ...about, ...ratio, numerator: lessCost, value: net, unit: 'ratio' },
    { metric: 'ropi_revenue', ...about, value: revenue, unit: 'minor units' },
    { metric: 'ropi_payouts', ...about, value: payouts, unit: 'minor units' },
  ]
}

const MONEY: readonly MetricRow['unit'][] = ['ratio', 'minor units']

/** The document of a month in long form, one row a value. */
export const metricRows = (document: MetricsDocument, period: string): MetricRow[] =>
  [
    ...document.nrr.flatMap(retentionRows),
    ...document.revenueTotals.flatMap((totals) => revenueRows({ ...totals, partnerId: PROGRAMME })),
    ...document.revenue.flatMap(revenueRows),
    ...document.ttv.flatMap((cohort) => timeToValueRows(period, cohort)),
    ...document.cac.flatMap(acquisitionRows),
    ...document.ropi.flatMap(returnRows),
  ].map((row) => (MONEY.includes(row.unit) ? { ...row, currency: document.currency } : row))

export const metricColumns: Column<MetricRow>[] = [
  { name: 'metric', type: 'text', repeats: true, required: true, description: 'what is measured', of: ({ metric }) => metric },
  { name: 'period', type: 'month', repeats: true, required: true, description: 'the month', of: ({ period }) => period },
  {
    name: 'partner_id',
    type: 'text',
    repeats: true,
    required: true,
    description: 'the partner; all: the whole programme',
    of: ({ partnerId }) => partnerId,
  },
  {
    name: 'window',
    type: 'integer',
    unit: 'months',
    description: 'how far the value looks back',
    of: ({ window }) => window,
  },
  {
    name: 'cohort',
    type: 'text',
    repeats: true,
    description: 'all, or the month in which the partners were onboarded',
    of: ({ cohort }) => cohort,
  },
  {
    name: 'numerator',
    type: 'integer',
    unit: 'minor units of the currency',
    description: 'what is divided',
    of: ({ numerator }) => numerator,
  },
  {
    name: 'denominator',
    type: 'integer',
    unit: 'minor units of the currency; of cac_…: new customers',
    description: 'what it is divided by',
    of: ({ denominator }) => denominator,
  },
  {
    name: 'value',
    type: 'decimal',
    unit: 'that of the column unit',
    description: 'the value; none where there is nothing to divide by',
    of: ({ value }) => value,
  },
  {
    name: 'unit',
    type: 'text',
    repeats: true,
    required: true,
    description: 'ratio, minor units, days, count or probability',
    of: ({ unit }) => unit,
  },
  {
    name: 'currency',
    type: 'text',
    repeats: true,
    description: 'ISO 4217, of the amounts of the row if it has any',
    of: ({ currency }) => currency,
  },
  {
    name: 'rate_extrapolated',
    type: 'boolean',
    required: true,
    description: 'whether an amount was converted by an exchange rate of a later day, because there was no earlier one',
    of: ({ rateExtrapolated }) => rateExtrapolated === true,
  },
  {
    name: 'reason',
    type: 'text',
    repeats: true,
    description: 'why there is no value: zero-denominator, no-partners or not-reached (the median)',
    of: ({ reason }) => reason,
  },
]
