import { describe, expect, it } from 'vitest'
import { outcomeOf } from '../../../lib/offers/aws/catalog.ts'
import { notThere, problemsOfChanges, problemsOfFields } from '../../../lib/offers/aws/failures.ts'
import type { AwsOffer } from '../../../lib/offers/offer.ts'
import { awsOffer, inInstallments } from './aws-offer.ts'

const failedChange = (ChangeType: string, ErrorCode: string, ErrorMessage = '') => ({
  ChangeType,
  ErrorDetailList: [{ ErrorCode, ErrorMessage }],
})
const targetsOf = (ChangeType: string, ErrorCode: string, message?: string) =>
  problemsOfChanges(inInstallments({ buyerAccountIds: ['310000000009', '000000000001'] }), [
    failedChange(ChangeType, ErrorCode, message),
  ]).map(({ target }) => target)

describe('a failed change set', () => {
  it.each([
    ['UpdateTargeting', 'INVALID_BUYER_ACCOUNTS', 'no such account', ['buyerAccountIds']],
    ['UpdateTargeting', 'INVALID_BUYER_ACCOUNTS', 'not valid: 000000000001', ['buyerAccountIds.1']],
    ['UpdatePaymentScheduleTerms', 'TOO_MANY_BACKDATED_CHARGES', '', ['schedule']],
    ['UpdatePaymentScheduleTerms', 'INVALID_CHARGE_DATES', '2027-03-01 is too late', ['schedule.1.on']],
    ['UpdateAvailability', 'TOO_MANY_BACKDATED_CHARGES', '', ['schedule']],
    ['UpdateAvailability', 'INVALID_AVAILABILITY_END_DATE', '', ['expiresOn']],
    ['UpdatePricingTerms', 'INVALID_GRANTS', '', ['grants']],
    ['UpdatePricingTerms', 'INCOMPATIBLE_CURRENCY_CODE', '', ['price.currency']],
    ['UpdateValidityTerms', 'INVALID_AGREEMENT_DURATION', '', ['termMonths']],
    ['UpdateLegalTerms', 'INVALID_LEGAL_DOCUMENTS', '', ['eula.url']],
    ['CreateOffer', 'INCOMPATIBLE_PRODUCT', '', ['productId']],
    ['CreateReplacementOffer', 'INCOMPATIBLE_AGREEMENT', 'it was resold', ['replaces']],
    ['CreateReplacementOfferUsingResaleAuthorization', 'INCOMPATIBLE_AGREEMENT', '', ['replaces']],
    [
      'CreateReplacementOfferUsingResaleAuthorization',
      'INCOMPATIBLE_RESALE_AUTHORIZATION',
      'not for the acceptor of the agreement',
      ['resale.authorizationId'],
    ],
    ['ReleaseOffer', 'INCOMPATIBLE_PRODUCT', 'first create a public offer', ['productId']],
    ['ReleaseOffer', 'MISSING_NAME', '', ['name']],
    ['ReleaseOffer', 'INVALID_TAX_INFORMATION', '', ['marketplace']],
    ['UpdateAvailability', 'A_CODE_OF_NEXT_YEAR', '', ['expiresOn']],
    ['AChangeOfNextYear', 'A_CODE_OF_NEXT_YEAR', '', ['marketplace']],
  ])('of %s by %s (%s) points at our field', (change, code, message, targets) => {
    expect(targetsOf(change, code, message)).toEqual(targets)
  })

  it('tells every reason, our advice first and then what AWS said', () => {
    const problems = problemsOfChanges(awsOffer(), [
      { ChangeType: 'CreateOffer', ErrorDetailList: [] },
      failedChange('ReleaseOffer', 'MISSING_NAME', 'Set Name.'),
      failedChange('UpdateTargeting', 'TOO_MANY_BUYER_ACCOUNTS'),
    ])
    expect(problems).toEqual([
      { code: 'MISSING_NAME', target: 'name', message: 'give the offer a name (AWS Marketplace says: Set Name.)' },
      { code: 'TOO_MANY_BUYER_ACCOUNTS', target: 'buyerAccountIds', message: 'name 25 buyer accounts at most' },
    ])
  })

  it('is never without a reason', () => {
    expect(problemsOfChanges(awsOffer(), [], 'Something is off')).toMatchObject([
      { code: 'CLIENT_ERROR', message: expect.stringContaining('Something is off') },
    ])
  })
})

