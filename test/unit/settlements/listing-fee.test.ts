import { describe, expect, it } from 'vitest'
import { expectedFee, type ListedSale } from '../../../lib/settlements/listing-fee.ts'
import { usd } from '../../support/usd.ts'

const offer: ListedSale = {
  kind: 'private-offer',
  contractValue: 4_000_000,
  isRenewal: false,
  isChannelPartner: false,
  country: 'US',
}
const million = 100_000_000

describe("AWS's expected listing fee", () => {
  it.each([
    ['a private offer below a million', {}, -3_000],
    ['one cent below a million', { contractValue: million - 1 }, -3_000],
    ['a private offer of a million', { contractValue: million }, -2_000],
    ['one cent below ten millions', { contractValue: 10 * million - 1 }, -2_000],
    ['a private offer of ten millions', { contractValue: 10 * million }, -1_500],
    ['a renewal of whatever value', { isRenewal: true }, -1_500],
    ['a sale through a channel partner', { isChannelPartner: true }, -3_500],
    ['a renewal through a channel partner in South Korea', { isRenewal: true, isChannelPartner: true, country: 'KR' }, -3_000],
    ['a sale to South Korea', { country: 'KR' }, -4_000],
    ['public SaaS', { kind: 'public-saas' }, -3_000],
    ['public server products', { kind: 'public-server' }, -20_000],
    ['professional services', { kind: 'professional-services' }, -500],
  ] as [string, Partial<ListedSale>, number][])('of %s', (_, change, fee) => {
    expect(expectedFee({ ...offer, ...change }, usd(100_000), '2026-12-01')).toEqual(usd(fee))
  })

  it('is rounded half to even', () => {
    expect(expectedFee({ ...offer, kind: 'professional-services' }, usd(100), '2026-12-01')).toEqual(usd(0))
    expect(expectedFee({ ...offer, kind: 'professional-services' }, usd(300), '2026-12-01')).toEqual(usd(-2))
  })

  it('is not known before the first table', () => {
    expect(expectedFee(offer, usd(100), '2024-01-04')).toBeUndefined()
    expect(expectedFee(offer, usd(100), '2024-01-05')).toEqual(usd(-3))
  })
})
