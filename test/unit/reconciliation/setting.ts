import { createHash } from 'node:crypto'
import type { TransactionData } from '../../../events/metrics.ts'
import { service } from '../../../infra/service.ts'
import type { AcceptedOffer, Matter } from '../../../lib/reconciliation/matter.ts'
import { ReconciliationRule } from '../../../lib/reconciliation/rule.ts'
import { usd } from '../../support/usd.ts'

export const RULE = ReconciliationRule.parse(JSON.parse(service.policies.RECONCILIATION_RULE))
export const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 24)
export const YEAR = { from: '2026-11-06', to: '2027-11-06' }

export const OFFER: AcceptedOffer = {
  id: 'off_1',
  accountId: 'acc-1',
  partnerId: 'ptn-1',
  marketplace: 'aws',
  agreementId: 'agmt-1',
  price: usd(100_000),
  acceptedOn: '2026-11-05',
  offeredOn: '2026-11-01',
  isOpen: false,
  isRenewal: false,
  isResale: false,
}

export const row = (
  transactionId: string,
  ledger: TransactionData['ledger'],
  kind: TransactionData['kind'],
  amount: number,
  on: string,
  more: Partial<TransactionData> = {},
): TransactionData => ({
  transactionId,
  ledger,
  kind,
  accountId: 'acc-1',
  productId: 'prod-1',
  marketplace: 'aws',
  offerId: 'off_1',
  partnerId: 'ptn-1',
  agreementId: 'agmt-1',
  amount: usd(amount),
  on,
  ...more,
})

export const BOOKED = row('booked', 'booked', 'contract', 100_000, '2026-11-05', { service: YEAR })
export const INVOICE = row('invoice', 'billed', 'contract', 100_000, '2026-11-06')
export const FEE = row('fee', 'billed', 'fee', -3_000, '2026-11-06')
export const PAID = row('paid', 'cash', 'contract', 100_000, '2026-12-20')
export const PAID_FEE = row('paid-fee', 'cash', 'fee', -3_000, '2026-12-20')
/** A deal whose four ledgers agree. */
export const SETTLED = [BOOKED, INVOICE, FEE, PAID, PAID_FEE]

export const BOOKS = {
  term: { service: YEAR, amount: usd(100_000) },
  lines: [{ ...YEAR, amount: 100_000 }],
  revision: 1,
  rows: [],
  owner: { accountId: 'acc-1', productId: 'prod-1', marketplace: 'aws' as const, agreementId: 'agmt-1' },
}

export const matterOf = (rows: TransactionData[], changes: Partial<Matter> = {}): Matter => ({
  marketplace: 'aws',
  accountId: 'acc-1',
  agreementId: 'agmt-1',
  offer: OFFER,
  standing: { status: 'active', books: BOOKS },
  rows,
  ...changes,
})
