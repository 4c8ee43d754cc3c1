import type { Offer, Problem } from './offer.ts'

/**
 * The exact request that would be sent for an offer, and everything that is wrong with it in our words. `hash` is of what is asked for,
 * without the tokens and names that differ from call to call: equal hashes ask for the same.
 */
export type Plan = { request: unknown; hash: string; problems: Problem[] }

export type Outcome =
  | { state: 'running' }
  | { state: 'succeeded'; externalId: string; externalName?: string; acceptanceLink?: string; at: string }
  /** `retry`: the marketplace broke down, the same request may go through with a new token. */
  | { state: 'failed'; retry: boolean; problems: Problem[] }

export type Acceptance = { agreementId?: string; at: string }

/** Who has a released multiparty offer while the customer has not accepted it. */
export type Waiting = { awaits: 'selling-partner' | 'customer'; acceptanceLink?: string }

/**
 * What Cosell needs of a marketplace. Calls throw `unavailable` when asking again later may help (lock, throttle, 5xx, no answer);
 * what the marketplace refuses for good is an answer, not an error.
 */
export type Marketplace = {
  /** Pure: nothing is sent. `today` is the date that the provider's date rules are checked against. */
  plan: (offer: Offer, today: string) => Plan
  /** Pure: what is wrong with another last day for a released offer. Absent: this marketplace knows no such change. */
  extension?: (offer: Offer, expiresOn: string, today: string) => Problem[]
  /** Starts the call that `offer.submission` describes (create, extend, withdraw, delete). The same submission gives the same token. */
  send: (offer: Offer) => Promise<{ jobId: string } | { refused: Problem[] }>
  /** Looks for the job or the result of a submission whose answer was lost; undefined: the marketplace shows no trace of it. */
  recover: (offer: Offer) => Promise<{ jobId: string } | { outcome: Outcome } | undefined>
  /** How many calls it works on at a time; absent: as many as come. */
  atOnce?: number
  /** How long after `startedAt` an untraced submission may still show up: until then it is not sent again. */
  recoverySeconds: number
  /** The state of the job `offer.submission.jobId`. */
  observe: (offer: Offer) => Promise<Outcome>
  /** Whether the buyer has accepted the released offer `offer.externalId`, or who of several has it until then. */
  acceptance: (offer: Offer) => Promise<Acceptance | Waiting | undefined>
}
