import type { Context } from '../core/context.ts'
import { unaccept } from '../offers/acceptance.ts'
import type { Decided, Offer } from '../offers/offer.ts'
import type { NewTransaction } from '../transactions/transaction.ts'
import type { AgreementSnapshot } from './agreement.ts'
import { hasOneOffer, movesOf, ownedBy } from './handover.ts'
import { isSameOwner, type Owned } from './owned.ts'
import type { AgreementStore } from './store.ts'

export type Dependencies = {
  store: Pick<AgreementStore, 'keepOwners'>
  offers: {
    get: (id: string) => Promise<Offer>
    ofAgreement: (marketplace: Offer['marketplace'], agreementId: string) => Promise<string[]>
    save: (decided: Decided, before: Offer, context: Context) => Promise<Offer>
  }
  /** Whether exactly this row is in the books. */
  isRecorded: (row: NewTransaction, context: Context) => Promise<boolean>
  idOf: (providerKey: string) => string
}

const CERTAIN_AFTER_MS = 600_000

/**
 * Whether the offer that an agreement names is believed enough to credit its partner: an attachment cannot be taken back. AWS may name
 * another offer for some five minutes after the acceptance (reference: Suger's documentation), so for ten it is not.
 */
export const isCertain = ({ marketplace, acceptedAt }: AgreementSnapshot, { now }: Context) =>
  !hasOneOffer({ marketplace }) || Date.parse(now) - Date.parse(acceptedAt) >= CERTAIN_AFTER_MS

/** All owners that an agreement was read with, the present one last. A new one is kept before anything is written under its name. */
export const keepOwner = async (
  { store }: Pick<Dependencies, 'store'>,
  { marketplace, id }: AgreementSnapshot,
  owner: Owned,
  before: Owned[],
): Promise<Owned[]> => {
  if (!hasOneOffer({ marketplace })) return [owner]
  const last = before.at(-1)
  if (last && isSameOwner(last, owner)) return before
  const owners = [...before, owner]
  await store.keepOwners(marketplace, id, owners, before)
  return owners
}

/** Offers that were believed to be this agreement's, and are not. */
export const correctOffers = async (
  { offers }: Pick<Dependencies, 'offers'>,
  { marketplace, id: agreementId }: AgreementSnapshot,
  { offerId }: Owned,
  context: Context,
) => {
  if (!hasOneOffer({ marketplace })) return
  for (const id of await offers.ofAgreement(marketplace, agreementId)) {
    if (id === offerId) continue
    const offer = await offers.get(id)
    const corrected = unaccept(offer, agreementId, context)
    if (corrected.events.length) await offers.save(corrected, offer, context)
  }
}

/** The rows with, for those that are in the books as an earlier owner's, the rows that bring them to the present one. */
export const correctedRows = async (
  { isRecorded, idOf }: Pick<Dependencies, 'isRecorded' | 'idOf'>,
  rows: NewTransaction[],
  all: Owned[],
  context: Context,
): Promise<NewTransaction[]> => {
  const owners = all.map((owner, number) => ({ owner, number }))
  const one = async (row: NewTransaction): Promise<NewTransaction[]> => {
    for (const { owner, number } of owners.slice(0, -1)) {
      const written = ownedBy(owner, row)
      if (await isRecorded(written, context)) return [written, ...movesOf(row, owners.slice(number), idOf)]
    }
    return [row]
  }
  const corrected: NewTransaction[] = []
  for (const row of rows) corrected.push(...(owners.length > 1 ? await one(row) : [row]))
  return corrected
}
