import { mustBe } from '../core/access.ts'
import { type Actor, type Context, today } from '../core/context.ts'
import type { Page } from '../core/page.ts'
import { dayOf } from '../metrics/calendar.ts'
import type { RateTable } from '../metrics/rates.ts'
import type { Row } from '../metrics/row.ts'
import type { FindingQuery } from './contract.ts'
import type { Finding } from './finding.ts'
import { findingsOf } from './quality.ts'

export type Dependencies = {
  rowPage: (cursor: string | undefined) => Promise<Page<{ key: string; row: Row }>>
  ratesVersion: () => Promise<number>
  ratesAt: (version: number) => Promise<RateTable>
}

/** The findings of a page of rows. */
export const listFindings =
  ({ rowPage, ratesVersion, ratesAt }: Dependencies) =>
  async (actor: Actor, { period, kind, cursor }: FindingQuery, context: Context): Promise<Page<Finding>> => {
    mustBe(actor, 'manager', 'finance', 'platform')
    const rates = await ratesAt(await ratesVersion())
    const { items, ...page } = await rowPage(cursor)
    const found = items.flatMap(({ key, row }) => findingsOf({ key, row, rates, today: dayOf(today(context)) }))
    const isAsked = (each: Finding) =>
      (kind === undefined || each.kind === kind) && (period === undefined || each.months.includes(period))
    return { ...page, items: found.filter(isAsked) }
  }
