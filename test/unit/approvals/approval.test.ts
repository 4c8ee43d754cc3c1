import { describe, expect, it } from 'vitest'
import { type Approval, escalated, judge, settle } from '../../../lib/approvals/approval.ts'
import { claimFor, type Mandate } from '../../../lib/approvals/claim.ts'
import type { Actor } from '../../../lib/core/context.ts'
import { fay, max, mia, NOW, pia } from '../../support/offers.ts'
import { FACTS, type PolicyStep, policyOf, ruleOf, stepOf } from '../../support/policy.ts'

const person = (subject: string, role: Actor['role'] = 'manager'): Actor => ({ subject, role, scopes: [] })
const startOf = (...steps: PolicyStep[]): Approval =>
  judge(policyOf(steps, [ruleOf('all', { always: true }, ...steps.map(({ name }) => name))]), FACTS, NOW)

const claim = (approval: Approval, actor: Actor, ...mandates: Mandate[]) => claimFor(approval, ['ann'], actor, mandates)

/** The approval after all of them approved, one after the other; whoever may not is passed over. */
const approvedBy = (approval: Approval, ...actors: Actor[]): Approval =>
  actors.reduce((before, actor) => {
    const claimed = claim(before, actor)
    return claimed ? settle(before, { outcome: 'approved', by: actor.subject, reason: 'good', claim: claimed }, NOW) : before
  }, approval)
const statesOf = ({ steps }: Approval) => steps.map(({ state }) => state)
const late = (approval: Approval) => escalated(approval, '2026-12-01T00:00:00.000Z')

describe('judging', () => {
  it('demands a step once, however many rules do, in the order of the policy', () => {
    const policy = policyOf(
      [stepOf('desk'), stepOf('legal'), stepOf('board')],
      [
        ruleOf('one', { always: true }, 'board', 'desk'),
        ruleOf('two', { always: true }, 'desk'),
        ruleOf('none', { customTerms: true }, 'legal'),
      ],
    )
    const { steps, rules } = judge(policy, FACTS, NOW)
    expect(steps.map(({ name, state }) => `${name} ${state}`)).toEqual(['desk open', 'board waiting'])
    expect(rules.map(({ name }) => name)).toEqual(['one', 'two'])
  })

  it('opens the first step from now until it is due', () => {
    const [first, second] = startOf(stepOf('desk', { dueHours: 30 }), stepOf('board')).steps
    expect(first).toMatchObject({ openedAt: NOW, dueAt: '2026-11-03T15:00:00.000Z' })
    expect(second).not.toHaveProperty('dueAt')
  })

  it('approves at once where no rule holds', () => {
    expect(judge(policyOf([], []), FACTS, NOW)).toMatchObject({
      needed: false,
      outcome: 'approved',
      at: NOW,
      steps: [],
      reason: 'within the limits of the policy',
    })
  })
})

describe('a step', () => {
  const three = [{ role: 'manager' as const }, { role: 'finance' as const }, { person: 'eve' }]

  it.each<[string, PolicyStep['need'], Actor[], boolean]>([
    ['any: nobody', 'any', [], false],
    ['any: one of them', 'any', [fay], true],
    ['two: one', 2, [fay], false],
    ['two: two', 2, [fay, mia], true],
    ['two: two of the same role', 2, [mia, max], false],
    ['all: two', 'all', [fay, mia], false],
    ['all: three', 'all', [fay, person('eve', 'platform'), mia], true],
    ['all: the same one three times', 'all', [mia, mia, mia], false],
  ])('needs so many of its approvers — %s', (_, need, actors, isApproved) => {
    const approval = approvedBy(startOf(stepOf('desk', { approvers: three, need })), ...actors)
    expect(approval.outcome).toBe(isApproved ? 'approved' : undefined)
    expect(statesOf(approval)).toEqual([isApproved ? 'approved' : 'open'])
  })

  it('with a role named twice takes two people', () => {
    const start = startOf(stepOf('desk', { approvers: [{ role: 'manager' }, { role: 'manager' }] }))
    expect(approvedBy(start, mia).outcome).toBeUndefined()
    expect(approvedBy(start, mia, max).outcome).toBe('approved')
  })

  it('keeps the seat of the role for others where a person has one of their own', () => {
    const start = startOf(stepOf('desk', { approvers: [{ role: 'manager' }, { person: 'mia' }] }))
    expect(claim(start, mia)).toEqual({ seat: 1 })
    expect(approvedBy(start, mia, max).outcome).toBe('approved')
  })

  it('comes after the one before it, and nobody decides in both', () => {
    const start = startOf(stepOf('desk'), stepOf('last', { approvers: [{ role: 'finance' }, { role: 'manager' }], need: 'any' }))
    expect(claim(start, fay)).toBeUndefined()
    const second = approvedBy(start, mia)
    expect(statesOf(second)).toEqual(['approved', 'open'])
    expect(claim(second, mia)).toBeUndefined()
    expect(approvedBy(second, max).outcome).toBe('approved')
  })
})

