import { describe, expect, it } from 'vitest'
import type { AwsOffer } from '../../../lib/offers/offer.ts'
import { amend, renew } from '../../../lib/offers/successor.ts'
import { usd } from '../../support/usd.ts'
import { awsOffer, inInstallments, withoutGrants } from './aws-offer.ts'
import { azureOffer } from './azure-offer.ts'

const accepted = (offer: AwsOffer): AwsOffer => ({
  ...offer,
  status: 'accepted',
  agreementId: 'agmt-1',
  acceptedAt: '2026-11-05T00:00:00.000Z',
})
const MORE = {
  expiresOn: '2027-03-31',
  endsOn: '2028-03-31',
  price: usd(500),
  schedule: [{ on: '2027-04-01', amount: usd(500) }],
}

describe('an amendment', () => {
  it('has what changes, keeps the rest, and replaces the agreement', () => {
    const before = accepted(inInstallments({ renews: { channel: 'external', pricing: 'contract' }, submittedBy: 'ann' }))
    const next = amend(before, MORE)
    const { buyerAccountIds: _, ...kept } = before
    expect(next).toMatchObject({
      replaces: 'agmt-1',
      grants: kept.grants,
      productId: kept.productId,
      ...MORE,
    })
    for (const field of ['buyerAccountIds', 'renews', 'agreementId', 'acceptedAt', 'submittedBy'])
      expect(next).not.toHaveProperty(field)
  })
  it('leaves out what is null', () => {
    expect(amend(accepted(inInstallments({ netDays: 30 })), { ...MORE, netDays: null })).not.toHaveProperty('netDays')
  })
  it('names the fields that are missing or wrong', () => {
    const bad = { endsOn: 'soon', price: usd(5), colour: 'red' }
    expect(() => amend(accepted(awsOffer()), bad)).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        details: expect.arrayContaining(['expiresOn', 'endsOn', 'colour'].map((target) => expect.objectContaining({ target }))),
      }),
    )
  })
  it('of what was resold names another authorisation, and keeps the product of the other seller', () => {
    const resold = withoutGrants({ resale: { authorizationId: 'resaleauthz-1', markupPercent: '5.0' } })
    const resale = { authorizationId: 'resaleauthz-2', markupPercent: '6' }
    const next = amend(accepted(resold), { expiresOn: '2027-03-31', endsOn: '2028-03-31', price: usd(500), resale })
    expect(next).toMatchObject({ replaces: 'agmt-1', endsOn: '2028-03-31', productId: resold.productId, resale })
    expect(next).not.toHaveProperty('buyerAccountIds')
  })
  it('waits until the agreement is known', () => {
    const { agreementId: _, ...unknown } = accepted(awsOffer())
    expect(() => amend(unknown, MORE)).toThrow('not known yet')
  })
})

describe('a renewal', () => {
  it.each([
    ['a contract', accepted(awsOffer()), 'contract'],
    ['usage', accepted(withoutGrants({ usage: [{ dimension: 'calls', price: '0.1' }], price: usd(0) })), 'usage'],
  ] as const)('of %s says so to the marketplace, for the same buyers', (_, before, pricing) => {
    expect(renew(before, { expiresOn: '2027-10-31', startsOn: '2027-11-06' })).toMatchObject({
      renews: { channel: 'aws-marketplace', pricing },
      startsOn: '2027-11-06',
      buyerAccountIds: before.buyerAccountIds,
    })
  })
})

it('the renewal of what was resold is marked by its authorisation, not by the reseller', () => {
  const resold = withoutGrants({ resale: { authorizationId: 'resaleauthz-1', markupPercent: '5.0' } })
  expect(renew(accepted(resold), { expiresOn: '2027-10-31' })).not.toHaveProperty('renews')
})

it('an offer on Azure is renewed by naming it, and cannot be amended', () => {
  const before = azureOffer({ status: 'accepted' })
  expect(renew(before, { expiresOn: '2027-12-20', startsOn: '2028-01-01' })).toMatchObject({
    upgradedFrom: 'off_1',
    pricing: before.pricing,
  })
  expect(() => amend(before, MORE)).toThrow(expect.objectContaining({ code: 'conflict', target: 'marketplace' }))
})

it('an offer that is not accepted has no successor', () => {
  for (const draft of [amend, renew])
    expect(() => draft(awsOffer({ status: 'released' }), MORE)).toThrow(expect.objectContaining({ code: 'conflict' }))
})
