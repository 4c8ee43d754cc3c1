import type { Terms, TermsCheck } from './terms.ts'

/** Where the terms of plans are kept. Calls throw `unavailable` when asking again later may help. */
export type Ordering = {
  read: (plan: TermsCheck) => Promise<Terms>
  /** Accepts the terms that are in force now, and reads them again: an answer that is not confirmed by reading does not count. */
  accept: (plan: TermsCheck) => Promise<Terms>
}
