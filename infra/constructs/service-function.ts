import { Duration, Stack } from 'aws-cdk-lib'
import type { ITable } from 'aws-cdk-lib/aws-dynamodb'
import type { IEventBus } from 'aws-cdk-lib/aws-events'
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Architecture, type Code, Function as Lambda, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { failedOf } from '../dead-letters.ts'
import type { KeyName } from '../region.ts'
import { service } from '../service.ts'
import type { Access, BucketName, PolicyName, QueueName, ServiceFunction, TableName, Trigger } from '../service-types.ts'
import { serviceLog } from './logs.ts'

const MEMORY_MB = 512

/** What a cell's functions may be given; `settings`, `policies`, `azure` and `messages` become environment variables. */
export type Resources = {
  tables: Record<TableName, ITable>
  keys: Record<KeyName, IKey>
  bus: IEventBus
  queues: Record<QueueName, IQueue>
  buckets: Record<BucketName, Bucket>
  settings: Record<string, string>
  policies: Record<PolicyName, string>
  azure: Record<string, string>
  azureSecretArn: string | undefined
  messages: Record<string, string>
  mailIdentityArn: string | undefined
  webhookSecretArn: string | undefined
  /** The queues of what was given up, by their names. */
  failed: Record<string, IQueue>
}

const READS = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query']
const SCAN = 'dynamodb:Scan'
const WRITES = ['dynamodb:PutItem', 'dynamodb:BatchWriteItem', 'dynamodb:UpdateItem']

const allow = (actions: readonly string[], ...resources: string[]) => new PolicyStatement({ actions: [...actions], resources })

const tableNames = Object.keys(service.tables) as TableName[]

const tableStatements = (access: Access, { tables }: Resources) =>
  tableNames.flatMap((name) => {
    const { tableArn } = tables[name]
    const indexes = service.tables[name].indexes.map((index) => `${tableArn}/index/${index}`)
    return [
      ...(access[name] ? [allow(READS, tableArn, ...indexes)] : []),
      ...(access[name] && (name === 'metrics' || access.scans === name) ? [allow([SCAN], tableArn)] : []),
      ...(access[name] === 'write' ? [allow(WRITES, tableArn)] : []),
    ]
  })

const sendStatements = ({ mailIdentityArn, webhookSecretArn }: Resources) => [
  ...(mailIdentityArn ? [allow(['ses:SendEmail'], mailIdentityArn)] : []),
  ...(webhookSecretArn ? [allow(['secretsmanager:GetSecretValue'], webhookSecretArn)] : []),
]
const queueNames = Object.keys(service.queues) as QueueName[]

/** By which name a consumer knows its queue. */
const queueVariable = (triggers: ServiceFunction['triggers']): Record<string, string> => {
  const trigger = triggers.find(({ kind }) => kind === 'queue')
  return trigger?.kind === 'queue' ? { QUEUE_NAME: trigger.queue } : {}
}

const bucketNames = Object.keys(service.buckets) as BucketName[]

const bucketStatements = (access: Access, { buckets }: Resources) =>
  bucketNames.flatMap((name) => {
    const arns = (keys: readonly string[] = []) => keys.map((key) => buckets[name].arnForObjects(key))
    const [read, write] = [arns(access[name]?.read), arns(access[name]?.write)]
    return [
      ...(read.length > 0 ? [allow(['s3:GetObject'], ...read)] : []),
      ...(write.length > 0 ? [allow(['s3:PutObject'], ...write)] : []),
    ]
  })

const statements = (access: Access, resources: Resources) => [
  ...tableStatements(access, resources),
  ...(access.bus ? [allow(['events:PutEvents'], resources.bus.eventBusArn)] : []),
  ...(access.queues ? [allow(['sqs:SendMessage'], ...queueNames.map((name) => resources.queues[name].queueArn))] : []),
  ...bucketStatements(access, resources),
  // The actions of AWS Marketplace know no resources that a policy could name.
  ...(access.marketplace ? [allow(access.marketplace, '*')] : []),
  ...(access.azure === 'secret' && resources.azureSecretArn
    ? [allow(['secretsmanager:GetSecretValue'], resources.azureSecretArn)]
    : []),
  ...(access.messages === 'send' ? sendStatements(resources) : []),
]

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

const STREAM_READ = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((action) => `dynamodb:${action}`)
const QUEUE_READ = ['ChangeMessageVisibility', 'DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'].map(
  (action) => `sqs:${action}`,
)

/** What Lambda does in the function's role before it calls it: read its source, and put aside what it gave up. */
const sourceStatements = (name: string, trigger: Trigger, { queues, tables, failed }: Resources) => {
  if (trigger.kind === 'queue') return [allow(QUEUE_READ, queues[trigger.queue].queueArn)]
  if (trigger.kind !== 'stream') return []
  const letters = failed[failedOf(name)]
  return [
    allow(STREAM_READ, tables[trigger.table].tableStreamArn ?? ''),
    ...(letters ? [allow(['sqs:SendMessage'], letters.queueArn)] : []),
  ]
}

const KEY_READ = ['kms:Decrypt', 'kms:DescribeKey']
const KEY_WRITE = ['Encrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'ReEncryptFrom', 'ReEncryptTo'].map(
  (action) => `kms:${action}`,
)

/** A key is used by way of the services whose data it encrypts, never by itself. */
const useKey = (key: IKey, actions: readonly string[], services: string[]) => {
  const { region, urlSuffix } = Stack.of(key)
  const statement = allow(actions, key.keyArn)
  statement.addCondition('StringEquals', { 'kms:ViaService': services.map((name) => `${name}.${region}.${urlSuffix}`) })
  return statement
}

const keyStatements = ({ access, triggers }: ServiceFunction, { keys }: Resources) => {
  const kinds = triggers.map(({ kind }) => kind)
  const objects = bucketNames.map((name) => access[name])
  const tables = tableNames.map((name) => access[name])
  const writes = tables.includes('write') || objects.some((each) => each?.write)
  const reads = writes || tables.includes('read') || objects.some((each) => each?.read) || kinds.includes('stream')
  const sends = access.queues !== undefined || kinds.includes('stream')
  return [
    ...(reads ? [useKey(keys.data, writes ? [...KEY_READ, ...KEY_WRITE] : KEY_READ, ['dynamodb', 's3'])] : []),
    ...(sends || kinds.includes('queue')
      ? [useKey(keys.messages, ['kms:Decrypt', ...(sends ? ['kms:GenerateDataKey'] : [])], ['sqs'])]
      : []),
  ]
}

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
  const sources = spec.triggers.flatMap((trigger) => sourceStatements(name, trigger, resources))
  const role = new Role(inner, 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      access: new PolicyDocument({
        statements: [log, ...sources, ...statements(spec.access, resources), ...keyStatements(spec, resources)],
      }),
    },
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
