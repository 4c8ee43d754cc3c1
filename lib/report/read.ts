import { mustBe } from '../core/access.ts'
import type { Actor } from '../core/context.ts'
import { type Dependencies, readAggregates, withoutMissingRates } from '../metrics/read.ts'
import { type Page, pageOf } from './page.ts'
import { reportOf, sourceOf } from './report.ts'

/** The page of a month, for those who see the whole programme: most of it is sums over partners. */
export const readReport =
  ({ store, currency, grossMargin, sha256 }: Dependencies & { sha256: (text: string) => string }) =>
  async (actor: Actor, period: string): Promise<Page> => {
    mustBe(actor, 'manager', 'finance', 'platform')
    const source = sourceOf(await readAggregates({ store })(), { currency, grossMargin })
    return pageOf(reportOf(withoutMissingRates(source), period), sha256)
  }
