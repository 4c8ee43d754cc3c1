import type { FileTable } from '../lib/core/column.ts'
import { MAX_RECEIVES } from '../lib/core/queue.ts'
import { exportTables } from '../lib/exports/tables.ts'
import { eventTable } from '../lib/lake/tables.ts'
import { contracts } from '../lib/system/contracts.ts'
import { POLICIES } from './policies.ts'
import type { Access, Bucket, BucketName, Pattern, QueueName, ServiceFunction } from './service-types.ts'
import {
  api,
  CHANGED_ROW,
  everyMinutes,
  FACT_ON_BUS,
  fromQueue,
  fromStream,
  NEW_EVENT,
  NEW_FACT,
  TO_SWEEP,
  toSubmit,
} from './triggers.ts'

// What Cosell consists of, as data. CDK makes stacks of it and the local twin one process: neither knows more than this.

const CATALOG = ['StartChangeSet', 'DescribeChangeSet', 'ListChangeSets', 'DescribeEntity'].map(
  (action) => `aws-marketplace:${action}`,
)
const AGREEMENTS = [
  'SearchAgreements',
  'DescribeAgreement',
  'GetAgreementTerms',
  'ListAgreementInvoiceLineItems',
  'ListBillingAdjustmentRequests',
].map((action) => `aws-marketplace:${action}`)

const AWS: Access = { records: 'write', marketplace: [...CATALOG, ...AGREEMENTS] }
const AZURE: Access = { records: 'write', azure: 'secret' }

