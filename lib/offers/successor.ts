import { checked } from '../core/checked.ts'
import type { Actor, Context } from '../core/context.ts'
import { conflict } from '../core/errors.ts'
import { type Decided, must, type Offer, OfferRequest, request } from './offer.ts'
import { AwsOfferRequest } from './request-aws.ts'
import { AzureOfferRequest } from './request-azure.ts'

/** Fields of a request that differ from the offer before; null leaves one out (a merge patch, RFC 7396). */
export type Changes = Record<string, unknown>

const FIELDS = { aws: Object.keys(AwsOfferRequest.shape), azure: Object.keys(AzureOfferRequest.shape) }

// Days and marks belong to the one offer that they were asked for.
const OF_ONE_OFFER = ['expiresOn', 'schedule', 'startsOn', 'endsOn', 'replaces', 'renews', 'newDimensions', 'offerSetId']

const requestBefore = (offer: Offer): Changes =>
  Object.fromEntries(
    Object.entries(offer).filter(([name]) => FIELDS[offer.marketplace].includes(name) && !OF_ONE_OFFER.includes(name)),
  )

const isNull = ([, value]: [string, unknown]) => value === null

const patched = (before: Changes, changes: Changes): Changes =>
  Object.fromEntries(Object.entries({ ...before, ...changes }).filter((field) => !isNull(field)))

const onAws = (offer: Offer, verb: string) => {
  must(offer, verb, 'accepted')
  if (offer.marketplace !== 'aws')
    throw conflict(`an accepted offer cannot be ${verb} on ${offer.marketplace}: request another one`, 'marketplace')
  if (offer.authorises)
    throw conflict(`what a reseller has sold is ${verb} by the reseller: give it another authorisation`, 'authorises')
  return offer
}

const successor = (offer: Offer, fields: Changes, actor: Actor, context: Context): Decided => {
  const { offer: next, events } = request(checked(OfferRequest, patched(requestBefore(offer), fields)), actor, context)
  return { offer: { ...next, predecessorId: offer.id }, events }
}

/** A draft that takes the place of the accepted offer's agreement when the buyer accepts it; the same buyer, so none is named. */
export const amend = (offer: Offer, changes: Changes, actor: Actor, context: Context): Decided => {
  const { agreementId } = onAws(offer, 'amended')
  if (!agreementId) throw conflict(`the agreement of offer ${offer.id} is not known yet: try again later`, 'agreementId')
  return successor(offer, { buyerAccountIds: null, ...changes, replaces: agreementId }, actor, context)
}

/** A draft that goes on where the accepted offer ends, marked as a renewal: the marketplace takes less for it. */
export const renew = (offer: Offer, changes: Changes, actor: Actor, context: Context): Decided => {
  const { usage, grants, rates } = onAws(offer, 'renewed')
  const pricing = usage && !grants && !rates ? 'usage' : 'contract'
  return successor(offer, { renews: { channel: 'aws-marketplace', pricing }, ...changes }, actor, context)
}
