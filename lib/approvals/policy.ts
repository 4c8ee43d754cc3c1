import { type ApprovalFacts, Approver } from '../../events/approval.ts'
import { Money } from '../core/money.ts'
import { DateText } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { type Fault, fault, faultsOfOrder, under } from '../core/versions.ts'
import { Condition, findingsOf, namedIn } from './condition.ts'

const Name = z.pattern(/^[a-z][a-z0-9-]{0,39}$/, 'a name like deal-desk, of small letters, digits and -')
const Why = z.trimmed(300)

/** What someone must decide. `approvers` are seats: a role that is named twice takes two people who have it. */
const Step = z.strictObject({
  name: Name,
  approvers: z.list(Approver, 10),
  need: z._default(
    z.union([z.enum(['all', 'any']), z.int().check(z.minimum(1))], 'must be all, any, or how many of the approvers'),
    'all',
  ),
  /** Hours until it is escalated: `escalateTo` may then decide instead of whoever is missing. */
  dueHours: z.int().check(z.minimum(1), z.maximum(2000)),
  escalateTo: Approver,
})
export type PolicyStep = z.infer<typeof Step>

const Rule = z.strictObject({ name: Name, why: Why, when: Condition, demands: z.list(Name, 10) })

/** Steps come in the order in which they are decided; the rules that match say which of them. */
const Version = z.strictObject({
  version: z.int().check(z.minimum(1)),
  effectiveFrom: z.optional(DateText),
  why: Why,
  steps: z.array(Step).check(z.maxLength(20)),
  rules: z.array(Rule).check(z.maxLength(50)),
})
export type PolicyVersion = z.infer<typeof Version>

const same = (one: Approver, other: Approver) => one.role === other.role && one.person === other.person

/** How many of the approvers must approve. */
export const needOf = ({ need, approvers }: Pick<PolicyStep, 'need' | 'approvers'>): number =>
  need === 'all' ? approvers.length : need === 'any' ? 1 : need

const repeatsIn = (names: (string | undefined)[]) =>
  names.flatMap((name, at) => (name !== undefined && names.indexOf(name) < at ? [{ name, at }] : []))

const faultsOfStep = (step: PolicyStep): Fault[] => [
  ...(needOf(step) > step.approvers.length
    ? [fault(`is ${needOf(step)}, but the step has only ${step.approvers.length}: lower it or name more approvers`, 'need')]
    : []),
  ...repeatsIn(step.approvers.map(({ person }) => person)).map(({ name, at }) =>
    fault(`${name} is an approver of this step already, and nobody decides twice`, 'approvers', at),
  ),
  ...(step.approvers.some((approver) => same(approver, step.escalateTo))
    ? [fault('is an approver of this step already: escalate to someone else', 'escalateTo')]
    : []),
]

const faultsOfRule = ({ when, demands }: z.infer<typeof Rule>, steps: string[]): Fault[] => [
  ...(namedIn(when).length === 0 ? [fault('names no condition: use "always": true for a rule that always holds', 'when')] : []),
  ...repeatsIn(demands).map(({ name, at }) => fault(`${name} is demanded twice`, 'demands', at)),
  ...demands.flatMap((name, at) => (steps.includes(name) ? [] : [fault(`there is no step ${name}`, 'demands', at)])),
]

/** Nobody decides twice on an offer: who must decide in two steps could never do both. */
const indispensableTwice = (steps: PolicyStep[]): Fault[] => {
  const indispensable = steps.flatMap((step, at) =>
    needOf(step) >= step.approvers.length
      ? [...new Set(step.approvers.map(({ person }) => person))].map((person) => ({ person, at }))
      : [],
  )
  return repeatsIn(indispensable.map(({ person }) => person)).map(({ name, at }) =>
    fault(`${name} must decide in another step too, and nobody decides twice`, 'steps', indispensable[at]?.at ?? 0, 'approvers'),
  )
}

const faultsOfVersion = ({ steps, rules }: PolicyVersion): Fault[] => {
  const names = steps.map(({ name }) => name)
  return [
    ...repeatsIn(names).map(({ name, at }) => fault(`${name} is the name of another step`, 'steps', at, 'name')),
    ...repeatsIn(rules.map(({ name }) => name)).map(({ name, at }) =>
      fault(`${name} is the name of another rule`, 'rules', at, 'name'),
    ),
    ...names.flatMap((name, at) =>
      rules.some(({ demands }) => demands.includes(name)) ? [] : [fault(`no rule demands ${name}`, 'steps', at, 'name')],
    ),
    ...steps.flatMap((step, at) => under(['steps', at], faultsOfStep(step))),
    ...rules.flatMap((rule, at) => under(['rules', at], faultsOfRule(rule, names))),
    ...(repeatsIn(names).length ? [] : indispensableTwice(steps)),
  ]
}

/** The rules of approval as data. `listPrices` are the vendor's own, by product, for one unit and month. */
export const ApprovalPolicy = z
  .strictObject({
    id: Name,
    listPrices: z._default(
      z.record(z.string(), z.strict(Money).check(z.refine(({ amount }) => amount > 0, 'must be more than zero'))),
      {},
    ),
    versions: z.list(Version, 10),
  })
  .check(({ value: { versions }, issues, ...payload }) => {
    const faults = [...faultsOfOrder(versions), ...versions.flatMap((version, at) => under([at], faultsOfVersion(version)))]
    issues.push(...under(['versions'], faults).map((each) => ({ ...payload, code: 'custom' as const, input: versions, ...each })))
  })
export type ApprovalPolicy = z.infer<typeof ApprovalPolicy>

/** The policy that a setting holds as JSON. Throws a RangeError that names each mistake with its place. */
export const policyIn = (setting: string): ApprovalPolicy => {
  const { success, data, error } = ApprovalPolicy.safeParse(JSON.parse(setting))
  if (success) return data
  const mistakes = error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`)
  throw new RangeError(`the approval policy has mistakes:\n${mistakes.join('\n')}`)
}

/** The rules that hold of an offer, each with what was found. */
export const matchesOf = ({ rules }: PolicyVersion, facts: ApprovalFacts) =>
  rules.flatMap(({ name, why, when, demands }) => {
    const finding = findingsOf(when, facts)
    return finding === undefined ? [] : [{ name, why, finding, demands }]
  })
