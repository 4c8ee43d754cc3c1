import { describe, expect, it } from 'vitest'
import { DomainEvent } from '../../../events/index.ts'
import type { Context } from '../../../lib/core/context.ts'
import { NewCost, recordCost } from '../../../lib/costs/cost.ts'

const context: Context = { now: '2026-11-02T09:00:00.000Z', newId: (prefix) => `${prefix}_1` }
const MDF = {
  purpose: 'acquisition',
  channel: 'partner',
  partnerId: 'ptn-1',
  category: 'mdf',
  amount: { amount: 120_000, currency: 'USD' },
  period: '2026-10',
} as const

describe('a cost', () => {
  it('is its event, on the first day of its month', () => {
    const { cost, event } = recordCost(MDF, context)
    expect(cost).toEqual({ ...MDF, costId: 'cost_1' })
    expect(event).toMatchObject({ id: 'evt_cost_1', time: '2026-10-01T00:00:00Z', recordedat: context.now, data: cost })
    expect(DomainEvent.parse(event)).toEqual(event)
  })

  it('keeps an id that the caller chose', () => {
    expect(recordCost({ ...MDF, costId: 'mine' }, context).event.id).toBe('evt_mine')
  })

  it.each<[string, boolean, object]>([
    ['one that takes back', true, { amount: { amount: -5, currency: 'USD' }, corrects: 'cost-1' }],
    ['a payout to a partner', true, { purpose: 'payout' }],
    ['a payout to nobody', false, { purpose: 'payout', partnerId: undefined }],
    ['an unknown purpose', false, { purpose: 'fun' }],
    ['no category', false, { category: '' }],
    ['a day as period', false, { period: '2026-10-01' }],
    ['half a cent', false, { amount: { amount: 0.5, currency: 'USD' } }],
    ['a field too many', false, { note: 'x' }],
    ['a field too many inside', false, { amount: { amount: 5, currency: 'USD', tax: 1 } }],
  ])('as %s is valid: %s', (_, isValid, change) => {
    expect(NewCost.safeParse({ ...MDF, ...change }).success).toBe(isValid)
  })
})
