import { Stack } from 'aws-cdk-lib'
import type { ITable } from 'aws-cdk-lib/aws-dynamodb'
import type { IEventBus } from 'aws-cdk-lib/aws-events'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { failedOf } from '../dead-letters.ts'
import { bucketNames, type KeyName, queueNames, tableNames } from '../region.ts'
import { service } from '../service.ts'
import type { Access, BucketName, PolicyName, QueueName, ServiceFunction, TableName, Trigger } from '../service-types.ts'

// What a function may do is what its entry in service.ts says, as statements of a policy.

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

export const allow = (actions: readonly string[], ...resources: string[]) =>
  new PolicyStatement({ actions: [...actions], resources })

const tableStatements = (access: Access, { tables }: Resources) =>
  tableNames.flatMap((name) => {
    const { tableArn } = tables[name]
    const indexes = service.tables[name].indexes.map((index) => `${tableArn}/index/${index}`)
    return [
      ...(access[name] ? [allow(READS, tableArn, ...indexes)] : []),
      ...(access[name] && (name === 'metrics' || access.scans === name) ? [allow([SCAN], tableArn)] : []),
      ...(access[name] === 'write' ? [allow(WRITES, tableArn)] : []),
      ...(access.inserts === name ? [allow(['dynamodb:PartiQLInsert'], tableArn)] : []),
    ]
  })

const sendStatements = ({ mailIdentityArn, webhookSecretArn }: Resources) => [
  ...(mailIdentityArn ? [allow(['ses:SendEmail'], mailIdentityArn)] : []),
  ...(webhookSecretArn ? [allow(['secretsmanager:GetSecretValue'], webhookSecretArn)] : []),
]

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

/** All that a function may do, but for its log. */
export const permissionsOf = (name: string, spec: ServiceFunction, resources: Resources): PolicyStatement[] => [
  ...spec.triggers.flatMap((trigger) => sourceStatements(name, trigger, resources)),
  ...statements(spec.access, resources),
  ...keyStatements(spec, resources),
]
