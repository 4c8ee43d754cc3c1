import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import type { Key } from 'aws-cdk-lib/aws-kms'
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3'
import type { Queue, QueuePolicy } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { service } from '../service.ts'
import type { BucketName, Bucket as BucketSpec, QueueName } from '../service-types.ts'

/** The queues that may be told of uploads, and the policy that lets buckets do so. */
export type Uploads = { queues: Record<QueueName, Queue>; policy: QueuePolicy }
type Surroundings = { key: Key; access: IBucket; uploads: Uploads }

const CLOSED = { blockPublicAccess: BlockPublicAccess.BLOCK_ALL, enforceSSL: true, removalPolicy: RemovalPolicy.RETAIN }
const LOGGED_DAYS = 365

/** Where S3 writes who read and wrote files; it can write only to buckets with a key of S3's own. */
export const accessLogs = (scope: Construct): IBucket =>
  new Bucket(scope, 'bucket-access', {
    ...CLOSED,
    encryption: BucketEncryption.S3_MANAGED,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    lifecycleRules: [{ expiration: Duration.days(LOGGED_DAYS) }],
  }) as IBucket

const keptBucket = (scope: Construct, name: BucketName, { key, access }: Pick<Surroundings, 'key' | 'access'>) =>
  new Bucket(scope, 'Bucket', {
    ...CLOSED,
    encryption: BucketEncryption.KMS,
    encryptionKey: key,
    bucketKeyEnabled: true,
    versioned: true,
    serverAccessLogsBucket: access,
    serverAccessLogsPrefix: `${name}/`,
  })

/** A bucket for files that people and machines exchange with the service. Every version of every file is kept; it outlives the stack. */
export class KeptBucket extends Construct {
  readonly bucket: Bucket

  constructor(scope: Construct, name: BucketName, around: Surroundings) {
    super(scope, `bucket-${name}`)
    this.bucket = keptBucket(this, name, around)
    const { expires, uploads } = service.buckets[name] as BucketSpec
    const { queues, policy } = around.uploads
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
