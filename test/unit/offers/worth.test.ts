import { describe, expect, it } from 'vitest'
import type { Offer } from '../../../lib/offers/offer.ts'
import { worthOf } from '../../../lib/offers/worth.ts'
import { usd } from '../../support/usd.ts'
import { awsOffer } from './aws-offer.ts'
import { azureOffer, csp, originator, percentage, perUser, sellingPartner } from './azure-offer.ts'

const YEAR = { from: '2026-12-01', to: '2027-12-01' }
const MONTH = { from: '2026-12-01', to: '2027-01-01' }

describe('what is bought through an offer', () => {
  it.each<[string, Offer, Parameters<typeof worthOf>[1], number | undefined]>([
    ['at a flat rate', azureOffer(), { service: YEAR }, 4_800_000],
    ['on AWS', awsOffer({ price: usd(42) }), { service: MONTH }, 42],
    ['for a month, where the public plan is sold by the month', percentage(), { service: MONTH }, 400_000],
    ['for a time of no whole months', percentage(), { service: { from: '2026-12-01', to: '2027-11-15' } }, 4_800_000],
    ['by as many users as expected', perUser(), { service: YEAR, quantity: 100 }, 4_800_000],
    ['by fewer users', perUser(), { service: YEAR, quantity: 20 }, 960_000],
    ['by users of whom nobody told', perUser(), { service: YEAR }, 4_800_000],
    ['from us through a partner', originator(), { service: YEAR }, 4_800_000],
    ['by a reseller', csp(), { service: YEAR }, undefined],
    ['from another seller', sellingPartner(), { service: YEAR }, undefined],
  ])('is worth its part of the price: %s', (_, offer, bought, amount) => {
    expect(worthOf(offer, bought)).toEqual(amount === undefined ? undefined : usd(amount))
  })
})
