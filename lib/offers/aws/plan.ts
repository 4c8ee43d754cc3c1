import { createHash } from 'node:crypto'
import type { Change, StartChangeSetRequest } from '@aws-sdk/client-marketplace-catalog'
import { conflict } from '../../core/errors.ts'
import { addDays, addMonths } from '../../core/period.ts'
import type { AwsOffer } from '../offer.ts'
import { type Call, callOf } from '../submission.ts'
import { authorizationDetails } from './authorization.ts'
import { changesOfNew, type Detail } from './detail.ts'
import { duration, isUsageOnly, paymentSchedule, pricingOf } from './pricing.ts'
import { renewalTerm } from './renewal-term.ts'

const TYPE = 'Offer@1.0'
const AUTHORIZATION_TYPE = 'ResaleAuthorization@1.0'
const PRODUCT_TYPE = 'SaaSProduct@1.0'
// Only the newest standard contract of AWS Marketplace is taken for new offers.
const STANDARD_EULA = { Type: 'StandardEula', Version: '2022-07-14' }

/** The name by which a change set, and the events about it, are known to be of an offer's submission. */
export const changeSetName = (offerId: string, { kind, attempt }: Call) => `cosell:${offerId}:${kind}:${attempt}`

/** The offer that a change set was named for; undefined: it is not one of ours. */
export const offerOfChangeSet = (name: string): string | undefined =>
  /^cosell:(.+):(?:create|withdraw|extend):\d+$/.exec(name)?.[1]

const legalDocument = ({ eula }: AwsOffer) => (eula.type === 'standard' ? STANDARD_EULA : { Type: 'CustomEula', Url: eula.url })

/** A configurable upfront term refuses a validity term that has no start date: it has its own duration. */
const validity = (offer: AwsOffer) => {
  const { startsOn, endsOn, termMonths } = offer
  if (endsOn) return { AgreementEndDate: endsOn }
  if (startsOn) return { AgreementStartDate: startsOn, AgreementEndDate: addDays(addMonths(startsOn, termMonths), -1) }
  const isNeeded = offer.schedule || isUsageOnly(offer) || (offer.resale && offer.resale.pricing !== 'rates')
  return isNeeded ? { AgreementDuration: duration(termMonths) } : undefined
}

const ACQUIRED = { 'aws-marketplace': 'AwsMarketplace', external: 'External' } as const
const PRICED = { contract: 'Contract', usage: 'Usage', byol: 'Byol', free: 'Free' } as const

const preExisting = ({ renews }: AwsOffer) =>
  renews ? { PreExistingAgreement: { AcquisitionChannel: ACQUIRED[renews.channel], PricingModel: PRICED[renews.pricing] } } : {}

// Without a description, which only the seller sees, a release fails.
const descriptionOf = ({ id }: AwsOffer) => `Cosell offer ${id}`

/** The same for what another seller makes: its authorisation, and our markup. */
const resold = ({ name, replaces }: AwsOffer, resale: NonNullable<AwsOffer['resale']>, Description: string): Detail[] => {
  const made = { ResaleAuthorizationId: resale.authorizationId, Name: name }
  const markup: Detail = ['UpdateMarkup', { Percentage: resale.markupPercent }]
  if (!replaces) return [['CreateOfferUsingResaleAuthorization', { ...made, Description }], markup]
  const replacement: Detail = ['CreateReplacementOfferUsingResaleAuthorization', { ...made, AgreementId: replaces }]
  return [replacement, ['UpdateInformation', { Description }], markup]
}

/** The change that makes the offer, and what it leaves to say about it. */
const creation = (offer: AwsOffer): Detail[] => {
  const { name, productId, replaces, resale, offerSetId } = offer
  const Description = descriptionOf(offer)
  if (resale) return resold(offer, resale, Description)
  const information: Detail = ['UpdateInformation', { ...(!replaces && { Name: name }), Description, ...preExisting(offer) }]
  if (replaces) return [['CreateReplacementOffer', { AgreementId: replaces, Name: name }], information]
  return [['CreateOffer', { ProductId: productId, ...(offerSetId && { OfferSetId: offerSetId }) }], information]
}

