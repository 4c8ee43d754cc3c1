import type { Template } from 'aws-cdk-lib/assertions'

export type Found = ReturnType<Template['findResources']>[string]
const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value])
/** The resources of a type in one template or several. */
export const all = (templates: Template | Template[], type: string): [id: string, properties: Found, resource: Found][] =>
  list(templates).flatMap((template) =>
    Object.entries(template.findResources(type)).map(([id, resource]): [string, Found, Found] => [
      id,
      resource['Properties'],
      resource,
    ]),
  )
export const first = (templates: Template | Template[], type: string): Found => all(templates, type)[0]?.[1] ?? {}
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
export const policiesOf = (templates: Template | Template[]): Found[] => [
  ...all(templates, 'AWS::IAM::Policy').map(([, policy]) => policy),
  ...all(templates, 'AWS::IAM::Role').flatMap(([, role]) => policiesIn(role)),
]
