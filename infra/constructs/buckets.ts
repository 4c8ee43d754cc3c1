import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket } from 'aws-cdk-lib/aws-s3'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { service } from '../service.ts'
import type { BucketName, Bucket as BucketSpec, QueueName } from '../service-types.ts'

const keptBucket = (scope: Construct) =>
  new Bucket(scope, 'Bucket', {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    versioned: true,
    removalPolicy: RemovalPolicy.RETAIN,
  })

/** A bucket for files that people and machines exchange with the service. Every version of every file is kept; it outlives the stack. */
export class KeptBucket extends Construct {
  readonly bucket = keptBucket(this)

  constructor(scope: Construct, id: string, name: BucketName, queues: Record<QueueName, Queue>) {
    super(scope, id)
    const { uploads, expires } = service.buckets[name] as BucketSpec
    if (expires) this.#expire(expires)
    if (uploads) this.#tell(uploads.prefix, queues[uploads.queue])
  }

  #expire({ prefix, days }: NonNullable<BucketSpec['expires']>) {
    const kept = Duration.days(days)
    this.bucket.addLifecycleRule({ prefix, expiration: kept, noncurrentVersionExpiration: kept })
  }

  /** Without CDK's own notifications: they need a function of theirs that may change any bucket. */
  #tell(prefix: string, queue: Queue) {
    const account = Stack.of(this).account
    const { policyDependable } = queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('s3.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    )
    const plain = this.bucket.node.defaultChild as CfnBucket
    plain.notificationConfiguration = {
      queueConfigurations: [
        {
          event: 's3:ObjectCreated:*',
          queue: queue.queueArn,
          filter: { s3Key: { rules: [{ name: 'prefix', value: prefix }] } },
        },
      ],
    }
    // S3 tries whether it may send before it takes the setting.
    if (policyDependable) plain.node.addDependency(policyDependable)
  }
}
