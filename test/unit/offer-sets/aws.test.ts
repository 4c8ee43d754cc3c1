import { describe, expect, it } from 'vitest'
import { problemsOfChanges, problemsOfFields } from '../../../lib/offer-sets/aws/failures.ts'
import { awsSetPlanner, changeSetName, requestOf, setOfChangeSet } from '../../../lib/offer-sets/aws/plan.ts'
import { begin } from '../../../lib/offer-sets/submission.ts'
import { offerOfChangeSet } from '../../../lib/offers/aws/plan.ts'
import { offerSet } from '../../support/offer-sets.ts'
import { contextAt } from '../../support/offers.ts'

const context = contextAt()

describe('the change set', () => {
  it('that makes a set has no offers yet', () => {
    const request = requestOf(begin(offerSet(), 'create', [], context).set)
    expect(request).toMatchObject({ Catalog: 'AWSMarketplace', ChangeSetName: 'cosell:ofs_1:create-set:1' })
    expect(request.ClientRequestToken).toMatch(/^[0-9a-f]{64}$/)
    expect(request.ChangeSet).toEqual([
      {
        ChangeType: 'CreateOfferSet',
        ChangeName: 'NewOfferSet',
        Entity: { Type: 'OfferSet@1.0' },
        DetailsDocument: { Name: 'Fabrikam bundle' },
      },
      {
        ChangeType: 'UpdateInformation',
        Entity: { Type: 'OfferSet@1.0', Identifier: '$NewOfferSet.Entity.Identifier' },
        DetailsDocument: { BuyerNotes: 'Ledger and audit' },
      },
    ])
  })

  it('that releases it associates the offers that were released when it began', () => {
    const set = begin(offerSet({ status: 'preparing', externalId: 'offerset-1' }), 'release', ['offer-1', 'offer-2'], context).set
    const Entity = { Type: 'OfferSet@1.0', Identifier: 'offerset-1' }
    expect(requestOf(set)).toMatchObject({ ChangeSetName: 'cosell:ofs_1:release-set:1' })
    expect(requestOf({ ...set, offerIds: ['off_8', 'off_9'] })).toEqual(requestOf(set))
    expect(requestOf(set).ChangeSet).toEqual([
      {
        ChangeType: 'AssociateOffers',
        Entity,
        DetailsDocument: { Offers: [{ OfferId: 'offer-1' }, { OfferId: 'offer-2' }] },
      },
      { ChangeType: 'ReleaseOfferSet', Entity, DetailsDocument: {} },
    ])
  })

  it('is planned before AWS has named anything', () => {
    const { create, release } = awsSetPlanner.requests(offerSet(), ['<off_1>', 'offer-2'])
    expect(create).toEqual(requestOf(begin(offerSet(), 'create', [], context).set))
    expect(JSON.stringify(release)).toContain('"Identifier":"<ofs_1>"')
    expect(JSON.stringify(release)).toContain('"Offers":[{"OfferId":"<off_1>"},{"OfferId":"offer-2"}]')
  })

  it.each([[{ kind: 'create' as const, attempt: 1 }], [{ kind: 'release' as const, attempt: 12 }]])(
    'is known by its name as that of a set, and of no offer: %j',
    (call) => {
      const name = changeSetName('ofs_1', call)
      expect([setOfChangeSet(name), offerOfChangeSet(name)]).toEqual(['ofs_1', undefined])
      expect(name).toMatch(/^[\w\s+=.:@-]{1,100}$/)
    },
  )

  it.each(['cosell:off_1:create:1', 'made by hand', ''])('named "%s" is none of a set', (name) => {
    expect(setOfChangeSet(name)).toBeUndefined()
  })
})

describe('a failure', () => {
  const told = (ErrorCode: string, ChangeType = 'ReleaseOfferSet') =>
    problemsOfChanges([{ ChangeType, ErrorDetailList: [{ ErrorCode, ErrorMessage: 'no' }] }])

  it.each([
    ...['DRAFT_OFFERS', 'EXPIRED_OFFERS', 'INCOMPATIBLE_OFFER_SET_REFERENCE', 'INCOMPATIBLE_OFFER_TARGETING_RULE'],
    ...['INCONSISTENT_OFFER_AVAILABILITY_END_DATE', 'INCONSISTENT_OFFER_CURRENCY_CODE', 'INCONSISTENT_OFFER_TARGETING_RULE'],
    ...['MISSING_OFFERS', 'TOO_MANY_OFFERS', 'TOO_MANY_OFFERS_PER_PRODUCT'],
  ])('with %s is about the offers, with a remedy and what AWS says', (code) => {
    expect(told(code)).toEqual([
      { code, target: 'offerIds', message: expect.stringMatching(/^.{15,} \(AWS Marketplace says: no\)$/) },
    ])
    expect(told(code)[0]?.message).not.toContain('what AWS Marketplace names')
  })

  it.each([
    ['MISSING_BUYER_NOTES', 'ReleaseOfferSet', 'buyerNotes'],
    ['INVALID_UPDATE_REQUEST', 'AssociateOffers', 'marketplace'],
    ['NEW_CODE', 'CreateOfferSet', 'name'],
    ['NEW_CODE', 'UpdateInformation', 'buyerNotes'],
    ['NEW_CODE', 'ReleaseOfferSet', 'marketplace'],
  ])('with %s of %s is about %s', (code, change, target) => {
    expect(told(code, change)).toMatchObject([{ code, target }])
  })

  it('without reasons says what AWS says', () => {
    expect(problemsOfChanges([], 'broken')).toMatchObject([{ code: 'CLIENT_ERROR', message: expect.stringContaining('broken') }])
  })

  it('of a malformed request names its fields, or the whole', () => {
    const field = {
      Reason: 'FieldValidationFailed' as const,
      ChangeType: 'CreateOfferSet',
      Field: 'DetailsDocument.Name',
      Message: 'bad',
    }
    expect(problemsOfFields([field])).toMatchObject([{ code: 'FieldValidationFailed', target: 'name' }])
    expect(problemsOfFields([], 'bad')).toMatchObject([{ code: 'VALIDATION', target: 'marketplace' }])
  })
})
