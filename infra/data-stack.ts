import { CfnOutput, Duration } from 'aws-cdk-lib'
import { EventBus, Match } from 'aws-cdk-lib/aws-events'
import type { Key } from 'aws-cdk-lib/aws-kms'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { accessLogs, KeptBucket, type Uploads } from './constructs/buckets.ts'
import { Catalog } from './constructs/catalog.ts'
import { dataKey, messagesKey } from './constructs/keys.ts'
import { deadLetters, fromBuckets, fromRules, queuePolicy, workQueue } from './constructs/queues.ts'
import { keptTable } from './constructs/tables.ts'
import { failedOf } from './dead-letters.ts'
import { busNameOf, databaseNameOf, type Environment } from './environment.ts'
import { type KeyName, queueNames, type RegionProps, RegionStack } from './region.ts'
import { service } from './service.ts'
import type { BucketName, Bucket as BucketSpec, QueueName, TableName } from './service-types.ts'

const ARCHIVED_DAYS = 365

const bucketNames = Object.keys(service.buckets) as BucketName[]
const uploadsOf = (name: BucketName) => (service.buckets[name] as BucketSpec).uploads
const isTold = (name: QueueName) => bucketNames.some((bucket) => uploadsOf(bucket)?.queue === name)

/** What holds something: tables, files, the bus with its archive, the queues. All else of a region can be made anew. */
export class DataStack extends RegionStack {
  /**
   * Exported for good, whoever reads them: an event source is replaced when its stream changes, so CloudFormation must know
   * beforehand that it does not; and a key must not go while something is encrypted by it. Other references between stacks are
   * weak (cdk.json says so) and hold up no update.
   */
  readonly streamArns: Record<TableName, string>
  readonly keyArns: Record<KeyName, string>
  readonly buckets: Record<BucketName, Bucket>

  constructor(scope: Construct, { environment, region }: RegionProps) {
    super(scope, 'data', { environment, region })
    const key = dataKey(this, environment)
    const messages = messagesKey(this, environment)
    this.keyArns = { data: this.exportValue(key.keyArn), messages: this.exportValue(messages.keyArn) }
    const streamArn = (name: TableName) => this.exportValue(keptTable(this, environment, name, key).tableStreamArn)
    this.streamArns = { records: streamArn('records'), metrics: streamArn('metrics') }
    const bus = new EventBus(this, 'Bus', { eventBusName: busNameOf(environment) })
    bus.archive('Archive', { eventPattern: { source: Match.prefix('') }, retention: Duration.days(ARCHIVED_DAYS) })

    const uploads = this.#queues(environment, messages)
    const access = accessLogs(this)
    const kept = (name: BucketName) => new KeptBucket(this, name, { key, access, uploads }).bucket
    this.buckets = { exports: kept('exports'), settlements: kept('settlements') }
    new Catalog(this, 'Catalog', { databaseName: databaseNameOf(environment), bucket: this.buckets.exports })
    new CfnOutput(this, 'ExportsBucket', { value: this.buckets.exports.bucketName })
  }

  /** Makes the queues; gives what must be there before a bucket may tell one of its uploads. */
  #queues(environment: Environment, key: Key): Uploads {
    const failed = queueNames.map((name) => deadLetters(this, environment, failedOf(name), key))
    queuePolicy(this, 'FailedPolicy', failed)
    const made = queueNames.map((name, nth) => [name, workQueue(this, environment, name, key, failed[nth] as Queue)] as const)
    const queues = Object.fromEntries(made) as Record<QueueName, Queue>
    const of = (names: QueueName[]) => names.map((name) => queues[name])
    queuePolicy(this, 'QueuePolicy', of(queueNames.filter((name) => !isTold(name))), fromRules(this))
    const policy = queuePolicy(this, 'UploadsPolicy', of(queueNames.filter(isTold)), fromRules(this), fromBuckets(this))
    return { queues, policy }
  }
}
