import { mustBe } from '../core/access.ts'
import type { Actor } from '../core/context.ts'
import { invalid } from '../core/errors.ts'
import { monthIndex } from '../core/period.ts'
import { listedPartners, type Partners } from '../partners/listed.ts'
import { type Cut, divideBy, isOfPartners } from './cut.ts'
import { type CutDocument, cutDocumentOf } from './cut-document.ts'
import { addToCut, type CutQuery, emptySums } from './cut-sums.ts'
import { rateTable } from './rates.ts'
import { withoutMissingRates } from './read.ts'
import type { MetricsStore } from './store.ts'

export type RatesSource = { store: Pick<MetricsStore, 'ratesAt' | 'ratesVersion'>; currency: string }

export type Dependencies = RatesSource & {
  store: Pick<MetricsStore, 'allRows'>
  partners: Partners
  grossMargin: number
}

/** The exchange rates that are known now. */
export const ratesNow = async ({ store, currency }: RatesSource) =>
  rateTable(await store.ratesAt(await store.ratesVersion()), currency)

/** No partner has this id: ids have no spaces. */
const NOBODY = 'no partner'

/** Another partner's figures are empty for a partner. */
export const scopeFor = ({ role, partnerId = NOBODY }: Actor, asked: string | undefined) => {
  if (role !== 'partner') return asked
  return asked === undefined || asked === partnerId ? partnerId : NOBODY
}

const checkedQuery = (actor: Actor, cut: Cut, period: string, asked: string | undefined): CutQuery => {
  if (isOfPartners(cut)) {
    mustBe(actor, 'manager', 'finance', 'platform')
    if (asked !== undefined)
      throw invalid(`a cut by ${cut} puts all partners together`, [
        { target: 'partnerId', message: 'leave it out, or cut by marketplace, product or cohort' },
      ])
  }
  return { cut, month: monthIndex(period), partnerId: scopeFor(actor, asked) }
}

type Asked = { by: Cut; period: string; partnerId?: string | undefined }

type Seen = Omit<CutDocument, 'knownEvents'> & { knownEvents?: number }

/** How much there is of all partners is not for one of them. */
const seenBy = ({ role }: Actor, { knownEvents, ...document }: CutDocument): Seen =>
  role === 'partner' ? document : { ...document, knownEvents }

/** A month by a cut, in one pass over all rows: no cut is kept up live, since each would add to what every event writes. */
export const cutMetrics =
  (dependencies: Dependencies) =>
  async (actor: Actor, { by, period, partnerId }: Asked): Promise<Seen> => {
    const query = checkedQuery(actor, by, period, partnerId)
    const divide = divideBy(by, isOfPartners(by) ? await listedPartners(dependencies.partners) : new Map())
    const [rates, sums] = [await ratesNow(dependencies), emptySums()]
    for await (const { row } of dependencies.store.allRows()) addToCut(sums, row, rates, query, divide)
    return seenBy(actor, withoutMissingRates(cutDocumentOf(sums, query, dependencies)))
  }
