import { APPROVAL_POLICY } from '../approval-policy.ts'
import { service } from '../service.ts'
import type { BucketName } from '../service-types.ts'
import { DEFAULT_PRODUCT } from './marketplaces/aws/products.ts'
import { AZURE } from './marketplaces/azure/tenant.ts'
import { queueUrls } from './sqs.ts'

export const BUCKETS = { exports: 'exports', settlements: 'settlements' } satisfies Record<BucketName, string>
export const MAIL_SENDER = 'cosell@vendor.example'
export const WEBHOOK_SECRET_ARN = 'arn:aws:secretsmanager:local:000000000000:secret:webhook'
export const SECRET_ARN = 'arn:aws:secretsmanager:local:000000000000:secret:azure-app'

/** What CDK sets for each function in the cloud, here once for all: they live in one process. */
export const setEnvironment = (outsideUrl: string, dynamoUrl: string) => {
  const names = {
    RECORDS_TABLE: 'records',
    METRICS_TABLE: 'metrics',
    BUS_NAME: 'cosell',
    QUEUE_URLS: queueUrls(outsideUrl),
    EXPORTS_BUCKET: BUCKETS.exports,
    SETTLEMENTS_BUCKET: BUCKETS.settlements,
  }
  const aws = {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'twin',
    AWS_SECRET_ACCESS_KEY: 'twin',
    AWS_ENDPOINT_URL: outsideUrl,
    AWS_ENDPOINT_URL_DYNAMODB: dynamoUrl,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: dynamoUrl,
  }
  const azure = {
    AZURE_TENANT_ID: AZURE.tenantId,
    AZURE_CLIENT_ID: AZURE.clientId,
    AZURE_SECRET_ARN: SECRET_ARN,
    AZURE_WEBHOOK_APP_ID: AZURE.webhookAppId,
    AZURE_LOGIN_URL: `${outsideUrl}/azure/login`,
    AZURE_INGESTION_URL: `${outsideUrl}/azure/ingestion`,
    AZURE_FULFILMENT_URL: `${outsideUrl}/azure/marketplace/api`,
    AZURE_MANAGEMENT_URL: `${outsideUrl}/azure/management`,
  }
  // The vendor's list: 25 USD a seat and month, 4,500 USD a month for the plan.
  const listPrices = {
    [DEFAULT_PRODUCT.id]: { amount: 2_500, currency: 'USD' },
    [AZURE.saasProductId]: { amount: 450_000, currency: 'USD' },
  }
  // One of your own can be tried here: APPROVAL_POLICY="$(cat policy.json)" npm start
  const { APPROVAL_POLICY: own = JSON.stringify({ ...APPROVAL_POLICY, listPrices }) } = process.env
  const policy = { APPROVAL_POLICY: own }
  const messaging = { sender: MAIL_SENDER, managers: { emails: ['partner-managers@vendor.example'], timeZone: 'UTC' } }
  const messages = { MESSAGING: process.env['MESSAGING'] ?? JSON.stringify(messaging) }
  const webhooks = { WEBHOOKS_ON_LOOPBACK: 'on' }
  Object.assign(process.env, webhooks, service.settings, service.policies, policy, messages, names, aws, azure)
}
