import { describe, expect, it } from 'vitest'
import { type AgencySale, expectedAgencyFee } from '../../../lib/settlements/agency-fee.ts'
import { usd } from '../../support/usd.ts'

const sale: AgencySale = { isRenewal: false, offeredOn: '2026-11-01', isMarkup: false }
const renewal = { isRenewal: true }

describe("Microsoft's expected agency fee", () => {
  it.each<[string, Partial<AgencySale>, string, number | undefined]>([
    ['a sale', {}, '2026-12-01', -3_000],
    ['a renewal', renewal, '2026-12-01', -1_500],
    ['a renewal offered on the first day of the discount', { ...renewal, offeredOn: '2024-10-01' }, '2026-12-01', -1_500],
    ['a renewal offered the day before, whenever it is billed', { ...renewal, offeredOn: '2024-09-30' }, '2026-12-01', -3_000],
    ['a sale before there was a discount', {}, '2024-09-30', -3_000],
    ['a renewal before there was a discount', { ...renewal, offeredOn: '2024-01-01' }, '2024-02-01', -3_000],
    ['the markup of a selling partner', { isMarkup: true }, '2026-12-01', 0],
    ['the markup on a renewal', { ...renewal, isMarkup: true }, '2026-12-01', 0],
    ['a sale on the first day of the first table', {}, '2021-08-01', -3_000],
    ['a sale before the first table', {}, '2021-07-31', undefined],
  ])('of %s', (_, changes, on, fee) => {
    expect(expectedAgencyFee({ ...sale, ...changes }, usd(100_000), on)).toEqual(fee === undefined ? undefined : usd(fee))
  })

  it('of a refund comes back, and is rounded half to even', () => {
    expect(expectedAgencyFee(sale, usd(-100_000), '2026-12-01')).toEqual(usd(3_000))
    expect(expectedAgencyFee(sale, usd(50), '2026-12-01')).toEqual(usd(-2))
    expect(expectedAgencyFee({ ...sale, ...renewal }, usd(100), '2026-12-01')).toEqual(usd(-2))
    expect(expectedAgencyFee({ ...sale, ...renewal }, usd(10), '2026-12-01')).toEqual(usd(0))
  })
})
