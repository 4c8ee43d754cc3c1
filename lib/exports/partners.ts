import type { Column } from '../core/column.ts'
import type { MetricsDocument } from '../metrics/document.ts'
import type { Retention } from '../metrics/nrr.ts'
import type { PartnerRevenue } from '../metrics/revenue.ts'
import type { PartnerReturn } from '../metrics/ropi.ts'
import { moneyColumns } from './csv.ts'

type PartnerRow = {
  partnerId: string
  partnerType: string | undefined
  currency: string
  revenue: PartnerRevenue | undefined
  retention: Retention | undefined
  returns: PartnerReturn | undefined
}

/** A row for each partner that has any figure in the month, by id. */
export const partnerRows = (
  { currency, revenue, nrr, ropi }: MetricsDocument,
  typeOf: ReadonlyMap<string, string>,
): PartnerRow[] => {
  const retention = nrr.filter(({ partnerId }) => partnerId !== 'all')
  const year = retention.filter(({ window }) => window === 12)
  const ids = new Set([...revenue, ...retention, ...ropi].map(({ partnerId }) => partnerId))
  const by = <Row extends { partnerId: string }>(rows: Row[]) => new Map(rows.map((row) => [row.partnerId, row]))
  const [revenueBy, retentionBy, returnsBy] = [by(revenue), by(year), by(ropi)]
  return [...ids].sort().map((partnerId) => ({
    partnerId,
    partnerType: typeOf.get(partnerId),
    currency,
    revenue: revenueBy.get(partnerId),
    retention: retentionBy.get(partnerId),
    returns: returnsBy.get(partnerId),
  }))
}

const amountOf = (row: PartnerRow, text = '0') => ({ amount: Number(text), currency: row.currency })

export const partnerColumns: Column<PartnerRow>[] = [
  { name: 'partner_id', type: 'text', required: true, description: 'the partner', of: ({ partnerId }) => partnerId },
  {
    name: 'partner_type',
    type: 'text',
    repeats: true,
    description: 'reseller, isv, si, msp, referral or distributor',
    of: (row) => row.partnerType,
  },
  {
    name: 'currency',
    type: 'text',
    repeats: true,
    required: true,
    description: 'ISO 4217, of all amounts of the row',
    of: ({ currency }) => currency,
  },
  ...moneyColumns<PartnerRow>('sourced_revenue', 'revenue of the month credited as sourced', (row) =>
    amountOf(row, row.revenue?.sourced),
  ),
  ...moneyColumns<PartnerRow>('influenced_revenue', 'revenue of the month credited as influenced', (row) =>
    amountOf(row, row.revenue?.influenced),
  ),
  ...moneyColumns<PartnerRow>('touched_revenue', 'revenue of the month that was credited to others; never add it up', (row) =>
    amountOf(row, row.revenue?.touched),
  ),
  {
    name: 'nrr_12',
    type: 'decimal',
    unit: 'ratio',
    description: 'net revenue retention over 12 months',
    of: (row) => row.retention?.nrr.value,
  },
  {
    name: 'grr_12',
    type: 'decimal',
    unit: 'ratio',
    description: 'gross revenue retention over 12 months',
    of: (row) => row.retention?.grr.value,
  },
  {
    name: 'nrr_12_accounts',
    type: 'integer',
    unit: 'accounts',
    description: 'accounts behind them',
    of: (row) => row.retention?.accounts,
  },
  {
    name: 'ropi_ratio',
    type: 'decimal',
    unit: 'ratio',
    description: 'profit over cost, of 12 months',
    of: (row) => row.returns?.ratio.value,
  },
  { name: 'ropi_net', type: 'decimal', unit: 'ratio', description: 'ropi_ratio less 1', of: (row) => row.returns?.net },
  ...moneyColumns<PartnerRow>(
    'ropi_revenue',
    'sourced and influenced revenue of 12 months',
    (row) => row.returns && amountOf(row, row.returns.revenue),
  ),
  ...moneyColumns<PartnerRow>('ropi_payouts', 'payouts of 12 months', (row) => row.returns && amountOf(row, row.returns.payouts)),
  {
    name: 'rate_extrapolated',
    type: 'boolean',
    required: true,
    description: 'whether an amount was converted by an exchange rate of a later day, because there was no earlier one',
    of: ({ revenue, retention, returns }) => [revenue, retention, returns].some((part) => part?.rateExtrapolated === true),
  },
]
