import type { AzureOffer } from '../../../lib/offers/offer.ts'
import { usd } from '../../support/usd.ts'

export const PRODUCT = '20000000-0000-4000-8000-000000000001'
export const PLAN = '20000000-0000-4000-8000-0000000000b1'
export const BILLING_ACCOUNT = '80000000-0000-4000-8000-000000000001:80000000-0000-4000-8000-000000000002_2019-05-31'

/** A good offer as of 2026-11-02, changed by what a test is about. */
export const azureOffer = (changes: Partial<AzureOffer> = {}): AzureOffer => ({
  marketplace: 'azure',
  id: 'off_1',
  version: 1,
  status: 'approved',
  requestedBy: 'ann',
  requestedAs: 'manager',
  requestedAt: '2026-11-01T08:00:00.000Z',
  problems: [],
  partnerId: 'par_1',
  accountId: 'acc_1',
  name: 'Fabrikam 12m',
  productId: PRODUCT,
  listPrice: usd(6_000_000),
  price: usd(4_800_000),
  termMonths: 12,
  expiresOn: '2026-12-20',
  billingAccountId: BILLING_ACCOUNT,
  basePlanId: PLAN,
  planName: 'Fabrikam Enterprise',
  planDescription: 'Negotiated enterprise plan',
  payments: 'yearly',
  preparedBy: 'deal.desk@contoso.example',
  notificationContacts: ['deal.desk@contoso.example'],
  ...changes,
})

/** The same while its call to the marketplace is open. */
export const sending = (kind: 'create' | 'withdraw', changes: Partial<AzureOffer> = {}, attempt = 1): AzureOffer =>
  azureOffer({
    ...changes,
    status: kind === 'create' ? 'submitting' : 'withdrawing',
    submission: { kind, attempt, startedAt: '2026-11-02T09:00:00.000Z', open: true },
  })
