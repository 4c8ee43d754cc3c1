import type { DomainEvent } from '../../events/index.ts'
import { type Actor, type Context, today } from '../core/context.ts'
import type { Page, PageQuery } from '../core/page.ts'
import { inParallel } from '../core/parallel.ts'
import { dateText, dayNumber, firstDay, lastDay, monthIndex } from '../core/period.ts'
import { WINDOWS } from '../metrics/aggregate.ts'
import { NOT_STATED } from '../metrics/cut.ts'
import { type RatesSource, ratesNow, scopeFor } from '../metrics/cut-read.ts'
import type { RateTable } from '../metrics/rates.ts'
import { withoutMissingRates } from '../metrics/read.ts'
import type { Offer } from '../offers/offer.ts'
import { listedPartners, type Partners } from '../partners/listed.ts'
import { type By, currenciesWithoutRate, type Pipeline, pipelinesOf } from './pipeline.ts'
import { type Pursuit, pursuitOf } from './pursuit.ts'

export type Dependencies = {
  offers: {
    list: (query: PageQuery & { partnerId?: string | undefined }) => Promise<Page<Offer>>
    timeline: (id: string) => Promise<DomainEvent[]>
  }
  partners: Partners
  metrics: RatesSource
}

const AT_ONCE = 16

// What resellers sell by a CSP offer nobody accepts: it is no sale of its own to win or lose.
const isPursued = (offer: Offer) => !(offer.marketplace === 'azure' && offer.kind === 'csp')

const offersOf = async function* ({ offers }: Pick<Dependencies, 'offers'>, partnerId: string | undefined) {
  let cursor: string | undefined
  do {
    const page: Page<Offer> = await offers.list({ limit: 100, cursor, partnerId })
    yield* page.items
    cursor = page.cursor
  } while (cursor)
}

/** Whether an offer can be among the open ones at the end of the month, or those decided in the year before it. */
const mayCount = ({ requestedAt, acceptedAt }: Offer, month: number) =>
  requestedAt.slice(0, 10) <= dateText(lastDay(month)) &&
  (!acceptedAt || acceptedAt.slice(0, 10) >= dateText(firstDay(month - Math.max(...WINDOWS) + 1)))

/** The offers, of one partner or all, as they stood at the end of a month, or stand today. */
export const pursuitsIn =
  ({ offers }: Pick<Dependencies, 'offers'>) =>
  async (month: number, partnerId: string | undefined, context: Context): Promise<Pursuit[]> => {
    const day = Math.min(lastDay(month), dayNumber(today(context)))
    const pursuits: Pursuit[] = []
    await inParallel(offersOf({ offers }, partnerId), AT_ONCE, async (offer) => {
      if (!isPursued(offer) || !mayCount(offer, month)) return
      const pursuit = pursuitOf(await offers.timeline(offer.id), day)
      if (pursuit) pursuits.push(pursuit)
    })
    return pursuits
  }

/** The exchange rates of now; throws `unprocessable` with those that offers need and nobody published. */
export const ratesFor = async (metrics: RatesSource, pursuits: Pursuit[]): Promise<RateTable> => {
  const rates = await ratesNow(metrics)
  const pairs = currenciesWithoutRate(pursuits, rates).map((currency) => `${currency}/${rates.reporting}`)
  return withoutMissingRates<RateTable>(pairs.length > 0 ? { error: 'missing-rates', pairs } : rates)
}

const namer = async (by: By, partners: Partners): Promise<(pursuit: Pursuit) => string> => {
  if (by === 'programme') return () => 'all'
  if (by === 'partner') return ({ partnerId }) => partnerId
  if (by === 'marketplace') return ({ marketplace }) => marketplace
  const listed = await listedPartners(partners)
  const field = by === 'partner-type' ? 'type' : by
  return ({ partnerId }) => listed.get(partnerId)?.[field] ?? NOT_STATED
}

type Asked = { period: string; by: By; partnerId?: string | undefined }
type Answer = { period: string; currency: string; by: By; rows: Pipeline[] }

/** Win rate and velocity; of its own offers alone for a partner. */
export const readPipeline =
  (dependencies: Dependencies) =>
  async (actor: Actor, { period, by, partnerId }: Asked, context: Context): Promise<Answer> => {
    const { partners, metrics } = dependencies
    const month = monthIndex(period)
    const pursuits = await pursuitsIn(dependencies)(month, scopeFor(actor, partnerId), context)
    const rates = await ratesFor(metrics, pursuits)
    return { period, currency: metrics.currency, by, rows: pipelinesOf(pursuits, await namer(by, partners), month, rates) }
  }
