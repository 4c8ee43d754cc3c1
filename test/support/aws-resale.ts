import type { ChangeSummary } from '@aws-sdk/client-marketplace-catalog'
import { AUTHORIZATIONS, type Authorization } from '../../infra/local/marketplaces/aws/authorization.ts'
import { receiveAuthorization } from '../../infra/local/marketplaces/aws/other-seller.ts'
import { BUYER, but, type Changes, changeSetOf, type Marketplace, SCHEDULED } from './aws-marketplace.ts'

/** An authorisation that another seller gave us, for one offer in two payments; its id. */
export const receivedOn = async ({ world }: Marketplace, other: Partial<Authorization> = {}, buyerAccountIds = [BUYER]) => {
  const charges = [
    { on: '2026-12-01', amount: '40000.00' },
    { on: '2027-03-01', amount: '33.33' },
  ]
  const authorization = await receiveAuthorization(world, { months: 12, charges, buyerAccountIds, until: '2026-12-31' })
  await world.shelf.put(AUTHORIZATIONS, authorization.id, { ...authorization, ...other })
  return authorization.id
}

const PRICED_BY_OTHERS: Changes = {
  CreateOffer: undefined,
  UpdateInformation: undefined,
  UpdatePricingTerms: undefined,
  UpdatePaymentScheduleTerms: undefined,
}

/** The changes of an offer that is made from an authorisation. */
export const reselling = (ResaleAuthorizationId: string, other: Changes = {}): Changes => ({
  CreateOfferUsingResaleAuthorization: { ResaleAuthorizationId, Name: 'Resale', Description: 'for the seller only' },
  UpdateMarkup: { Percentage: '7.5' },
  ...but(SCHEDULED, { ...PRICED_BY_OTHERS, ...other }),
})

/** The changes of an offer that takes the place of an agreement whose offer was made from another authorisation. */
export const replacing = (AgreementId: string, ResaleAuthorizationId: string, other: Changes = {}): Changes => ({
  CreateReplacementOfferUsingResaleAuthorization: { ResaleAuthorizationId, AgreementId, Name: 'More of it' },
  UpdateMarkup: { Percentage: '10' },
  ...but(SCHEDULED, {
    ...PRICED_BY_OTHERS,
    UpdateInformation: { Description: 'for the seller only' },
    UpdateTargeting: undefined,
    UpdateValidityTerms: { Terms: [{ Type: 'ValidityTerm', AgreementEndDate: '2028-04-30' }] },
    ...other,
  }),
})

/** The errors of a change set as `<type> <code>`. */
export const errorsIn = (changes: ChangeSummary[] = []) =>
  changes.flatMap(({ ChangeType, ErrorDetailList = [] }) => ErrorDetailList.map(({ ErrorCode }) => `${ChangeType} ${ErrorCode}`))

export const errorsOn = async (market: Marketplace, changes: Changes, identifier?: string) =>
  errorsIn((await market.run(changeSetOf(changes, identifier))).ChangeSet)
