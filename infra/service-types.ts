import type { Contract } from '../lib/core/contract.ts'

// The words in which service.ts describes Cosell.

export type TableName = 'records' | 'metrics'
export type BucketName = 'exports' | 'settlements'
export type QueueName =
  | 'aws-submissions'
  | 'azure-submissions'
  | 'aws-marketplace'
  | 'azure-operations'
  | 'payments'
  | 'exports'
  | 'messages'
  | 'settlements'
  | 'lake'
  | 'verifications'
  | 'webhooks'

/** `expires`: objects under `prefix` are removed after so many days. */
export type Bucket = {
  env: string
  uploads?: { prefix: string; queue: QueueName }
  expires?: { prefix: string; days: number }
}

export type PolicyName =
  | 'APPROVAL_POLICY'
  | 'REMINDER_RULE'
  | 'DRAWDOWN_RULE'
  | 'RECONCILIATION_RULE'
  | 'SUBSCRIPTION_CHANGE_RULE'
  | 'SETTLEMENT_RULE'
  | 'SURVEY_RULE'
  | 'SCORECARD_POLICY'

/** A filter on stream records or bus events, in EventBridge's pattern language. */
export type Pattern = Record<string, unknown>

export type Trigger =
  | { kind: 'api'; contract: Contract }
  /**
   * `windowSeconds`: a tumbling window, for what it brings along: the id of the shard that a batch is from.
   * `waitSeconds`: how long a batch may wait to become full.
   */
  | {
      kind: 'stream'
      table: TableName
      filter: Pattern
      batchSize: number
      retries: number
      windowSeconds?: number
      waitSeconds?: number
    }
  /** `windowSeconds`: how long messages may wait for more of them, so that a batch is worth its work. */
  | { kind: 'queue'; queue: QueueName; batchSize: number; windowSeconds?: number }
  | { kind: 'schedule'; every: { minutes: number } | { cron: string } }

type ObjectAccess = { read?: readonly string[]; write?: readonly string[] }

export type Access = {
  records?: 'read' | 'write'
  metrics?: 'read' | 'write'
  /** May read all of the records: among them are those of persons. Who reads metrics may read all of these, which name nobody. */
  scans?: 'records'
  /** May insert many records with one request. */
  inserts?: 'records'
  bus?: 'publish'
  /** May put messages into the service's queues. */
  queues?: 'send'
  /** Which objects may be read and written, by their keys. */
  exports?: ObjectAccess
  settlements?: ObjectAccess
  /** Actions of AWS Marketplace; it has no resources to narrow them to. */
  marketplace?: readonly string[]
  /** Knows the Azure app by name, or may read its secret too. */
  azure?: 'names' | 'secret'
  /** Knows who receives messages, or may send them too. */
  messages?: 'receivers' | 'send'
  /** Policies of the vendor that it goes by. */
  policies?: readonly PolicyName[]
}

export type ServiceFunction = { triggers: readonly Trigger[]; access: Access; timeoutSeconds: number; memoryMb?: number }
