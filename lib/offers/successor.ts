import { checked } from '../core/checked.ts'
import { conflict } from '../core/errors.ts'
import { must, type Offer, OfferRequest } from './offer.ts'
import { AwsOfferRequest } from './request-aws.ts'
import { AzureOfferRequest } from './request-azure.ts'

/** Fields of a request that differ from the offer before; null leaves one out (a merge patch, RFC 7396). */
export type Changes = Record<string, unknown>

const FIELDS = { aws: Object.keys(AwsOfferRequest.shape), azure: Object.keys(AzureOfferRequest.shape) }

// Days and marks belong to the one offer that they were asked for.
const OF_ONE_OFFER = [
  ...['expiresOn', 'schedule', 'startsOn', 'endsOn', 'replaces', 'renews', 'newDimensions', 'offerSetId', 'upgradedFrom'],
]

const requestBefore = (offer: Offer): Changes =>
  Object.fromEntries(
    Object.entries(offer).filter(([name]) => FIELDS[offer.marketplace].includes(name) && !OF_ONE_OFFER.includes(name)),
  )

const isNull = ([, value]: [string, unknown]) => value === null

const patched = (before: Changes, changes: Changes): Changes =>
  Object.fromEntries(Object.entries({ ...before, ...changes }).filter((field) => !isNull(field)))

const mustBeOwnSale = (offer: Offer, verb: string) => {
  if (offer.marketplace === 'aws' && offer.authorises)
    throw conflict(`what a reseller has sold is ${verb} by the reseller: give it another authorisation`, 'authorises')
}

const successor = (offer: Offer, fields: Changes): OfferRequest => checked(OfferRequest, patched(requestBefore(offer), fields))

/** What takes the place of the accepted offer's agreement when the buyer accepts it; the same buyer, so none is named. */
export const amend = (offer: Offer, changes: Changes): OfferRequest => {
  must(offer, 'amended', 'accepted')
  mustBeOwnSale(offer, 'amended')
  const { agreementId, marketplace } = offer
  if (marketplace !== 'aws')
    throw conflict(`an accepted offer cannot be amended on ${marketplace}: renew it, or request another one`, 'marketplace')
  if (!agreementId) throw conflict(`the agreement of offer ${offer.id} is not known yet: try again later`, 'agreementId')
  // Another agreement is named where this one has renewed itself.
  return successor(offer, { buyerAccountIds: null, ...changes, replaces: changes['replaces'] ?? agreementId })
}

/** How a marketplace is told that an offer renews another one. */
const markOf = (offer: Offer): Changes => {
  if (offer.marketplace === 'azure') return { upgradedFrom: offer.id }
  // What is resold is marked by the authorisation.
  if (offer.resale) return {}
  const pricing = offer.usage && !offer.grants && !offer.rates ? 'usage' : 'contract'
  return { renews: { channel: 'aws-marketplace', pricing } }
}

/** What goes on where the accepted offer ends, marked as a renewal: the marketplace takes less for it. */
export const renew = (offer: Offer, changes: Changes): OfferRequest => {
  must(offer, 'renewed', 'accepted')
  mustBeOwnSale(offer, 'renewed')
  return successor(offer, { ...markOf(offer), ...changes })
}
