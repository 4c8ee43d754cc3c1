import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Approval, Step } from '../../../lib/approvals/approval.ts'
import { ApprovalPolicy } from '../../../lib/approvals/policy.ts'
import type { Actor, Role } from '../../../lib/core/context.ts'
import { ServiceError } from '../../../lib/core/errors.ts'
import { decide, escalate, submit } from '../../../lib/offers/approval.ts'
import type { Decided, Offer } from '../../../lib/offers/offer.ts'
import { contextAt, NOW } from '../../support/offers.ts'
import { policyInput, ruleOf, stepOf } from '../../support/policy.ts'
import { awsOffer } from './aws-offer.ts'

// Any policy, any people, any order of decisions and escalations, with any delegations.

const ROLE_OF: Record<string, Role> = {
  ann: 'partner',
  m1: 'manager',
  m2: 'manager',
  m3: 'manager',
  f1: 'finance',
  f2: 'finance',
  p1: 'platform',
  p2: 'platform',
  p3: 'platform',
}
const PEOPLE = Object.keys(ROLE_OF)
const actorOf = (subject: string): Actor => ({ subject, role: ROLE_OF[subject] ?? 'partner', scopes: [] })

const approver = fc.oneof(
  fc.constantFrom('manager', 'finance').map((role) => ({ role })),
  fc.constantFrom('m1', 'm2', 'f1').map((person) => ({ person })),
) as fc.Arbitrary<{ role: 'manager' } | { person: string }>
const step = fc.record({
  approvers: fc.array(approver, { minLength: 1, maxLength: 3 }),
  need: fc.constantFrom('all' as const, 'any' as const, 1, 2),
  dueHours: fc.integer({ min: 1, max: 48 }),
  escalateTo: fc.constantFrom({ role: 'platform' as const }, { person: 'p1' }),
})
const policy = fc.array(step, { minLength: 1, maxLength: 3 }).map((steps) => {
  const named = steps.map((each, at) => stepOf(`s${at}`, each))
  return ApprovalPolicy.safeParse(policyInput(named, [ruleOf('all', { always: true }, ...named.map(({ name }) => name))]))
})
const action = fc.record({
  who: fc.constantFrom(...PEOPLE),
  outcome: fc.constantFrom('approved' as const, 'approved' as const, 'approved' as const, 'rejected' as const),
  hours: fc.integer({ min: 0, max: 30 }),
  escalates: fc.boolean(),
})
const world = fc.record({
  policy: policy.filter(({ success }) => success),
  requestedBy: fc.constantFrom('ann', 'm1', 'f1'),
  submittedBy: fc.constantFrom('ann', 'm2'),
  /** Who acts for whom. */
  delegates: fc.dictionary(fc.constantFrom(...PEOPLE), fc.constantFrom('m1', 'm2', 'm3', 'f1', 'p1'), { maxKeys: 4 }),
  actions: fc.array(action, { maxLength: 25 }),
})
type World = typeof world extends fc.Arbitrary<infer T> ? T : never

const mandatesOf = ({ delegates }: World, who: string) => {
  const by = delegates[who]
  return by ? [{ by, role: ROLE_OF[by] as 'manager' }] : []
}

const started = ({ policy: { data }, requestedBy, submittedBy }: World): Offer => {
  if (!data) throw new Error('an invalid policy was not filtered')
  const draft = awsOffer({ status: 'draft', requestedBy })
  return submit(draft, { policy: data, partner: { type: 'isv' } }, actorOf(submittedBy), contextAt()).offer
}

/** What is refused changes nothing. */
const tried = (offer: Offer, act: () => Decided): Offer => {
  try {
    return act().offer
  } catch (error) {
    if (error instanceof ServiceError) return offer
    throw error
  }
}

/** Every state that the offer passes through. */
const played = (given: World): Offer[] => {
  const states = [started(given)]
  let hours = 0
  for (const { who, outcome, hours: later, escalates } of given.actions) {
    hours += later
    const context = contextAt(new Date(Date.parse(NOW) + hours * 3_600_000).toISOString())
    const before = states.at(-1) as Offer
    const offer = escalates ? escalate(before, context).offer : before
    const by = { actor: actorOf(who), mandates: mandatesOf(given, who) }
    states.push(tried(offer, () => decide(offer, { outcome, reason: 'so' }, by, context)))
  }
  return states
}

const decisionsIn = ({ steps }: Approval) => steps.flatMap(({ decisions }) => decisions)

