import { mustBe } from '../core/access.ts'
import type { Actor } from '../core/context.ts'
import { ServiceError } from '../core/errors.ts'
import { type Aggregates, type Family, merge, WINDOWS } from './aggregate.ts'
import { type Dependencies as RowDependencies, readMetricsAsOf } from './as-of.ts'
import { documentOf, type MetricsDocument, type MissingRates } from './document.ts'
import type { MetricsStore } from './store.ts'

export type Dependencies = { store: Pick<MetricsStore, 'openSums'>; currency: string; grossMargin: number }

const GENERAL: Family[] = ['events', 'first-month', 'missing-rates']
/** A partner's days count from its start, however long ago that was. */
const LONG: Family[] = ['last-day', 'onboarding', 'first-revenue']
const RETENTION = WINDOWS.map((window): Family => `retention-${window}`)
const MONTHLY: Family[] = [...RETENTION, 'revenue', 'customers', 'spend', 'partner-cost']

/** From the year of the first month to the year of the last event. */
const yearsOf = (general: Aggregates): number[] => {
  const { events, 'first-month': firstMonth } = general.named
  const years = [...events.keys(), ...firstMonth.keys()].map((text) => Number(text.slice(0, 4)))
  const first = Math.min(...years)
  return years.length ? Array.from({ length: Math.max(...years) - first + 1 }, (_, i) => first + i) : []
}

/** The sums of all months, or those that the metrics of one month need. */
export const readAggregates =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (period?: string): Promise<Aggregates> => {
    const sums = await store.openSums()
    const general = await sums(GENERAL, [0])
    const years = yearsOf(general)
    const year = period && Number(period.slice(0, 4))
    const recent = year ? years.filter((each) => each === year || each === year - 1) : years
    for (const part of await Promise.all([sums(LONG, years), sums(MONTHLY, recent)])) merge(general, part)
    return general
  }

/** The live document: the same that the batch engine makes of all events that have been taken in so far. */
export const readMetrics =
  ({ store, currency, grossMargin }: Dependencies) =>
  async (period?: string): Promise<MetricsDocument | MissingRates> =>
    documentOf(await readAggregates({ store })(period), { currency, grossMargin, period })

/** The document, or the error that names the exchange rates to publish. */
export const withoutMissingRates = <Found extends object>(document: Found | MissingRates): Found => {
  if (!('error' in document)) return document
  const details = document.pairs.map((pair) => ({ target: pair, message: 'publish a rate: POST /v1/rates' }))
  throw new ServiceError('unprocessable', 'exchange rates are missing', { details })
}

/** A partner sees its own rows only, and no programme figures. */
const seenBy = (actor: Actor, document: MetricsDocument): MetricsDocument => {
  if (actor.role !== 'partner') return document
  const own = <Row extends { partnerId: string }>(rows: Row[]) => rows.filter(({ partnerId }) => partnerId === actor.partnerId)
  const { nrr, revenue, ropi } = document
  return { ...document, nrr: own(nrr), revenue: own(revenue), ropi: own(ropi), revenueTotals: [], ttv: [], cac: [] }
}

const mustSeeProgramme = (actor: Actor) => mustBe(actor, 'manager', 'finance', 'platform')

type Known = { period?: string | undefined; asOf?: string | undefined }
type Period = Known & { period: string }
type PartnerQuery = Period & { partnerId?: string | undefined; window?: string | undefined }

const asked =
  ({ partnerId, window }: PartnerQuery) =>
  (row: { partnerId: string; window?: number }) =>
    (partnerId === undefined || row.partnerId === partnerId) && (window === undefined || String(row.window) === window)

const headOf = ({ definitions, currency, asOf, asOfDay }: MetricsDocument) => ({
  definitions,
  currency,
  ...(asOf !== null && { asOf }),
  asOfDay,
})

/** What is known now, or what was known at an instant. */
export const readKnown = (dependencies: Dependencies & RowDependencies) => {
  const [live, past] = [readMetrics(dependencies), readMetricsAsOf(dependencies)]
  return async ({ asOf, period }: Known): Promise<MetricsDocument> =>
    withoutMissingRates(await (asOf === undefined ? live(period) : past(asOf, period)))
}

/** The routes' answers: one metric each, with what it was computed by. */
export const metricsRoutes = (dependencies: Dependencies & RowDependencies) => {
  const known = readKnown(dependencies)
  const read = async (actor: Actor, query: Known) => seenBy(actor, await known(query))
  const section = async <Row>(actor: Actor, query: Period, rowsOf: (document: MetricsDocument) => Row[]) => {
    const document = await read(actor, query)
    return { ...headOf(document), rows: rowsOf(document) }
  }
  return {
    all: async (actor: Actor, query: Known) => {
      mustSeeProgramme(actor)
      return read(actor, query)
    },
    ttv: async (actor: Actor, query: Period) => {
      mustSeeProgramme(actor)
      return section(actor, query, ({ ttv }) => ttv)
    },
    cac: async (actor: Actor, query: Period) => {
      mustSeeProgramme(actor)
      return section(actor, query, ({ cac }) => cac)
    },
    nrr: (actor: Actor, query: PartnerQuery) => section(actor, query, ({ nrr }) => nrr.filter(asked(query))),
    ropi: (actor: Actor, query: PartnerQuery) => section(actor, query, ({ ropi }) => ropi.filter(asked(query))),
    revenue: async (actor: Actor, query: PartnerQuery) => {
      const document = await read(actor, query)
      return { ...headOf(document), rows: document.revenue.filter(asked(query)), totals: document.revenueTotals }
    },
  }
}
