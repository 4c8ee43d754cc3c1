import type { Stack } from 'aws-cdk-lib'
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda'
import { type Resources, serviceFunction } from './constructs/service-function.ts'
import type { DataStack } from './data-stack.ts'
import { azureOf, messagesOf, policiesOf, sendingOf, settingsOf } from './environment.ts'
import { busAt, type CodeProps, keyAt, queueAt, queueNames, tableAt, tableNames } from './region.ts'
import { functions } from './service.ts'
import type { ServiceFunction } from './service-types.ts'

export type FunctionsProps = CodeProps & { data: DataStack }
export type Made = { name: string; spec: ServiceFunction; lambda: Lambda }

/** What the functions of a stack may be given. */
export const resourcesOf = (stack: Stack, { environment, data }: FunctionsProps): Resources => {
  const azure = azureOf(environment, stack.region)
  const { mailIdentity, webhookSecretArn } = sendingOf(environment, stack.region)
  const queues = queueNames.map((name) => [name, queueAt(stack, environment, name)])
  const tables = tableNames.map((name) => [name, tableAt(stack, environment, name, data.streamArns[name])])
  return {
    tables: Object.fromEntries(tables) as Resources['tables'],
    keys: { data: keyAt(stack, 'data', data.keyArns.data), messages: keyAt(stack, 'messages', data.keyArns.messages) },
    buckets: data.buckets,
    bus: busAt(stack, environment),
    queues: Object.fromEntries(queues) as Resources['queues'],
    failed: {},
    settings: settingsOf(environment),
    policies: policiesOf(environment),
    azure,
    azureSecretArn: environment.azure && azure['AZURE_SECRET_ARN'],
    messages: messagesOf(environment, stack.region),
    mailIdentityArn: mailIdentity && stack.formatArn({ service: 'ses', resource: 'identity', resourceName: mailIdentity }),
    webhookSecretArn,
  }
}

export const isServing = ({ triggers }: ServiceFunction) => triggers.some(({ kind }) => kind === 'api')

/** Those functions of the service that a stack is for. */
export const functionsIn = (
  stack: Stack,
  codeOf: CodeProps['codeOf'],
  resources: Resources,
  isHere: (spec: ServiceFunction) => boolean,
): Made[] =>
  Object.entries(functions)
    .filter(([, spec]) => isHere(spec))
    .map(([name, spec]) => ({ name, spec, lambda: serviceFunction(stack, name, spec, codeOf(name), resources) }))
