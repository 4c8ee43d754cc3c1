import type { Flagged } from '../metrics/cac.ts'
import type { MetricsDocument } from '../metrics/document.ts'
import { shareText } from './section.ts'
import { counted, dagger, eachText, moneyText, monthName, NOTHING, percentText } from './words.ts'

/** A figure to see first, and what stands behind it. */
export type KeyFigure = { name: string; value: string; detail: string }

const revenueFigures = ({ revenueTotals, currency }: MetricsDocument, period: string): KeyFigure[] => {
  const row = revenueTotals.find(({ month }) => month === period)
  if (!row) return []
  const partners = String(BigInt(row.sourced) + BigInt(row.influenced))
  const isShared = BigInt(row.total) > 0n && BigInt(partners) >= 0n && BigInt(row.direct) >= 0n
  return [
    { name: 'Revenue', value: `${moneyText(row.total, currency)}${dagger(row)}`, detail: monthName(period) },
    {
      name: 'Revenue with partners',
      value: `${isShared ? shareText(partners, row.total) : moneyText(partners, currency)}${dagger(row)}`,
      detail: 'sourced or influenced',
    },
  ]
}

const retentionFigures = ({ nrr }: MetricsDocument, period: string): KeyFigure[] => {
  const row = nrr.find(({ month, partnerId, window }) => month === period && partnerId === 'all' && window === 12)
  if (!row) return []
  const detail =
    row.accounts > 0 ? `GRR ${percentText(row.grr.value)}, ${counted(row.accounts, 'account')}` : 'no account a year ago'
  return [{ name: 'NRR over 12 months', value: `${percentText(row.nrr.value)}${dagger(row)}`, detail }]
}

const timeFigures = ({ ttv }: MetricsDocument): KeyFigure[] => {
  const all = ttv.find(({ cohort }) => cohort === 'all')
  if (!all) return []
  const detail = all.n === 0 ? 'no partner onboarded yet' : `median; ${all.events} of ${counted(all.n, 'partner')} with revenue`
  return [{ name: 'Time to first revenue', value: all.median === null ? NOTHING : counted(all.median, 'day'), detail }]
}

const costFigures = ({ cac, currency }: MetricsDocument, period: string): KeyFigure[] => {
  const row = cac.find(({ from, to }) => from === period && to === period)
  if (!row) return []
  const costText = (side: Flagged) => `${eachText(side, currency, moneyText)}${dagger(side)}`
  const won = (count: string) => counted(Number(count), 'new customer')
  const direct = row.direct.value === null ? 'none won directly' : `direct ${costText(row.direct)}`
  const detail = `${won(row.partner.denominator)}; ${direct}`
  return [{ name: 'CAC with a partner', value: costText(row.partner), detail }]
}

const returnFigures = ({ ropi }: MetricsDocument, period: string): KeyFigure[] => {
  const rows = ropi.filter(({ month, ratio }) => month === period && ratio.value !== null)
  if (rows.length === 0) return []
  const paidBack = rows.filter(({ ratio }) => Number(ratio.value) >= 1).length
  return [{ name: 'ROPI of 1 or more', value: `${paidBack} of ${rows.length}`, detail: 'partners with costs in 12 months' }]
}

/** What a reader wants to see at once; figures that the month does not have are absent. */
export const keyFiguresOf = (document: MetricsDocument, period: string): KeyFigure[] => [
  ...revenueFigures(document, period),
  ...retentionFigures(document, period),
  ...timeFigures(document),
  ...costFigures(document, period),
  ...returnFigures(document, period),
]