const TYPES = { contract: 'Entitled', usage: 'ExternallyMetered' } as const

const addedDimensions = ({ productId, newDimensions = [] }: AwsOffer): Change[] =>
  newDimensions.length === 0
    ? []
    : [
        {
          ChangeType: 'AddDimensions',
          Entity: { Type: PRODUCT_TYPE, Identifier: productId },
          DetailsDocument: newDimensions.map(({ key, name, description, unit, type }) => ({
            ...{ Key: key, Name: name, Description: description, Unit: unit },
            Types: [TYPES[type]],
          })),
        },
      ]

const terms = (offer: AwsOffer): Detail[] => {
  const valid = validity(offer)
  const { schedule, netDays, buyerAccountIds, resale, autoRenewal } = offer
  return [
    ['UpdateTargeting', buyerAccountIds && { PositiveTargeting: { BuyerAccounts: buyerAccountIds } }],
    ['UpdatePricingTerms', resale ? undefined : pricingOf(offer)],
    ['UpdateValidityTerms', valid && { Terms: [{ Type: 'ValidityTerm', ...valid }] }],
    ['UpdatePaymentScheduleTerms', schedule && { Terms: [paymentSchedule(offer)] }],
    ['UpdateNetPaymentTerms', netDays && { Terms: [{ Type: 'NetPaymentTerm', PaymentDuePeriod: `P${netDays}D` }] }],
    ['UpdateRenewalTerms', autoRenewal && { Terms: [renewalTerm(autoRenewal)] }],
    ['UpdateLegalTerms', { Terms: [{ Type: 'LegalTerm', Documents: [legalDocument(offer)] }] }],
    ['UpdateAvailability', { AvailabilityEndDate: offer.expiresOn }],
    ['ReleaseOffer', {}],
  ]
}

const made = (offer: AwsOffer): Change[] =>
  offer.authorises
    ? changesOfNew(AUTHORIZATION_TYPE, authorizationDetails(offer, offer.authorises.resellerAccountId, descriptionOf(offer)))
    : changesOfNew(TYPE, [...creation(offer), ...terms(offer)])

const onEntity = ({ id, externalId }: AwsOffer, type: string, [ChangeType, DetailsDocument = {}]: Detail): Change[] => {
  if (!externalId) throw conflict(`offer ${id} is not on AWS Marketplace yet: there is nothing to change there`, 'externalId')
  return [{ ChangeType, Entity: { Type: type, Identifier: externalId }, DetailsDocument }]
}

const untilDay = (offer: AwsOffer, day: string) => onEntity(offer, TYPE, ['UpdateAvailability', { AvailabilityEndDate: day }])

/**
 * A released offer is taken back by an end date in the past, and extended by a later one. An authorisation is restricted; what the
 * reseller has made of it before stays.
 */
const changesOf = (offer: AwsOffer, { kind }: Call, today: string): Change[] => {
  if (kind === 'create') return [...addedDimensions(offer), ...made(offer)]
  if (offer.authorises) return onEntity(offer, AUTHORIZATION_TYPE, ['RestrictResaleAuthorization', {}])
  return untilDay(offer, kind === 'extend' ? (offer.extension?.expiresOn ?? offer.expiresOn) : addDays(today, -1))
}

/** The change set for the offer's open or next call. An open call always gives the same request, whatever day it is. */
export const requestOf = (offer: AwsOffer, today: string): StartChangeSetRequest & { ChangeSet: Change[] } => {
  const call = callOf(offer)
  const name = changeSetName(offer.id, call)
  const day = offer.submission?.open ? offer.submission.startedAt.slice(0, 10) : today
  return {
    Catalog: 'AWSMarketplace',
    ChangeSetName: name,
    // At most 64 characters are allowed: exactly the length of this digest.
    ClientRequestToken: createHash('sha256').update(name).digest('hex'),
    ChangeSet: changesOf(offer, call, day),
  }
}
