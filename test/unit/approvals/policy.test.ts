import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { APPROVAL_POLICY } from '../../../infra/approval-policy.ts'
import { Condition } from '../../../lib/approvals/condition.ts'
import { ApprovalPolicy, matchesOf, policyIn } from '../../../lib/approvals/policy.ts'
import { versionOn } from '../../../lib/core/versions.ts'
import { FACTS, policyInput, policyOf, ruleOf, stepOf } from '../../support/policy.ts'

const [, README_POLICY = ''] = /^```json\n(\{\n {2}"id": "deal-desk"[\s\S]*?)^```$/m.exec(readFileSync('README.md', 'utf8')) ?? []
const ALWAYS = ruleOf('all', { always: true }, 'desk')
const DESK = stepOf('desk')

/** The path and message of everything that is wrong with a policy. */
const faultsOf = (input: unknown) =>
  (ApprovalPolicy.safeParse(input).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)

const withStep = (more: Parameters<typeof stepOf>[1]) => policyInput([stepOf('desk', more)], [ALWAYS])
const withRule = (rule: object) => policyInput([DESK], [{ ...ALWAYS, ...rule }])
const inVersions = (...versions: object[]) => ({
  id: 'deal-desk',
  versions: versions.map((more) => ({ version: 1, why: 'so', steps: [DESK], rules: [ALWAYS], ...more })),
})