/** Said anew, without the code under test: enough of different seats by their own people, or an escalation by its own. */
const isSatisfied = ({ approvers, need, decisions, escalatedAt, escalateTo }: Step) => {
  const holds = (of: { role?: string | undefined; person?: string | undefined } | undefined, who: string) =>
    of?.person === who || (of?.role !== undefined && of.role === ROLE_OF[who])
  const approvals = decisions.filter(({ outcome }) => outcome === 'approved')
  const seated = approvals.filter(({ seat, by, onBehalfOf }) => seat !== undefined && holds(approvers[seat], onBehalfOf ?? by))
  const instead = approvals.filter(
    ({ seat, by, onBehalfOf, at }) =>
      seat === undefined && escalatedAt !== undefined && escalatedAt <= at && holds(escalateTo, onBehalfOf ?? by),
  )
  return instead.length > 0 || new Set(seated.map(({ seat }) => seat)).size >= need
}

const always = (law: (states: Offer[], given: World) => void) =>
  fc.assert(
    fc.property(world, (given) => law(played(given), given)),
    { numRuns: 300 },
  )
const approvalOf = ({ approval }: Offer) => approval as Approval

describe('whoever decides, in whatever order', () => {
  it('is neither a partner nor the one who requested or submitted it, nor acts for them', () => {
    always((states, { requestedBy, submittedBy }) => {
      const heard = decisionsIn(approvalOf(states.at(-1) as Offer)).flatMap(({ by, onBehalfOf }) => [by, onBehalfOf])
      for (const who of [requestedBy, submittedBy, 'ann']) expect(heard).not.toContain(who)
    })
  })

  it('is heard once on an offer', () => {
    always((states) => {
      const heard = decisionsIn(approvalOf(states.at(-1) as Offer)).flatMap(({ by, onBehalfOf }) =>
        onBehalfOf ? [by, onBehalfOf] : [by],
      )
      expect(new Set(heard).size).toBe(heard.length)
    })
  })

  it('leaves an offer that is approved if and only if every step is satisfied and nobody rejected', () => {
    always((states) => {
      for (const offer of states) {
        const approval = approvalOf(offer)
        const isRejected = decisionsIn(approval).some(({ outcome }) => outcome === 'rejected')
        expect(offer.status === 'approved').toBe(!isRejected && approval.steps.every(isSatisfied))
        expect(offer.status === 'rejected').toBe(isRejected)
      }
    })
  })

  it('decides steps in their order, one open at a time', () => {
    always((states) => {
      for (const { status, ...offer } of states) {
        const line = approvalOf(offer as Offer)
          .steps.map(({ state }) => state[0])
          .join('')
        expect(line).toMatch(status === 'pending-approval' ? /^a*ow*$/ : status === 'approved' ? /^a+$/ : /^a*rw*$/)
      }
    })
  })

  it('changes nothing any more once it is rejected or approved', () => {
    always((states) => {
      const end = states.findIndex(({ status }) => status !== 'pending-approval')
      if (end >= 0) for (const after of states.slice(end)) expect(after).toEqual(states[end])
    })
  })

  it('changes nothing by saying the same again', () => {
    always((states, given) => {
      for (const offer of states) {
        for (const { by, outcome } of decisionsIn(approvalOf(offer))) {
          const again = decide(
            offer,
            { outcome, reason: 'again' },
            { actor: actorOf(by), mandates: mandatesOf(given, by) },
            contextAt(),
          )
          expect(again).toEqual({ offer, events: [] })
        }
      }
    })
  })

  it('can bring it to an end: after the due times those to whom it escalates are enough', () => {
    const toTheRole = world.filter(
      ({ policy: { data } }) => !!data?.versions[0]?.steps.every(({ escalateTo }) => escalateTo.role),
    )
    fc.assert(
      fc.property(toTheRole, (given) => {
        let offer = played({ ...given, delegates: {}, actions: [] }).at(-1) as Offer
        for (const [day, who] of ['p1', 'p2', 'p3'].entries()) {
          if (offer.status !== 'pending-approval') break
          const context = contextAt(new Date(Date.parse(NOW) + (day + 1) * 72 * 3_600_000).toISOString())
          offer = escalate(offer, context).offer
          offer = decide(offer, { outcome: 'approved', reason: 'so' }, { actor: actorOf(who), mandates: [] }, context).offer
        }
        expect(offer.status).toBe('approved')
      }),
    )
  })
})
