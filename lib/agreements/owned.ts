import type { Offer } from '../offers/offer.ts'
import type { NewTransaction } from '../transactions/transaction.ts'
import type { AgreementSnapshot } from './agreement.ts'

/** Whose agreement it is in Cosell's words. */
export type Owner = { accountId: string; offer?: Offer }

/** What every row of the books of an agreement says of it. */
export type Owned = Pick<NewTransaction, 'accountId' | 'productId' | 'marketplace' | 'agreementId' | 'partnerId' | 'offerId'>

export const commonOf = (agreement: AgreementSnapshot, { accountId, offer }: Owner): Owned => ({
  accountId,
  // Marketplaces name a product otherwise in an offer than in a purchase: the offer's name holds.
  productId: offer?.productId ?? agreement.productId,
  marketplace: agreement.marketplace,
  agreementId: agreement.id,
  ...(offer && { partnerId: offer.partnerId, offerId: offer.id }),
})

export const keyOf = ({ marketplace, id }: AgreementSnapshot, ...rest: string[]) => [marketplace, id, ...rest].join(':')

/** Whether two owners are the same, in whatever order a table keeps their fields. */
export const isSameOwner = (a: Owned, b: Owned) =>
  a.accountId === b.accountId && a.productId === b.productId && a.partnerId === b.partnerId && a.offerId === b.offerId