describe('a policy', () => {
  it.each<[string, unknown]>([
    ['of the service', APPROVAL_POLICY],
    ['of the README', JSON.parse(README_POLICY)],
    ['of one step', policyInput([DESK], [ALWAYS])],
    ['without rules', policyInput([], [])],
    ['of parallel approvers', withStep({ approvers: [{ role: 'manager' }, { role: 'finance' }, { person: 'cfo' }], need: 2 })],
    ['with two seats of one role', withStep({ approvers: [{ role: 'manager' }, { role: 'manager' }], need: 'all' })],
    [
      'with a person in two steps who can be spared',
      policyInput(
        [
          stepOf('desk', { approvers: [{ person: 'a' }, { person: 'b' }], need: 'any' }),
          stepOf('last', { approvers: [{ person: 'a' }] }),
        ],
        [ruleOf('all', { always: true }, 'desk', 'last')],
      ),
    ],
    ['of two versions', inVersions({}, { version: 2, effectiveFrom: '2026-12-01' })],
    ['with list prices', { ...policyInput([DESK], [ALWAYS]), listPrices: { 'prod-1': { amount: 2500, currency: 'USD' } } }],
  ])('%s loads', (_, input) => {
    expect(faultsOf(input)).toEqual([])
  })

  it.each<[string, unknown, string]>([
    ['an unknown field', { ...policyInput([DESK], [ALWAYS]), mode: 'lax' }, ': has unknown fields: mode'],
    ['an unknown field of a step', withStep({ quorum: 2 } as object), 'versions.0.steps.0: has unknown fields: quorum'],
    [
      'an unknown condition',
      withRule({ when: { discountAbove: 15 } }),
      'versions.0.rules.0.when: has unknown fields: discountAbove',
    ],
    [
      'no condition',
      withRule({ when: {} }),
      'versions.0.rules.0.when: names no condition: use "always": true for a rule that always holds',
    ],
    [
      'a step without approvers',
      withStep({ approvers: [] }),
      'versions.0.steps.0.approvers: must not be empty: give at least one',
    ],
    [
      'an approver of nobody',
      withStep({ approvers: [{}] }),
      'versions.0.steps.0.approvers.0: must name either a role or a person',
    ],
    [
      'an approver of both kinds',
      withStep({ approvers: [{ role: 'manager', person: 'a' }] }),
      'versions.0.steps.0.approvers.0: must name either a role or a person',
    ],
    [
      'a partner as approver',
      withStep({ approvers: [{ role: 'partner' } as object] }),
      'versions.0.steps.0.approvers.0.role: must be one of manager, finance, platform',
    ],
    [
      'more needed than there are',
      withStep({ approvers: [{ role: 'manager' }, { role: 'finance' }], need: 3 }),
      'versions.0.steps.0.need: is 3, but the step has only 2: lower it or name more approvers',
    ],
    ['nobody needed', withStep({ need: 0 }), 'versions.0.steps.0.need: must be at least 1'],
    [
      'a need of some',
      withStep({ need: 'some' } as object),
      'versions.0.steps.0.need: must be all, any, or how many of the approvers',
    ],
    [
      'a person twice in a step',
      withStep({ approvers: [{ person: 'a' }, { person: 'a' }] }),
      'versions.0.steps.0.approvers.1: a is an approver of this step already, and nobody decides twice',
    ],
    [
      'an escalation to whom it waits for',
      withStep({ escalateTo: { role: 'manager' } }),
      'versions.0.steps.0.escalateTo: is an approver of this step already: escalate to someone else',
    ],
    ['no due time', withStep({ dueHours: 0 }), 'versions.0.steps.0.dueHours: must be at least 1'],
    [
      'a person who must decide in two steps',
      policyInput(
        [stepOf('desk', { approvers: [{ person: 'a' }] }), stepOf('last', { approvers: [{ role: 'finance' }, { person: 'a' }] })],
        [ruleOf('all', { always: true }, 'desk', 'last')],
      ),
      'versions.0.steps.1.approvers: a must decide in another step too, and nobody decides twice',
    ],
    ['a demand of no step', withRule({ demands: ['board'] }), 'versions.0.rules.0.demands.0: there is no step board'],
    [
      'a rule that demands nothing',
      withRule({ demands: [] }),
      'versions.0.rules.0.demands: must not be empty: give at least one',
    ],
    [
      'a step demanded twice by one rule',
      withRule({ demands: ['desk', 'desk'] }),
      'versions.0.rules.0.demands.1: desk is demanded twice',
    ],
    [
      'a step that nobody demands',
      policyInput([DESK, stepOf('board')], [ALWAYS]),
      'versions.0.steps.1.name: no rule demands board',
    ],
    ['two steps of one name', policyInput([DESK, DESK], [ALWAYS]), 'versions.0.steps.1.name: desk is the name of another step'],
    ['two rules of one name', policyInput([DESK], [ALWAYS, ALWAYS]), 'versions.0.rules.1.name: all is the name of another rule'],
    [
      'a name with spaces',
      withRule({ name: 'all of it' }),
      'versions.0.rules.0.name: must be a name like deal-desk, of small letters, digits and -',
    ],
    ['a rule without a why', withRule({ why: ' ' }), 'versions.0.rules.0.why: must not be empty'],
    [
      'a negative limit',
      withRule({ when: { totalAbove: { USD: -1 } } }),
      'versions.0.rules.0.when.totalAbove.USD: must be at least 0',
    ],
    [
      'a discount of more than all',
      withRule({ when: { discountAbovePermille: 1001 } }),
      'versions.0.rules.0.when.discountAbovePermille: must be at most 1000',
    ],
    [
      'a limit of no currency',
      withRule({ when: { totalAbove: { dollars: 1 } } }),
      'versions.0.rules.0.when.totalAbove: must name currencies like USD, or other',
    ],
    [
      'a free list price',
      { ...policyInput([DESK], [ALWAYS]), listPrices: { 'prod-1': { amount: 0, currency: 'USD' } } },
      'listPrices.prod-1: must be more than zero',
    ],
    ['no version', inVersions(), 'versions: must not be empty: give at least one'],
    [
      'a first version that begins later',
      inVersions({ effectiveFrom: '2026-12-01' }),
      'versions.0.effectiveFrom: the first version holds from the beginning: leave it out',
    ],
    [
      'two versions that hold from the beginning',
      inVersions({}, { version: 2 }),
      'versions.1.effectiveFrom: must be a day after that of the version before it, or the two overlap',
    ],
    [
      'two versions from the same day on',
      inVersions({}, { version: 2, effectiveFrom: '2026-12-01' }, { version: 3, effectiveFrom: '2026-12-01' }),
      'versions.2.effectiveFrom: must be a day after that of the version before it, or the two overlap',
    ],
    [
      'the same version twice',
      inVersions({}, { version: 1, effectiveFrom: '2026-12-01' }),
      'versions.1.version: must be above 1, the one before it',
    ],
  ])('with %s is refused, and told where and why', (_, input, fault) => {
    expect(faultsOf(input)).toContain(fault)
  })

  it('has every condition in the table of the README', () => {
    const [, table = ''] = /^\| condition \|[^\n]*\n([\s\S]*?)\n\n/m.exec(readFileSync('README.md', 'utf8')) ?? []
    const named = [...table.matchAll(/^\|([^|]*)\|/gm)].flatMap(([, cell = '']) => cell.match(/\w+/g) ?? [])
    expect(named.sort()).toEqual(Object.keys(Condition.shape).sort())
  })

  it('as a setting is read from its JSON, or refused with every mistake on a line', () => {
    expect(policyIn(JSON.stringify(policyInput([DESK], [ALWAYS])))).toEqual(policyOf([DESK], [ALWAYS]))
    expect(() => policyIn(JSON.stringify(withStep({ need: 3, dueHours: 0 })))).toThrow(
      new RangeError(`the approval policy has mistakes:
  versions.0.steps.0.dueHours: must be at least 1
  versions.0.steps.0.need: is 3, but the step has only 1: lower it or name more approvers`),
    )
  })

  it('with many mistakes is told all of them', () => {
    const input = policyInput([stepOf('desk', { need: 3 }), stepOf('board')], [ruleOf('all', {}, 'desk', 'moon')])
    expect(faultsOf(input)).toHaveLength(4)
  })

  it.each([
    ['2026-01-01', 1],
    ['2026-11-30', 1],
    ['2026-12-01', 2],
    ['2027-06-30', 2],
    ['2027-07-01', 5],
    ['2099-12-31', 5],
  ])('has one version in effect on each day: %s', (day, version) => {
    const policy = ApprovalPolicy.parse(
      inVersions({}, { version: 2, effectiveFrom: '2026-12-01' }, { version: 5, effectiveFrom: '2027-07-01' }),
    )
    expect(versionOn(policy, day).version).toBe(version)
  })

  it('names all rules that hold, each with its why', () => {
    const policy = policyOf(
      [DESK],
      [ruleOf('long', { termAboveMonths: 11 }, 'desk'), ruleOf('large', { totalAbove: { other: 2_000_000 } }, 'desk'), ALWAYS],
    )
    expect(matchesOf(versionOn(policy, '2026-11-02'), FACTS)).toEqual([
      { name: 'long', why: 'because of long', finding: 'the term in months of 12 is above 11', demands: ['desk'] },
      { name: 'all', why: 'because of all', finding: 'every offer is looked at', demands: ['desk'] },
    ])
  })
})
