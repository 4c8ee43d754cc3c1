import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket } from 'aws-cdk-lib/aws-s3'
import type { Queue, QueuePolicy } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { Bucket as BucketSpec, QueueName } from '../service-types.ts'

/** The queues that may be told of uploads, and the policy that lets buckets do so. */
export type Uploads = { queues: Record<QueueName, Queue>; policy: QueuePolicy }

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

  constructor(scope: Construct, id: string, { uploads, expires }: BucketSpec, { queues, policy }: Uploads) {
    super(scope, id)
    if (expires) this.#expire(expires)
    if (uploads) this.#tell(uploads.prefix, queues[uploads.queue], policy)
  }

  #expire({ prefix, days }: NonNullable<BucketSpec['expires']>) {
    const kept = Duration.days(days)
    this.bucket.addLifecycleRule({ prefix, expiration: kept, noncurrentVersionExpiration: kept })
  }

  /** Without CDK's own notifications: they need a function of theirs that may change any bucket. */
  #tell(prefix: string, queue: Queue, policy: QueuePolicy) {
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
    plain.node.addDependency(policy)
  }
}
