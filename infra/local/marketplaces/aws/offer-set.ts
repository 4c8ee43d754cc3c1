import { arn, seconds } from './events.ts'
import type { Write } from './journal.ts'
import type { OfferSetDetail } from './offer-set-details.ts'

/** Offers that a buyer accepts with one click; each of them was made for this set and for no other. */
export type OfferSet = {
  id: string
  revision: number
  state: 'Draft' | 'Released'
  name: string
  buyerNotes?: string | undefined
  offerIds: string[]
  releaseDate?: string
  lastModifiedDate: string
}

export const OFFER_SETS = 'aws.offer-sets'

export const offerSetWrite = (set: OfferSet): Write => ({ collection: OFFER_SETS, id: set.id, document: set })

export const newOfferSet = (id: string, at: string): OfferSet => ({
  ...{ id, revision: 0, state: 'Draft', name: '', offerIds: [], lastModifiedDate: at },
})

const named = ({ Offers }: { Offers: { OfferId: string }[] }) => Offers.map(({ OfferId }) => OfferId)

/** The set after one change. To associate or disassociate an offer a second time changes nothing. */
export const changedOfferSet = (set: OfferSet, { type, fields }: OfferSetDetail, at: string): OfferSet => {
  switch (type) {
    case 'CreateOfferSet':
      return { ...set, name: fields.Name }
    case 'UpdateInformation':
      return { ...set, name: fields.Name ?? set.name, buyerNotes: fields.BuyerNotes ?? set.buyerNotes }
    case 'AssociateOffers':
      return { ...set, offerIds: [...new Set([...set.offerIds, ...named(fields)])] }
    case 'DisassociateOffers':
      return { ...set, offerIds: set.offerIds.filter((id) => !named(fields).includes(id)) }
    case 'ReleaseOfferSet':
      return { ...set, state: 'Released', releaseDate: set.releaseDate ?? at }
  }
}

const released = ({ releaseDate }: OfferSet) => (releaseDate ? { ReleaseDate: seconds(releaseDate) } : {})

/** The set as DescribeEntity tells it. */
export const offerSetEntity = (set: OfferSet) => ({
  type: 'OfferSet@1.0',
  arn: arn('OfferSet', set.id),
  document: {
    Id: set.id,
    Name: set.name,
    ...(set.buyerNotes && { BuyerNotes: set.buyerNotes }),
    State: set.state,
    ...released(set),
    AssociatedOffers: set.offerIds.map((OfferId) => ({ OfferId })),
  },
})

/** The set as a row of ListEntities. */
export const offerSetSummary = (set: OfferSet) => ({
  Name: set.name,
  State: set.state,
  ...released(set),
  AssociatedOfferIds: set.offerIds,
})
