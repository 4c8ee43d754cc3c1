import { Duration } from 'aws-cdk-lib'
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, type Code, Function as Lambda, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { bucketNames, queueNames, tableNames } from '../region.ts'
import { service } from '../service.ts'
import type { Access, ServiceFunction } from '../service-types.ts'
import { serviceLog } from './logs.ts'
import { allow, permissionsOf, type Resources } from './permissions.ts'

const MEMORY_MB = 512

/** By which name a consumer knows its queue. */
const queueVariable = (triggers: ServiceFunction['triggers']): Record<string, string> => {
  const trigger = triggers.find(({ kind }) => kind === 'queue')
  return trigger?.kind === 'queue' ? { QUEUE_NAME: trigger.queue } : {}
}

const withoutSecret = (
  { azure }: Access,
  { AZURE_SECRET_ARN: arn = '', ...names }: Record<string, string>,
): Record<string, string> => (azure === 'secret' ? { ...names, AZURE_SECRET_ARN: arn } : names)

const variables = (
  access: Access,
  { tables, bus, queues, buckets, settings, policies, azure, messages }: Resources,
): Record<string, string> => ({
  ...settings,
  ...Object.fromEntries((access.policies ?? []).map((name) => [name, policies[name]])),
  ...Object.fromEntries(
    tableNames.filter((name) => access[name]).map((name) => [service.tables[name].env, tables[name].tableName]),
  ),
  ...(access.bus && { BUS_NAME: bus.eventBusName }),
  ...(access.queues && {
    QUEUE_URLS: JSON.stringify(Object.fromEntries(queueNames.map((name) => [name, queues[name].queueUrl]))),
  }),
  ...Object.fromEntries(
    bucketNames.filter((name) => access[name]).map((name) => [service.buckets[name].env, buckets[name].bucketName]),
  ),
  ...(access.azure && withoutSecret(access, azure)),
  ...(access.messages && messages),
})

/** One Lambda function with its own log, a role that may do what `access` says and nothing else, and the settings to match. */
export const serviceFunction = (
  scope: Construct,
  name: string,
  spec: ServiceFunction,
  code: Code,
  resources: Resources,
): Lambda => {
  const inner = new Construct(scope, name.replaceAll('/', '-'))
  const logGroup = serviceLog(inner, 'Log', resources.keys.messages)
  const log = allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn)
  const role = new Role(inner, 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: { access: new PolicyDocument({ statements: [log, ...permissionsOf(name, spec, resources)] }) },
  })
  return new Lambda(inner, 'Function', {
    description: `Cosell ${name}`,
    code,
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: spec.memoryMb ?? MEMORY_MB,
    timeout: Duration.seconds(spec.timeoutSeconds),
    environment: { ...variables(spec.access, resources), ...queueVariable(spec.triggers) },
    loggingFormat: LoggingFormat.JSON,
    logGroup,
    // All that it may do stands above; nothing that uses it adds to that.
    role: role.withoutPolicyUpdates(),
  })
}
