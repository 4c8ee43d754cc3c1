import { service } from '../../../infra/service.ts'
import { type Commitment, NewCommitment } from '../../../lib/commitments/commitment.ts'
import { DrawdownRule } from '../../../lib/commitments/drawdown.ts'
import { usd } from '../../support/usd.ts'

export const RULE = DrawdownRule.parse(JSON.parse(service.policies.DRAWDOWN_RULE))

/** A year's promise to AWS of 1,000,000.00 USD, of which a quarter may come from the marketplace; changed by what a test is about. */
export const newCommitment = (changes: Partial<NewCommitment> = {}): NewCommitment =>
  NewCommitment.parse({
    id: 'cmt_1',
    accountId: 'acc_1',
    marketplace: 'aws',
    programme: 'edp',
    amount: usd(100_000_000),
    from: '2026-01-01',
    to: '2027-01-01',
    source: 'letter of January',
    maxSharePercent: 25,
    ...changes,
  })

export const commitmentOf = (changes: Partial<Commitment> = {}): Commitment => ({
  ...newCommitment(),
  id: 'cmt_1',
  version: 1,
  createdAt: '2026-01-05T09:00:00.000Z',
  ...changes,
})