describe('a request that is refused at once', () => {
  it.each([
    ['UpdateTargeting', 'DetailsDocument.PositiveTargeting.BuyerAccounts[3]', 'buyerAccountIds.3'],
    ['UpdatePaymentScheduleTerms', 'DetailsDocument.Terms[0].Schedule[2].ChargeDate', 'schedule.2.on'],
    ['UpdatePaymentScheduleTerms', 'DetailsDocument.Terms[0].Schedule[2].ChargeAmount', 'schedule.2.amount'],
    ['UpdatePricingTerms', 'DetailsDocument.Terms[0].Grants[1].DimensionKey', 'grants.1.dimension'],
    ['UpdatePricingTerms', 'DetailsDocument.Terms[0].Grants[1].MaxQuantity', 'grants.1.quantity'],
    ['UpdatePricingTerms', 'DetailsDocument.Terms[0].RateCards[0].RateCard[0].Price', 'price'],
    ['UpdatePricingTerms', 'DetailsDocument.Terms[0].CurrencyCode', 'price.currency'],
    ['UpdatePricingTerms', 'DetailsDocument.Terms[0].RateCards[0].Selector.Value', 'termMonths'],
    ['UpdateValidityTerms', 'DetailsDocument.Terms[0].AgreementDuration', 'termMonths'],
    ['UpdateLegalTerms', 'DetailsDocument.Terms[0].Documents[0].Url', 'eula.url'],
    ['CreateOffer', 'DetailsDocument.ProductId', 'productId'],
    ['UpdateInformation', 'DetailsDocument.Name', 'name'],
    ['UpdateAvailability', 'DetailsDocument.AvailabilityEndDate', 'expiresOn'],
  ])('names our field for %s %s', (ChangeType, Field, target) => {
    const fields = [{ Reason: 'FieldValidationFailed' as const, ChangeType, Field, Message: 'is wrong' }]
    expect(problemsOfFields(fields)).toMatchObject([{ code: 'FieldValidationFailed', target }])
  })

  it('is explained even without fields', () => {
    expect(problemsOfFields(undefined, 'stale revision')).toMatchObject([{ message: expect.stringContaining('stale revision') }])
  })
})

describe('what is not in the account', () => {
  const resale = { authorizationId: 'resaleauthz-1', markupPercent: '5' }
  it.each<[string, Partial<AwsOffer>, string, string]>([
    ['the product', {}, 'prod-cosell0ledger does not exist', 'productId'],
    ['the replaced agreement', { replaces: 'agmt-1' }, 'agmt-1 does not exist', 'replaces'],
    ['the authorisation', { resale }, 'resaleauthz-1 does not exist', 'resale.authorizationId'],
    ['the agreement of two', { resale, replaces: 'agmt-1' }, 'agmt-1 does not exist', 'replaces'],
    ['the authorisation of two', { resale, replaces: 'agmt-1' }, 'resaleauthz-1 does not exist', 'resale.authorizationId'],
  ])('is %s, and our field for it is named', (_, changes, text, target) => {
    expect(notThere(awsOffer(changes), text)).toMatchObject({ code: 'NOT_FOUND', target })
  })
})

describe('the outcome of a change set', () => {
  const offer = awsOffer({
    status: 'submitting',
    submission: { kind: 'create', attempt: 1, startedAt: '2026-11-02T09:00:00.000Z', open: true, jobId: 'cs1' },
  })
  const change = (Identifier?: string) => ({ ChangeType: 'CreateOffer', Entity: { Type: 'Offer@1.0', Identifier } })

  it.each(['PREPARING', 'APPLYING'] as const)('is open while %s', (Status) => {
    expect(outcomeOf(offer, { Status })).toEqual({ state: 'running' })
  })

  it('is the id of the offer without its revision, and a link for the buyer', () => {
    const ChangeSet = [change('$NewOffer.Entity.Identifier'), change('offer-a@1')]
    expect(outcomeOf(offer, { Status: 'SUCCEEDED', EndTime: '2026-11-02T09:03:38Z', ChangeSet })).toEqual({
      state: 'succeeded',
      externalId: 'offer-a',
      acceptanceLink: 'https://aws.amazon.com/marketplace/saas/ordering?productId=prod-cosell0ledger&offerId=offer-a',
      at: '2026-11-02T09:03:38.000Z',
    })
  })

  it('waits while AWS does not name the offer', () => {
    expect(() => outcomeOf(offer, { Status: 'SUCCEEDED', ChangeSet: [change()] })).toThrow('ask again later')
  })

  it('is worth another attempt when AWS broke down, not when somebody is to change something', () => {
    const ChangeSet = [failedChange('UpdateLegalTerms', 'INVALID_LEGAL_DOCUMENTS')]
    expect(outcomeOf(offer, { Status: 'FAILED', FailureCode: 'SERVER_FAULT' })).toMatchObject({ state: 'failed', retry: true })
    expect(outcomeOf(offer, { Status: 'FAILED', FailureCode: 'CLIENT_ERROR', ChangeSet })).toMatchObject({
      retry: false,
      problems: [{ target: 'eula.url' }],
    })
    expect(outcomeOf(offer, { Status: 'CANCELLED' })).toMatchObject({ retry: false, problems: [{ code: 'CANCELLED' }] })
  })
})
