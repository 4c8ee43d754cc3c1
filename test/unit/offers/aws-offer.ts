import type { AwsOffer } from '../../../lib/offers/offer.ts'
import { usd } from '../../support/usd.ts'

/** What a partner sends for a good upfront offer, as of 2026-11-02. */
export const AWS_REQUEST = {
  marketplace: 'aws',
  partnerId: 'par_1',
  accountId: 'acc_1',
  name: 'Ledger for Fabrikam',
  productId: 'prod-cosell0ledger',
  listPrice: usd(12_000_000),
  price: usd(10_000_000),
  termMonths: 12,
  expiresOn: '2026-12-15',
  buyerAccountIds: ['310000000009'],
  grants: [{ dimension: 'seats', quantity: 1 }],
} satisfies Partial<AwsOffer>

/** The offer of that request, changed by what a test is about. */
export const awsOffer = (changes: Partial<AwsOffer> = {}): AwsOffer => ({
  ...AWS_REQUEST,
  id: 'off_1',
  version: 1,
  status: 'approved',
  requestedBy: 'ann',
  requestedAs: 'manager',
  requestedAt: '2026-11-01T08:00:00.000Z',
  problems: [],
  eula: { type: 'standard' },
  ...changes,
})

export const SCHEDULE = [
  { on: '2026-12-01', amount: usd(4_000_000) },
  { on: '2027-03-01', amount: usd(3_000_000) },
  { on: '2027-06-01', amount: usd(3_000_000) },
]

/** The same, paid in three installments. */
export const inInstallments = (changes: Partial<AwsOffer> = {}) =>
  awsOffer({ grants: [{ dimension: 'seats', quantity: 500 }], schedule: SCHEDULE, ...changes })

/** An offer that sells something else than grants. */
export const withoutGrants = (changes: Partial<AwsOffer>): AwsOffer => {
  const { grants: _, ...offer } = awsOffer(changes)
  return offer
}
