import { type Context, today } from '../core/context.ts'
import type { Marketplace } from './marketplace.ts'
import type { Offer } from './offer.ts'
import { needsRoom, overlapsOf } from './overlap.ts'
import type { OfferStore } from './store.ts'

export type Planners = Record<Offer['marketplace'], Pick<Marketplace, 'plan' | 'extension'>>

const LIVE = ['released', 'accepted'] as const

/** The offers of a partner that are on the marketplace. */
const liveOf = async (store: OfferStore, partnerId: string): Promise<Offer[]> => {
  const live: Offer[] = []
  for (const status of LIVE) {
    let cursor: string | undefined
    do {
      const page = await store.list({ partnerId, status, limit: 100, cursor })
      live.push(...page.items)
      cursor = page.cursor
    } while (cursor)
  }
  return live
}

/** The marketplace's request for an offer, and everything that is known to be wrong with it. */
export const planned = async (
  { store, marketplaces }: { store: OfferStore; marketplaces: Planners },
  offer: Offer,
  context: Context,
) => {
  const plan = marketplaces[offer.marketplace].plan(offer, today(context))
  const live = needsRoom(offer) ? await liveOf(store, offer.partnerId) : []
  return { ...plan, problems: [...plan.problems, ...overlapsOf(offer, live, today(context))] }
}
