import { createHash } from 'node:crypto'
import type { Change, StartChangeSetRequest } from '@aws-sdk/client-marketplace-catalog'
import { conflict } from '../../core/errors.ts'
import { decimalText } from '../../core/money.ts'
import { addDays } from '../../core/period.ts'
import type { AwsOffer } from '../offer.ts'
import { type Call, callOf } from '../submission.ts'

const TYPE = 'Offer@1.0'
// Only the newest standard contract of AWS Marketplace is taken for new offers.
const STANDARD_EULA = { Type: 'StandardEula', Version: '2022-07-14' }

/** The name by which a change set, and the events about it, are known to be of an offer's submission. */
export const changeSetName = (offerId: string, { kind, attempt }: Call) => `cosell:${offerId}:${kind}:${attempt}`

/** The offer that a change set was named for; undefined: it is not one of ours. */
export const offerOfChangeSet = (name: string): string | undefined => /^cosell:(.+):(?:create|withdraw):\d+$/.exec(name)?.[1]

const duration = (offer: AwsOffer) => `P${offer.termMonths}M`

/** Paid at once: one rate card at the whole price, which the buyer can neither combine nor multiply. */
const upfront = (offer: AwsOffer) => ({
  Type: 'ConfigurableUpfrontPricingTerm',
  CurrencyCode: offer.price.currency,
  RateCards: [
    {
      Selector: { Type: 'Duration', Value: duration(offer) },
      RateCard: offer.grants.map(({ dimension }) => ({ DimensionKey: dimension, Price: decimalText(offer.price) })),
      Constraints: { MultipleDimensionSelection: 'Disallowed', QuantityConfiguration: 'Disallowed' },
    },
  ],
})

/** Paid by a schedule: the fixed price must then be zero, the installments carry the money. */
const inInstallments = (offer: AwsOffer) => ({
  Type: 'FixedUpfrontPricingTerm',
  CurrencyCode: offer.price.currency,
  Price: decimalText({ amount: 0, currency: offer.price.currency }),
  Duration: duration(offer),
  Grants: offer.grants.map(({ dimension, quantity }) => ({ DimensionKey: dimension, MaxQuantity: quantity })),
})

const paymentSchedule = (offer: AwsOffer) => ({
  Type: 'PaymentScheduleTerm',
  CurrencyCode: offer.price.currency,
  Schedule: (offer.schedule ?? []).map(({ on, amount }) => ({ ChargeDate: on, ChargeAmount: decimalText(amount) })),
})

const legalDocument = ({ eula }: AwsOffer) => (eula.type === 'standard' ? STANDARD_EULA : { Type: 'CustomEula', Url: eula.url })

const changes = (offer: AwsOffer): Change[] => {
  const Entity = { Type: TYPE, Identifier: '$NewOffer.Entity.Identifier' }
  const change = (ChangeType: string, DetailsDocument: NonNullable<Change['DetailsDocument']>) => ({
    ChangeType,
    Entity,
    DetailsDocument,
  })
  const pricing = offer.schedule ? inInstallments(offer) : upfront(offer)
  const bySchedule = [
    // A configurable upfront term refuses a validity term that has no start date; it has its own duration.
    change('UpdateValidityTerms', { Terms: [{ Type: 'ValidityTerm', AgreementDuration: duration(offer) }] }),
    change('UpdatePaymentScheduleTerms', { Terms: [paymentSchedule(offer)] }),
  ]
  return [
    {
      ChangeType: 'CreateOffer',
      ChangeName: 'NewOffer',
      Entity: { Type: TYPE },
      DetailsDocument: { ProductId: offer.productId },
    },
    // Without a description, which only the seller sees, a release fails.
    change('UpdateInformation', { Name: offer.name, Description: `Cosell offer ${offer.id}` }),
    change('UpdateTargeting', { PositiveTargeting: { BuyerAccounts: offer.buyerAccountIds } }),
    change('UpdatePricingTerms', { PricingModel: 'Contract', Terms: [pricing] }),
    ...(offer.schedule ? bySchedule : []),
    change('UpdateLegalTerms', { Terms: [{ Type: 'LegalTerm', Documents: [legalDocument(offer)] }] }),
    change('UpdateAvailability', { AvailabilityEndDate: offer.expiresOn }),
    change('ReleaseOffer', {}),
  ]
}

/** A released offer is taken back by an end date in the past. */
const withdrawal = ({ id, externalId }: AwsOffer, today: string): Change[] => {
  if (!externalId) throw conflict(`offer ${id} is not on AWS Marketplace yet: there is nothing to withdraw there`, 'externalId')
  return [
    {
      ChangeType: 'UpdateAvailability',
      Entity: { Type: TYPE, Identifier: externalId },
      DetailsDocument: { AvailabilityEndDate: addDays(today, -1) },
    },
  ]
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
    ChangeSet: call.kind === 'create' ? changes(offer) : withdrawal(offer, day),
  }
}
