import * as z from 'zod'
import { Name } from './details.ts'

const Offers = z
  .array(z.strictObject({ OfferId: z.string().min(1).max(36) }))
  .min(1)
  .max(7)

/** The fields of DetailsDocument for each change of an `OfferSet@1.0`; the changes that tie a solution to it are left out. */
export const OFFER_SET_DETAILS = {
  CreateOfferSet: z.strictObject({ Name }),
  UpdateInformation: z
    .strictObject({ Name: Name.optional(), BuyerNotes: z.string().min(1).max(1000).optional() })
    .refine((fields) => Object.keys(fields).length > 0, 'must name at least one field'),
  AssociateOffers: z.strictObject({ Offers }),
  DisassociateOffers: z.strictObject({ Offers }),
  ReleaseOfferSet: z.strictObject({}),
}

type OfferSetChangeType = keyof typeof OFFER_SET_DETAILS
export type OfferSetDetail = {
  [T in OfferSetChangeType]: { type: T; fields: z.infer<(typeof OFFER_SET_DETAILS)[T]> }
}[OfferSetChangeType]