describe('a delegation', () => {
  const start = startOf(stepOf('desk'))
  const forMax = { by: 'max', role: 'manager' as const }

  it('lets someone decide in the name of who gave it', () => {
    expect(claim(start, fay, forMax)).toEqual({ seat: 0, onBehalfOf: 'max' })
  })
  it("is not needed for one's own decision", () => {
    expect(claim(start, mia, forMax)).toEqual({ seat: 0 })
  })
  it.each([
    ['who requested the offer, by another one', fay, { by: 'ann', role: 'manager' as const }],
    ['another one, by who requested the offer', person('ann'), forMax],
    ['a manager, by a partner', { ...person('pat', 'partner'), partnerId: 'par_1' }, forMax],
    ['someone who may not decide either', fay, { by: 'fred', role: 'finance' as const }],
  ])('is of no use for %s', (_, actor, mandate) => {
    expect(claim(start, actor, mandate)).toBeUndefined()
  })
  it('is used up once either of the two has decided', () => {
    const two = startOf(stepOf('desk'), stepOf('last'))
    const byMax = settle(two, { outcome: 'approved', by: 'max', reason: 'x', claim: { seat: 0 } }, NOW)
    expect(claim(byMax, fay, forMax)).toBeUndefined()
    const byFay = settle(two, { outcome: 'approved', by: 'fay', reason: 'x', claim: { seat: 0, onBehalfOf: 'max' } }, NOW)
    expect(claim(byFay, max)).toBeUndefined()
    expect(claim(byFay, fay, { by: 'mia', role: 'manager' })).toBeUndefined()
  })
})

describe('escalation', () => {
  const start = startOf(stepOf('desk', { approvers: [{ role: 'manager' }, { role: 'finance' }] }), stepOf('last'))

  it('comes at the due time and not before, once', () => {
    expect(escalated(start, '2026-11-03T08:59:59.999Z')).toBe(start)
    const at = escalated(start, '2026-11-03T09:00:00.000Z')
    expect(at.steps[0]?.escalatedAt).toBe('2026-11-03T09:00:00.000Z')
    expect(late(at)).toBe(at)
  })
  it('lets its approver decide instead of all who are missing', () => {
    expect(claim(start, pia)).toBeUndefined()
    expect(claim(late(start), pia)).toEqual({})
    expect(statesOf(approvedBy(late(start), pia))).toEqual(['approved', 'open'])
    expect(statesOf(approvedBy(late(approvedBy(start, mia)), pia))).toEqual(['approved', 'open'])
  })
  it('leaves the step to its own approvers too', () => {
    expect(statesOf(approvedBy(late(start), mia, fay))).toEqual(['approved', 'open'])
  })
  it('settles the step even where its approver would have a seat', () => {
    const desk = stepOf('desk', { approvers: [{ role: 'manager' }, { role: 'finance' }], escalateTo: { person: 'max' } })
    expect(claim(startOf(desk), max)).toEqual({ seat: 0 })
    expect(claim(late(startOf(desk)), max)).toEqual({})
  })
  it('is for the open step only', () => {
    expect(late(approvedBy(start, mia, fay)).steps.map(({ escalatedAt }) => escalatedAt !== undefined)).toEqual([false, true])
    expect(late(approvedBy(start, mia, fay, max))).not.toHaveProperty('steps.1.escalatedAt')
  })
})
