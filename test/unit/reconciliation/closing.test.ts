import { describe, expect, it } from 'vitest'
import { closableOf, reportOf } from '../../../lib/reconciliation/closing.ts'
import { advance, type Cycle, NO_CYCLE, runningOf } from '../../../lib/reconciliation/cycle.ts'
import type { Exception } from '../../../lib/reconciliation/exception.ts'
import { reconcile } from '../../../lib/reconciliation/reconciliation.ts'
import { usd } from '../../support/usd.ts'
import { matterOf, RULE, SETTLED } from './setting.ts'

const exception = (id: string, changes: Partial<Exception> = {}): Exception => ({
  id,
  version: 1,
  kind: 'payout-missing',
  state: 'open',
  marketplace: 'aws',
  accountId: 'acc-1',
  amount: usd(500),
  since: '2026-11-10',
  rows: [],
  message: 'missing',
  openedAt: '2026-11-11T00:00:00Z',
  times: 1,
  ...changes,
})

const { balances } = reconcile(matterOf(SETTLED), RULE, '2027-01-01')
const cycle: Cycle = {
  version: 3,
  last: { startedAt: '2026-12-01T00:20:00Z', sums: { accounts: 4, agreements: 1, failed: 0, balances } },
}
const asked = (live: Exception[], changes: Partial<Cycle> = {}) => ({ live, cycle: { ...cycle, ...changes }, day: '2026-12-01' })

describe('the report', () => {
  const live = [
    exception('a'),
    exception('b', { amount: usd(-200), since: '2026-10-02', state: 'assigned' }),
    exception('c', { amount: { amount: 70, currency: 'EUR' } }),
    exception('d', { kind: 'overbilled', since: '2026-12-01' }),
    exception('e', { state: 'accepted' }),
  ]

  it('adds up what is open and what is accepted, by kind and currency', () => {
    const { open, accepted, oldest } = reportOf(asked(live))
    expect(open).toEqual([
      { kind: 'overbilled', currency: 'USD', count: 1, amount: 500, size: 500, oldestSince: '2026-12-01', oldestDays: 0 },
      { kind: 'payout-missing', currency: 'EUR', count: 1, amount: 70, size: 70, oldestSince: '2026-11-10', oldestDays: 21 },
      { kind: 'payout-missing', currency: 'USD', count: 2, amount: 300, size: 700, oldestSince: '2026-10-02', oldestDays: 60 },
    ])
    expect(accepted).toMatchObject([{ kind: 'payout-missing', count: 1, amount: 500 }])
    expect(oldest).toMatchObject({ id: 'b', ageDays: 60 })
  })

  it('of a month has the rows of that month, and what is wrong since its end or before', () => {
    expect(reportOf(asked(live), '2026-11').open.map(({ kind, currency }) => `${kind} ${currency}`)).toEqual([
      'payout-missing EUR',
      'payout-missing USD',
    ])
    const ledgers = (period?: string) => reportOf(asked([]), period).ledgers
    const none = { currency: 'USD', scheduled: 0, taxes: 0, waiting: 0, different: 0, excess: 0 }
    expect(ledgers('2026-11')).toEqual([{ ...none, booked: 100_000, billed: 100_000, fees: -3_000, settled: 97_000, cash: 0 }])
    expect(ledgers('2026-12')).toEqual([{ ...none, booked: 0, billed: 0, fees: 0, settled: 0, cash: 97_000 }])
    expect(ledgers()).toEqual([{ ...none, booked: 100_000, billed: 100_000, fees: -3_000, settled: 97_000, cash: 97_000 }])
  })

  it('says before the first run that there was none', () => {
    expect(reportOf({ live: [], cycle: NO_CYCLE, day: '2026-12-01' })).toEqual({
      ...{ asOf: null, failedAccounts: 0, accounts: 0, agreements: 0, open: [], accepted: [], ledgers: [] },
    })
  })
})

describe('a month may be closed', () => {
  const closable = (live: Exception[], { threshold = 0, period = '2026-11', ...changes } = {}) =>
    closableOf(asked(live, changes), period, threshold)

  it('when a run after its end found nothing, or nothing of its time, above the threshold, or not explained', () => {
    expect(closable([])).toMatchObject({ closable: true, reasons: [], count: 0 })
    expect(closable([exception('a')], { threshold: 500 })).toMatchObject({ closable: true })
    expect(closable([exception('a', { state: 'accepted' })])).toMatchObject({ closable: true })
    expect(closable([exception('a', { since: '2026-12-01' })])).toMatchObject({ closable: true })
  })

  it('not while exceptions are open, however old, negative or looked after; the largest come first', () => {
    const { hindering, ...rest } = closable(
      [
        exception('a', { amount: usd(501) }),
        exception('b', { amount: usd(-900), state: 'assigned', since: '2025-01-01' }),
        exception('c'),
      ],
      { threshold: 500 },
    )
    expect(rest).toMatchObject({ closable: false, count: 2, reasons: [expect.stringContaining('2 open exceptions')] })
    expect(hindering.map(({ id }) => id)).toEqual(['b', 'a'])
  })

  it('not before a run after its end, nor after one that could not read every account', () => {
    const reasons = (changes: Partial<Cycle>, period?: string) => closable([], { ...changes, ...(period && { period }) }).reasons
    expect(reasons({}, '2026-12')).toEqual([expect.stringContaining('nothing was reconciled after 2026-12-31')])
    expect(closableOf({ live: [], cycle: NO_CYCLE, day: '2026-12-01' }, '2026-11', 0).closable).toBe(false)
    const sums = { accounts: 4, agreements: 1, failed: 2, balances: [] }
    expect(reasons({ last: { startedAt: '2026-12-01T00:20:00Z', sums } })).toEqual([expect.stringContaining('2 accounts')])
  })
})

describe('a run', () => {
  const NOW = '2026-12-02T00:20:00Z'
  it('begins once a day, and goes on where it was left, also on another day', () => {
    expect(runningOf(NO_CYCLE, NOW)).toMatchObject({ startedAt: NOW, after: '' })
    expect(runningOf(cycle, NOW)).toMatchObject({ startedAt: NOW, after: '' })
    expect(runningOf(cycle, '2026-12-01T23:59:00Z')).toBeUndefined()
    const running = advance(runningOf(cycle, NOW) ?? expect.fail(), 'acc-1', { agreements: 2, balances })
    expect(runningOf({ ...cycle, running }, '2026-12-03T00:20:00Z')).toEqual(running)
  })

  it('adds up what its accounts come to, and counts those that fail', () => {
    const begun = runningOf(NO_CYCLE, NOW) ?? expect.fail()
    const one = advance(begun, 'acc-1', { agreements: 2, balances })
    const two = advance(one, 'acc-2', { agreements: 1, balances })
    const { after, sums } = advance(two, 'acc-3', undefined)
    expect(after).toBe('acc-3')
    expect(sums).toMatchObject({ accounts: 3, agreements: 3, failed: 1 })
    expect(sums.balances.map(({ booked }) => booked)).toEqual([200_000, 0])
  })
})
