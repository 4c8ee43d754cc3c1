import { Duration, Stack } from 'aws-cdk-lib'
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Queue, QueueEncryption, QueuePolicy } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { type Environment, queueNameOf } from '../environment.ts'
import { service } from '../service.ts'
import type { QueueName } from '../service-types.ts'

const KEPT_DAYS = 14

// A call of KMS an hour, a queue and a caller, instead of each five minutes.
const encryptedBy = (key: IKey) => ({
  encryption: QueueEncryption.KMS,
  encryptionMasterKey: key,
  dataKeyReuse: Duration.hours(1),
})

/** A queue for what could not be handled or delivered, until somebody looks at it. */
export const deadLetters = (scope: Construct, environment: Environment, name: string, key: IKey): Queue =>
  new Queue(scope, `queue-${name}`, {
    queueName: queueNameOf(environment, name),
    ...encryptedBy(key),
    retentionPeriod: Duration.days(KEPT_DAYS),
  })

export const workQueue = (scope: Construct, environment: Environment, name: QueueName, key: IKey, failed: Queue): Queue =>
  new Queue(scope, `queue-${name}`, {
    queueName: queueNameOf(environment, name),
    visibilityTimeout: Duration.seconds(service.queues[name].visibilitySeconds),
    deadLetterQueue: { queue: failed, maxReceiveCount: service.maxReceives },
    ...encryptedBy(key),
  })

// A policy of a queue speaks of no other queue, so that one text does for all of them.
const THIS_QUEUE = ['*']

const tlsOnly = () =>
  new PolicyStatement({
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['sqs:*'],
    resources: THIS_QUEUE,
    conditions: { Bool: { 'aws:SecureTransport': 'false' } },
  })

const sending = (service: string, conditions: Record<string, object>) =>
  new PolicyStatement({
    principals: [new ServicePrincipal(service)],
    actions: ['sqs:SendMessage'],
    resources: THIS_QUEUE,
    conditions,
  })

/** What the rules of this account and region may send. */
export const fromRules = (scope: Construct) => {
  const rules = Stack.of(scope).formatArn({ service: 'events', resource: 'rule', resourceName: '*' })
  return sending('events.amazonaws.com', { ArnLike: { 'aws:SourceArn': rules } })
}

/** What the buckets of this account may tell. */
export const fromBuckets = (scope: Construct) =>
  sending('s3.amazonaws.com', { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } })

/** One policy for several queues: nothing without TLS, and who may send besides roles. */
export const queuePolicy = (scope: Construct, id: string, queues: Queue[], ...senders: PolicyStatement[]): QueuePolicy => {
  const policy = new QueuePolicy(scope, id, { queues })
  policy.document.addStatements(tlsOnly(), ...senders)
  return policy
}
