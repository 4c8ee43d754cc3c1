import { describe, expect, it } from 'vitest'
import { deleted, requestDeletion } from '../../../lib/offers/deletion.ts'
import { handOver } from '../../../lib/offers/handover.ts'
import type { Offer } from '../../../lib/offers/offer.ts'
import { begin, fail } from '../../../lib/offers/submission.ts'
import { ann, contextAt } from '../../support/offers.ts'
import { awsOffer } from './aws-offer.ts'
import { azureOffer, csp, originator, sellingPartner } from './azure-offer.ts'

const left = { status: 'withdrawn', externalId: 'guid-1' } as const

describe('the draft that a withdrawn offer leaves', () => {
  it.each([
    ['customer', azureOffer(left)],
    ['multiparty-originator', originator(left)],
  ])('is deleted in two steps: %s', (_, offer) => {
    const asked = requestDeletion(offer, ann, contextAt())
    expect(asked.offer.status).toBe('deleting')
    expect(asked.events).toMatchObject([{ type: 'offer.deletion-requested.v1', data: { by: 'ann' } }])
    const begun = begin(asked.offer, contextAt()).offer
    expect(begun.submission).toMatchObject({ kind: 'delete', open: true })
    const done = deleted(begun, contextAt())
    expect(done.offer).toMatchObject({ status: 'deleted', submission: { open: false } })
    expect(done.events).toMatchObject([{ type: 'offer.deleted.v1' }])
    expect(requestDeletion(done.offer, ann, contextAt()).events).toEqual([])
  })

  it('stays withdrawn when its deletion is refused', () => {
    const begun = begin(requestDeletion(azureOffer(left), ann, contextAt()).offer, contextAt()).offer
    expect(fail(begun, [], contextAt()).offer).toMatchObject({ status: 'withdrawn', submission: { open: false } })
  })

  it.each<[string, Offer]>([
    ['was never sent', azureOffer({ status: 'withdrawn' })],
    ['was for resellers', csp(left)],
    ["is another originator's", sellingPartner(left)],
    ['was on AWS', awsOffer(left)],
  ])('is none where the offer %s', (_, offer) => {
    expect(() => requestDeletion(offer, ann, contextAt())).toThrow('there is nothing to delete')
  })

  it.each(['draft', 'released', 'accepted', 'expired'] as const)('is none while the offer is %s', (status) => {
    expect(() => requestDeletion(azureOffer({ ...left, status }), ann, contextAt())).toThrow(`offer off_1 is ${status}`)
  })
})

describe('a multiparty offer that changes hands', () => {
  it('tells it once, and keeps the link where the customer can use it', () => {
    const link = { acceptanceLink: 'https://portal.azure.com/#1' }
    const partner = handOver(originator({ status: 'released' }), { awaits: 'selling-partner', ...link }, contextAt())
    expect(partner.offer).toMatchObject({ awaits: 'selling-partner' })
    expect(partner.offer).not.toHaveProperty('acceptanceLink')
    const customer = handOver(partner.offer, { awaits: 'customer', ...link }, contextAt())
    expect(customer.offer).toMatchObject({ awaits: 'customer', ...link })
    expect(customer.events).toMatchObject([{ type: 'offer.handed-over.v1', data: { to: 'customer' } }])
    expect(handOver(customer.offer, { awaits: 'customer', ...link }, contextAt())).toEqual({ offer: customer.offer, events: [] })
  })
})
