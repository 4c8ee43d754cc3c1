import { RemovalPolicy, type Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { type Environment, keyNameOf } from '../environment.ts'

// Roles are allowed the use of a key by their own policies, AWS's services by the key's. A policy of a key speaks of no other key.
const THIS_KEY = ['*']
const ENCRYPT_AND_DECRYPT = ['kms:Decrypt', 'kms:GenerateDataKey']

const use = (service: string, actions: string[], conditions: Record<string, object> = {}) =>
  new PolicyStatement({ principals: [new ServicePrincipal(service)], actions, resources: THIS_KEY, conditions })

/** Logs are told apart by the group that they belong to; CloudWatch Logs asks for these very patterns of actions. */
const forLogs = (stack: Stack) =>
  use(
    `logs.${stack.region}.${stack.urlSuffix}`,
    ['Encrypt*', 'Decrypt*', 'ReEncrypt*', 'GenerateDataKey*', 'Describe*'].map((action) => `kms:${action}`),
    {
      ArnLike: { 'kms:EncryptionContext:aws:logs:arn': stack.formatArn({ service: 'logs', resource: '*' }) },
    },
  )

const forAlarms = (stack: Stack) =>
  use('cloudwatch.amazonaws.com', ENCRYPT_AND_DECRYPT, { StringEquals: { 'aws:SourceAccount': stack.account } })

// Without a condition on the account: what these two ask KMS for carries none, and all that they send would be dropped in silence.
const forRules = () => use('events.amazonaws.com', ENCRYPT_AND_DECRYPT)
const forBuckets = () => use('s3.amazonaws.com', ENCRYPT_AND_DECRYPT)

const keptKey = (scope: Construct, environment: Environment, name: string, description: string) =>
  new Key(scope, `key-${name}`, {
    alias: keyNameOf(environment, name),
    description,
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN,
  })

/** The key of tables and files, which no service needs but for those who read and write them. */
export const dataKey = (scope: Construct, environment: Environment): Key =>
  keptKey(scope, environment, 'data', 'Cosell: tables and files')

const addTo = (key: Key, ...statements: PolicyStatement[]) => {
  for (const statement of statements) key.addToResourcePolicy(statement)
  return key
}

/** The key of what services hand each other: apart, so that what they may do ends there. */
export const messagesKey = (stack: Stack, environment: Environment): Key =>
  addTo(
    keptKey(stack, environment, 'messages', 'Cosell: queues, topics and logs'),
    forLogs(stack),
    forAlarms(stack),
    forRules(),
    forBuckets(),
  )

export const hubKey = (stack: Stack, environment: Environment): Key =>
  addTo(keptKey(stack, environment, 'hub', 'Cosell: queue and topic of the hub'), forAlarms(stack), forRules())
