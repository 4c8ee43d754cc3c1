import type { Problem } from '../offers/offer.ts'
import type { OfferSet } from './offer-set.ts'

/** What is sent for a set, one after the other; what the marketplace has not named yet stands in angle brackets. */
export type Requests = { create: unknown; release: unknown }

export type Outcome =
  | { state: 'running' }
  | { state: 'succeeded'; externalId: string; at: string }
  /** `retry`: the marketplace broke down, the same request may go through with a new token. */
  | { state: 'failed'; retry: boolean; problems: Problem[] }

/** Pure: `offers` are the marketplace's ids of the set's offers. */
export type Planner = { requests: (set: OfferSet, offers: string[]) => Requests }

/**
 * What Cosell needs of a marketplace for sets. Calls throw `unavailable` when asking again later may help; what the marketplace
 * refuses for good is an answer.
 */
export type SetMarketplace = {
  /** Starts the call that `set.submission` describes. The same submission gives the same request under the same token. */
  send: (set: OfferSet) => Promise<{ jobId: string } | { refused: Problem[] }>
  /** Looks for the job of a submission whose answer was lost; undefined: there is none, the call can be repeated. */
  recover: (set: OfferSet) => Promise<{ jobId: string } | undefined>
  /** The state of the job `set.submission.jobId`. */
  observe: (set: OfferSet) => Promise<Outcome>
}
