import type { AgreementSnapshot } from './agreement.ts'

/** A product and one of its plans. */
export type Catalogued = { productId: string; planId: string }

/** Where agreements are read. Calls throw `unavailable` when asking again later may help, `not_found` for an unknown id. */
export type AgreementSource = {
  read: (id: string) => Promise<AgreementSnapshot>
  /** Ids of the agreements that changed at or after that instant, in no order, perhaps some that did not. */
  changedSince: (instant: string) => AsyncIterable<string>
  /** The ids that the seller's catalogue has for a bought plan. Absent: this marketplace's offers have one plan. */
  catalogued?: (bought: Catalogued) => Promise<Catalogued | undefined>
}
