import { salesOf } from './items.ts'
import type { Offer, Problem } from './offer.ts'
import { endsOn } from './request-azure.ts'

type OnAzure = Extract<Offer, { marketplace: 'azure' }>

const isOriginated = (offer: Offer): offer is OnAzure => offer.marketplace === 'azure' && offer.kind === 'multiparty-originator'
const isForCustomer = (offer: Offer): offer is OnAzure =>
  offer.marketplace === 'azure' && (offer.kind === 'customer' || offer.kind === 'multiparty-originator')

/** Whether other live offers of the customer stand in the way of this one. */
export const needsRoom = isOriginated

const isSamePlan = (a: OnAzure, b: OnAzure) =>
  a.productId === b.productId && (!a.basePlanId || !b.basePlanId || a.basePlanId === b.basePlanId)

const sellsSame = (a: OnAzure, b: OnAzure) =>
  a.billingAccountId === b.billingAccountId && salesOf(a).some((one) => salesOf(b).some((other) => isSamePlan(one, other)))

const beginOf = ({ startsOn, releasedAt }: OnAzure, today: string) => startsOn ?? releasedAt?.slice(0, 10) ?? today

const meets = (a: OnAzure, b: OnAzure, today: string) => beginOf(a, today) <= endsOn(b) && beginOf(b, today) <= endsOn(a)

/**
 * What keeps a multiparty offer from being published beside the live offers that we know: Microsoft blocks it over the same plan and
 * time as another one, or as an offer to the customer. Others that it knows of fail its job.
 */
export const overlapsOf = (offer: Offer, live: Offer[], today: string): Problem[] => {
  if (!needsRoom(offer)) return []
  const others = live
    .filter(isForCustomer)
    .filter((other) => other.id !== offer.id && sellsSame(offer, other) && meets(offer, other, today))
  return others.map((other) => ({
    code: 'offer_overlaps',
    target: 'startsOn',
    message: `offer ${other.id} is for the same customer, plan and time: withdraw it, or start after ${endsOn(other)}`,
  }))
}
