import { describe, expect, it } from 'vitest'
import type { Commitment } from '../../../lib/commitments/commitment.ts'
import { countedPrice, drawnBy, expectedStart } from '../../../lib/commitments/drawdown.ts'
import type { Offer } from '../../../lib/offers/offer.ts'
import { awsOffer } from '../offers/aws-offer.ts'
import { azureOffer, SERVICES_PRODUCT, trio } from '../offers/azure-offer.ts'
import { commitmentOf, RULE } from './given.ts'

const TODAY = '2026-11-02'
const MACC: Partial<Commitment> = { marketplace: 'azure', programme: 'macc' }

describe('the start that is expected of an offer', () => {
  it.each<[string, Partial<Offer>, string]>([
    ['nobody accepted is today', {}, TODAY],
    ['has run out is its last day', { expiresOn: '2026-10-01', status: 'expired' }, '2026-10-01'],
    ['is future-dated is its day', { startsOn: '2027-02-01' } as Partial<Offer>, '2027-02-01'],
    ['was accepted is that day', { acceptedAt: '2026-10-20T23:59:00.000Z' }, '2026-10-20'],
    [
      'is active is when that began',
      { acceptedAt: '2026-10-20T23:59:00.000Z', activatedAt: '2026-10-25T00:00:00.000Z' },
      '2026-10-25',
    ],
  ])('that %s', (_, changes, day) => {
    expect(expectedStart(awsOffer({ expiresOn: '2026-12-15', ...changes } as never), TODAY)).toBe(day)
  })
})

describe('an offer', () => {
  const aws = awsOffer({ accountId: 'acc_1', expiresOn: '2026-12-15' })

  it.each<[string, boolean, Offer, Partial<Commitment>, string[]]>([
    ['in force', true, aws, {}, []],
    ['of another account', false, aws, { accountId: 'acc_2' }, []],
    ['to the other cloud', false, aws, { marketplace: 'azure', programme: 'macc' }, []],
    ['that is over', false, aws, { to: TODAY }, []],
    ['that was ended', false, aws, { endedOn: '2026-07-01' }, []],
    ['that has not begun', false, aws, { from: '2026-11-03' }, []],
    ['that has begun when the offer starts', true, { ...aws, startsOn: '2026-12-01' } as Offer, { from: '2026-11-03' }, []],
    ['that does not count this product', false, aws, {}, [aws.productId]],
    ['that does not count another product', true, aws, {}, ['prod-other']],
    ['of Microsoft', true, azureOffer(), { marketplace: 'azure', programme: 'macc' }, []],
    ['that counts one of its products', true, trio(), MACC, [trio().productId]],
    ['that counts none of its products', false, trio(), MACC, [trio().productId, SERVICES_PRODUCT]],
  ])('beside a commitment %s: it draws it down: %s', (_, draws, offer, changes, ineligibleProducts) => {
    const commitment = commitmentOf(changes)
    const found = drawnBy(offer, [commitment], { ...RULE, ineligibleProducts }, TODAY)
    expect(found).toBe(draws ? commitment : undefined)
  })
})

it.each<[string[], number]>([
  [[], 10_120_000],
  [[SERVICES_PRODUCT], 9_120_000],
  [[trio().productId], 1_000_000],
])(
  'of an offer of several plans only the items of products that count are counted: without %j %i',
  (ineligibleProducts, amount) => {
    expect(countedPrice(trio(), { ...RULE, ineligibleProducts })).toBe(amount)
  },
)
