import { describe, expect, it } from 'vitest'
import { judge } from '../../../lib/approvals/approval.ts'
import { escalateOverdue } from '../../../lib/offers/escalation.ts'
import type { OfferStore } from '../../../lib/offers/store.ts'
import { contextAt, memoryOffers, NOW } from '../../support/offers.ts'
import { FACTS, policyOf, ruleOf, stepOf } from '../../support/policy.ts'
import { awsOffer } from './aws-offer.ts'

const waiting = (id: string, dueHours: number) => {
  const policy = policyOf([stepOf('desk', { dueHours })], [ruleOf('all', { always: true }, 'desk')])
  return awsOffer({ id, status: 'pending-approval', approval: judge(policy, FACTS, NOW) })
}
const LATER = '2026-11-02T19:00:00.000Z'

const run = async (store: OfferStore, { isOver = false, now = LATER } = {}) => {
  const failed: string[] = []
  const onError = async (_: unknown, id: string) => void failed.push(id)
  await escalateOverdue({ store })({ context: () => contextAt(now), isOver: () => isOver, onError })
  return failed
}
const escalatedIn = (events: { type: string; subject: string }[]) =>
  events.filter(({ type }) => type === 'offer.approval-escalated.v1').map(({ subject }) => subject)

describe('what is overdue', () => {
  it('is escalated, each once, however often the job runs', async () => {
    const { store, events } = memoryOffers(waiting('off_1', 10), waiting('off_2', 11), waiting('off_3', 9))
    expect(await run(store)).toEqual([])
    expect(escalatedIn(events)).toEqual(['off_1', 'off_3'])
    await run(store)
    expect(escalatedIn(events)).toEqual(['off_1', 'off_3'])
    await run(store, { now: '2026-11-02T20:00:00.000Z' })
    expect(escalatedIn(events)).toEqual(['off_1', 'off_3', 'off_2'])
  })

  it('does not wait for one that fails', async () => {
    const { store, events } = memoryOffers(waiting('off_1', 10), waiting('off_2', 10))
    const get: OfferStore['get'] = async (id) => (id === 'off_1' ? Promise.reject(new Error('lost')) : store.get(id))
    expect(await run({ ...store, get })).toEqual(['off_1'])
    expect(escalatedIn(events)).toEqual(['off_2'])
  })

  it('is left to the next run when the time is over', async () => {
    const { store, events } = memoryOffers(waiting('off_1', 10))
    await run(store, { isOver: true })
    expect(events).toEqual([])
  })
})