export const service = {
  tables: {
    records: { env: 'RECORDS_TABLE', indexes: ['gsi1', 'gsi2'] },
    metrics: { env: 'METRICS_TABLE', indexes: [] },
  },

  /** A new object under `prefix` of `uploads` is told to `queue`. */
  buckets: {
    // What lies in the inbox is in the lake an hour later; the rest of the time it is there to be looked at.
    exports: { env: 'EXPORTS_BUCKET', expires: { prefix: 'inbox/', days: 90 } },
    settlements: { env: 'SETTLEMENTS_BUCKET', uploads: { prefix: 'uploads/', queue: 'settlements' } },
  } satisfies Record<BucketName, Bucket>,

  /** What query engines find in the exports bucket, by the names of the tables. */
  catalog: { events: eventTable, ...exportTables } satisfies Record<string, FileTable>,

  /** Messages that fail this often go to the queue's dead letters. */
  maxReceives: MAX_RECEIVES,
  queues: {
    'aws-submissions': { visibilitySeconds: 180 },
    'azure-submissions': { visibilitySeconds: 180 },
    'aws-marketplace': { visibilitySeconds: 180 },
    'azure-operations': { visibilitySeconds: 180 },
    payments: { visibilitySeconds: 60 },
    exports: { visibilitySeconds: 900 },
    messages: { visibilitySeconds: 180 },
    settlements: { visibilitySeconds: 900 },
    lake: { visibilitySeconds: 900 },
    verifications: { visibilitySeconds: 900 },
    webhooks: { visibilitySeconds: 300 },
  } satisfies Record<QueueName, { visibilitySeconds: number }>,

  /** What of the bus goes to which queue. */
  rules: [
    { name: 'aws-offers-to-submit', queue: 'aws-submissions', pattern: toSubmit('aws') },
    { name: 'azure-offers-to-submit', queue: 'azure-submissions', pattern: toSubmit('azure') },
    {
      name: 'aws-marketplace-events',
      queue: 'aws-marketplace',
      pattern: { source: ['aws.marketplacecatalog', 'aws.agreement-marketplace'] },
    },
    {
      name: 'azure-operations',
      queue: 'azure-operations',
      pattern: { source: ['cosell'], 'detail-type': ['azure.operation-received.v1'] },
    },
    {
      name: 'offer-payments',
      queue: 'payments',
      pattern: {
        source: ['cosell'],
        'detail-type': ['transaction.recorded.v1'],
        detail: { data: { ledger: ['cash'], offerId: [{ exists: true }] } },
      },
    },
    {
      name: 'settlements-to-go-on',
      queue: 'settlements',
      pattern: { source: ['cosell'], 'detail-type': ['settlement.continued.v1'] },
    },
    { name: 'exports-requested', queue: 'exports', pattern: { source: ['cosell'], 'detail-type': ['export.requested.v1'] } },
    { name: 'facts-to-collect', queue: 'lake', pattern: FACT_ON_BUS },
    {
      name: 'verifications-to-go-on',
      queue: 'verifications',
      pattern: {
        source: ['cosell'],
        'detail-type': ['verification-requested', 'verification-continued', 'repair-requested'].map(
          (what) => `metrics.${what}.v1`,
        ),
      },
    },
    // Whatever happened: the endpoints' own filters say what of it is theirs.
    { name: 'events-to-tell', queue: 'webhooks', pattern: { source: ['cosell'] } },
    { name: 'messages-queued', queue: 'messages', pattern: { source: ['cosell'], 'detail-type': ['message.queued.v1'] } },
  ] satisfies { name: string; queue: QueueName; pattern: Pattern }[],

  /** One entry a file of functions/; the key is its path. */
  functions: {
    'api/partners': api(contracts.partners, { records: 'write' }),
    'api/accounts': api(contracts.accounts, { records: 'write' }),
    'api/commitments': api(contracts.commitments, { records: 'write', policies: ['DRAWDOWN_RULE'] }),
    'api/costs': api(contracts.costs, { records: 'write' }),
    'api/rates': api(contracts.rates, { records: 'write' }),
    'api/offers': api(contracts.offers, { records: 'write', policies: ['APPROVAL_POLICY', 'DRAWDOWN_RULE'] }),
    'api/offer-sets': api(contracts.offerSets, { records: 'write' }),
    'api/approvals': api(contracts.approvals, { records: 'write' }),
    'api/transactions': api(contracts.transactions, { records: 'write' }),
    // What was known at an instant, or is behind a value, is read from all rows.
    'api/metrics': { ...api(contracts.metrics, { metrics: 'read' }, 29), memoryMb: 1024 },
    'api/report': api(contracts.report, { metrics: 'read' }),
    'api/periods': {
      ...api(
        contracts.periods,
        { records: 'write', scans: 'records', metrics: 'read', exports: { read: ['closes/*'], write: ['closes/*'] } },
        29,
      ),
      memoryMb: 1024,
    },
    // It reads all rows; the gateway waits for 30 seconds.
    'api/metric-cuts': { ...api(contracts.metricCuts, { records: 'read', metrics: 'read' }, 29), memoryMb: 1024 },
    'api/surveys': api(contracts.surveys, { records: 'write', policies: ['SURVEY_RULE'] }),
    // It reads the events of all offers.
    'api/pipeline': api(contracts.pipeline, { records: 'read', metrics: 'read' }, 29),
    'api/scorecards': {
      ...api(contracts.scorecards, { records: 'read', metrics: 'read', policies: ['SCORECARD_POLICY', 'SURVEY_RULE'] }, 29),
      memoryMb: 1024,
    },
    // It looks at many rows for what is wrong with a few.
    'api/findings': api(contracts.findings, { metrics: 'read' }, 29),
    'api/verifications': api(contracts.verifications, { records: 'write' }),
    'api/exports': api(contracts.exports, { records: 'write', exports: { read: ['20*'] } }),
    'api/settlements': api(contracts.settlements, {
      records: 'write',
      settlements: { read: ['reports/*'], write: ['uploads/*'] },
    }),
    'api/reconciliation': api(contracts.reconciliation, { records: 'write' }),
    // A hundred events, one after the other; the gateway waits for 30 seconds.
    'api/events': api(contracts.events, { records: 'write', inserts: 'records', queues: 'send' }, 29),
    // A test waits ten seconds for the receiver.
    'api/webhooks': api(contracts.webhooks, { records: 'write' }, 29),
    'api/terms': api(contracts.terms, AZURE),
    'api/messages': api(contracts.messages, { records: 'read' }),
    'api/azure-webhook': api(contracts.azureWebhook, { records: 'write', azure: 'names' }),
    'api/azure-landing': api(contracts.azureLanding, AZURE),
    'api/system': api(contracts.system, {}),

    'consumers/relay-events': {
      triggers: [{ ...fromStream('records', NEW_EVENT), windowSeconds: 1 }],
      access: { records: 'write', bus: 'publish' },
      timeoutSeconds: 60,
    },
    'consumers/project-facts': {
      triggers: [fromStream('records', NEW_FACT)],
      access: { metrics: 'write' },
      timeoutSeconds: 60,
    },
    'consumers/sum-contributions': {
      // Each batch costs a write of the log, so it waits for some.
      triggers: [{ ...fromStream('metrics', CHANGED_ROW), windowSeconds: 5, waitSeconds: 5 }],
      access: { metrics: 'write' },
      timeoutSeconds: 300,
      memoryMb: 1024,
    },
    'consumers/sweep-rows': {
      // Each batch may read all rows.
      triggers: [
        { ...fromStream('metrics', TO_SWEEP), waitSeconds: 30 },
        { kind: 'schedule', every: { cron: '0 2 * * ? *' } },
      ],
      access: { metrics: 'write' },
      timeoutSeconds: 900,
    },
    'consumers/submit-aws-offer': fromQueue('aws-submissions', AWS, 30),
    'consumers/submit-azure-offer': fromQueue('azure-submissions', AZURE, 30),
    'consumers/aws-marketplace': fromQueue('aws-marketplace', AWS, 30),
    'consumers/azure-operation': fromQueue('azure-operations', { ...AZURE, policies: ['SUBSCRIPTION_CHANGE_RULE'] }, 30),
    'consumers/track-payments': fromQueue('payments', { records: 'write' }, 10, 10),
    'consumers/send-messages': {
      triggers: [
        { kind: 'queue', queue: 'messages', batchSize: 1 },
        { kind: 'schedule', every: { minutes: 15 } },
      ],
      access: { records: 'write', messages: 'send' },
      timeoutSeconds: 60,
    },
    'consumers/send-webhooks': {
      triggers: [
        { kind: 'queue', queue: 'webhooks', batchSize: 10_000, windowSeconds: 5 },
        { kind: 'schedule', every: { minutes: 1 } },
      ],
      access: { records: 'write' },
      timeoutSeconds: 240,
    },
    'jobs/queue-reminders': everyMinutes(60, { records: 'write', messages: 'receivers', policies: ['REMINDER_RULE'] }, 600),
    'consumers/read-settlement': {
      ...fromQueue(
        'settlements',
        { records: 'write', settlements: { read: ['uploads/*'], write: ['reports/*'] }, policies: ['SETTLEMENT_RULE'] },
        840,
      ),
      memoryMb: 1024,
    },
    'jobs/follow-aws-offers': everyMinutes(1, AWS, 55),
    'jobs/follow-azure-offers': everyMinutes(1, AZURE, 55),
    'jobs/reconcile-aws': everyMinutes(15, AWS, 840),
    'jobs/reconcile-azure': everyMinutes(15, AZURE, 840),
    'jobs/escalate-approvals': everyMinutes(15, { records: 'write' }, 300),
    'jobs/reconcile-books': {
      ...everyMinutes(60, { records: 'write', policies: ['RECONCILIATION_RULE'] }, 840),
      memoryMb: 1024,
    },
    'jobs/verify-metrics': {
      triggers: [
        { kind: 'queue', queue: 'verifications', batchSize: 1 },
        { kind: 'schedule', every: { cron: '0 5 * * ? *' } },
      ],
      access: { records: 'write', scans: 'records', metrics: 'write' },
      timeoutSeconds: 840,
      memoryMb: 2048,
    },
    'jobs/export-metrics': {
      triggers: [
        { kind: 'queue', queue: 'exports', batchSize: 1 },
        { kind: 'schedule', every: { cron: '0 4 * * ? *' } },
      ],
      access: { records: 'write', scans: 'records', metrics: 'read', exports: { write: ['20*', 'tables/*'] } },
      timeoutSeconds: 600,
      memoryMb: 1024,
    },
    // Some thousand events fit into the six megabytes of an invocation.
    'consumers/collect-events': {
      triggers: [{ kind: 'queue', queue: 'lake', batchSize: 10_000, windowSeconds: 300 }],
      access: { records: 'write', exports: { write: ['inbox/*'] } },
      timeoutSeconds: 120,
    },
    'jobs/write-lake': {
      ...everyMinutes(60, { records: 'write', exports: { read: ['inbox/*', 'lake/*'], write: ['lake/*'] } }, 840),
      memoryMb: 2048,
    },
  } satisfies Record<string, ServiceFunction>,

  /** Settings that every function may read; `environment` of cdk.json and the twin fill them. */
  settings: {
    REPORTING_CURRENCY: 'USD',
    GROSS_MARGIN: '0.8000',
    /** 'on' lets flexible schedules go to Microsoft, whose format for them is not verified. */
    AZURE_FLEXIBLE_BILLING: 'off',
  },

  /** The vendor's policies as JSON, each for the functions whose access names it: Lambda takes 4 KB of variables. */
  policies: POLICIES,

  /** Who sends and receives messages: nobody, unless `environment` of cdk.json or the twin names them. */
  messages: { MESSAGING: JSON.stringify({ managers: { emails: [], timeZone: 'UTC' } }) },

  azure: {
    AZURE_LOGIN_URL: 'https://login.microsoftonline.com',
    AZURE_INGESTION_URL: 'https://graph.microsoft.com/rp/product-ingestion',
    AZURE_FULFILMENT_URL: 'https://marketplaceapi.microsoft.com/api',
    AZURE_MANAGEMENT_URL: 'https://management.azure.com',
  },
} as const

export const functions: Record<string, ServiceFunction> = service.functions

/** Where the code of each function lies. */
export const entryFiles = Object.fromEntries(Object.keys(functions).map((name) => [name, `functions/${name}.ts`]))
