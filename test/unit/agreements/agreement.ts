import type { AgreementSnapshot } from '../../../lib/agreements/agreement.ts'
import { usd } from '../../support/usd.ts'

/** An agreement of a year that was accepted on 2026-11-05, changed by what a test is about. */
export const agreementOf = (changes: Partial<AgreementSnapshot> = {}): AgreementSnapshot => ({
  marketplace: 'aws',
  id: 'agmt-1',
  status: 'active',
  offerExternalId: 'ext-1',
  buyerId: '310000000009',
  productId: 'prod-at-purchase',
  acceptedAt: '2026-11-05T14:00:00.000Z',
  service: { from: '2026-11-06', to: '2027-11-06' },
  value: usd(10_000_000),
  schedule: [],
  invoices: [],
  ...changes,
})
