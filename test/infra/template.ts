import type { Template } from 'aws-cdk-lib/assertions'

export type Found = ReturnType<Template['findResources']>[string]
export const all = (template: Template, type: string): [id: string, properties: Found, resource: Found][] =>
  Object.entries(template.findResources(type)).map(([id, resource]) => [id, resource['Properties'], resource])
export const first = (template: Template, type: string): Found => all(template, type)[0]?.[1] ?? {}
const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value])
export const text = (value: unknown) => JSON.stringify(value)

export type Statement = { actions: string[]; resources: string[] }
export const statementsOf = (policy: Found): Statement[] =>
  policy['PolicyDocument'].Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Allow').map((statement: Found) => ({
    actions: list(statement['Action']),
    resources: list(statement['Resource']).map(text),
  }))

/** The policies that a role carries itself. */
export const policiesIn = (role: Found): Found[] => role['Policies'] ?? []

/** All policies of roles, within them and beside them. */
export const policiesOf = (template: Template): Found[] => [
  ...all(template, 'AWS::IAM::Policy').map(([, policy]) => policy),
  ...all(template, 'AWS::IAM::Role').flatMap(([, role]) => policiesIn(role)),
]
