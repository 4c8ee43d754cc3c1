import * as z from 'zod'
import { ApprovalPolicy } from '../lib/approvals/policy.ts'
import { TimeZone } from '../lib/core/zone.ts'
import { ScorecardPolicy } from '../lib/scorecards/policy.ts'
import { service } from './service.ts'
import type { PolicyName } from './service-types.ts'

const unique = (regions: string[]) => new Set(regions).size === regions.length

// Lambda takes 4 KB of variables; the rest is for the names of resources and the other settings.
export const MAX_POLICY_BYTES = 3000
const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value ?? null))

const fits = (policy: unknown) => bytesOf(policy) <= MAX_POLICY_BYTES
const tooLarge = {
  error: ({ input }: { input?: unknown }) =>
    `takes ${bytesOf(input)} bytes as JSON, and a Lambda function has room for ${MAX_POLICY_BYTES}: drop versions that are over, or shorten its texts`,
}

const Policy = z.optional(ApprovalPolicy).refine(fits, tooLarge)
const Scorecards = z.optional(ScorecardPolicy).refine(fits, tooLarge)

const SecretArn = z.string().regex(/^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+$/, 'must be the ARN of a secret')

const AzureApp = z.strictObject({
  tenantId: z.guid(),
  clientId: z.guid(),
  /** Holds the app's client secret; in the other regions its replica of the same name is read. */
  secretArn: SecretArn,
  webhookAppId: z.guid().optional(),
  /** Offers with a flexible schedule: Microsoft's format for them is not verified. */
  flexibleBilling: z.boolean().optional(),
})

const Email = z.email('must be an e-mail address')
const isTimeZone = (name: string) => TimeZone.safeParse(name).success
const Zone = z.string().refine(isTimeZone, 'must be a time zone like Europe/Berlin').default('UTC')

const Messages = z.strictObject({
  /** The sender of mails, and the identity that is verified in SES in each region: that address or, by default, its domain. */
  sender: Email.optional(),
  identity: z.string().min(1).optional(),
  managers: z.strictObject({ emails: z.array(Email).max(50), timeZone: Zone }).default({ emails: [], timeZone: 'UTC' }),
  webhook: z
    .strictObject({
      url: z.url({ protocol: /^https$/, error: 'must be an https address' }),
      secretArn: SecretArn,
      timeZone: Zone,
    })
    .optional(),
})

const Days = z.array(z.int().min(1).max(1000)).max(50)
const ReminderRule = z.strictObject({
  pending: Days,
  expiring: Days,
  ending: z.strictObject({ days: Days, thenEvery: z.int().min(1).optional() }),
  renewing: Days,
  terms: Days,
})

const DrawdownRule = z.strictObject({
  ineligibleProducts: z.array(z.string().min(1)).max(1000),
  endingSoonDays: z.int().min(0).max(1000),
})

const Wait = z.int().min(0).max(1000)
const Waits = z.strictObject({ aws: Wait, azure: Wait })
const ReconciliationRule = z.strictObject({
  agreement: Waits,
  billing: Waits,
  payment: Waits,
  payout: Waits,
  feeTolerance: z.int().min(0),
})

const Answer = z.enum(['confirm', 'refuse'])
const SubscriptionChangeRule = z.strictObject({
  planOfOffer: Answer,
  planLeavingOffer: Answer,
  planWithoutOffer: Answer,
  usersWithinLimits: Answer,
  usersBeyondLimits: Answer,
  usersWithoutLimits: Answer,
})

const SettlementRule = z.strictObject({
  repeatEveryDays: z.int().min(1).max(100),
  repeatForDays: z.int().min(0).max(1000),
})

const SurveyRule = z.strictObject({
  minRespondents: z.int().min(5).max(1000),
  openDays: z.int().min(0).max(90),
})

const Environment = z.strictObject({
  account: z
    .string()
    .regex(/^\d{12}$/, 'must be an account number of 12 digits')
    .optional(),
  regions: z
    .array(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region like eu-central-1'))
    .min(1)
    .refine(unique, 'must name each region once'),
  /** The OpenID Connect issuer of the access tokens, and whom they must be meant for. */
  issuer: z.url({ protocol: /^https$/ }),
  audience: z.array(z.string().min(1)).min(1),
  reportingCurrency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'must be a currency like USD')
    .optional(),
  grossMargin: z
    .string()
    .regex(/^(0\.\d{4}|1\.0000)$/, 'must be a share with four digits like 0.8000')
    .optional(),
  approvalPolicy: Policy,
  azure: AzureApp.optional(),
  messages: Messages.optional(),
  reminderRule: ReminderRule.optional(),
  drawdownRule: DrawdownRule.optional(),
  reconciliationRule: ReconciliationRule.optional(),
  subscriptionChangeRule: SubscriptionChangeRule.optional(),
  settlementRule: SettlementRule.optional(),
  surveyRule: SurveyRule.optional(),
  scorecardPolicy: Scorecards,
})
export type Environment = z.infer<typeof Environment> & { name: string }

const problemsOf = (error: z.ZodError, name: string) =>
  error.issues.map(({ path, message }) => `  environments.${[name, ...path].join('.')}: ${message}`).join('\n')

/** One of cdk.json's environments: the named one, or the first. */
export const environmentOf = (environments: unknown, name?: string): Environment => {
  const all = z.record(z.string().regex(/^[a-z][a-z0-9-]{0,20}$/), z.unknown()).parse(environments)
  const chosen = name ?? Object.keys(all)[0] ?? ''
  if (!(chosen in all)) throw new Error(`cdk.json has no environment '${chosen}', only: ${Object.keys(all).join(', ')}`)
  const { success, data, error } = Environment.safeParse(all[chosen])
  if (!success) throw new Error(`cdk.json has mistakes in this environment:\n${problemsOf(error, chosen)}`)
  return { name: chosen, ...data }
}

/** The name of the bus in each of an environment's regions. */
export const busNameOf = ({ name }: Environment) => `cosell-${name}`

/** The names of their queues: those of the service, and the dead letters. SQS takes 80 characters. */
export const queueNameOf = ({ name }: Environment, queue: string) => `cosell-${name}-${queue.replaceAll('/', '-')}`

/** The aliases of their keys. */
export const keyNameOf = ({ name }: Environment, key: string) => `cosell-${name}-${key}`

/** The names of their tables. */
export const tableNameOf = ({ name }: Environment, table: string) => `cosell-${name}-${table}`

/** The name of Glue's database in each of them; SQL takes it without quotes. */
export const databaseNameOf = ({ name }: Environment) => `cosell_${name.replaceAll('-', '_')}`

/** The settings that every function of an environment may read. */
export const settingsOf = ({ reportingCurrency, grossMargin, azure }: Environment): Record<string, string> => ({
  ...service.settings,
  ...(reportingCurrency && { REPORTING_CURRENCY: reportingCurrency }),
  ...(grossMargin && { GROSS_MARGIN: grossMargin }),
  ...(azure?.flexibleBilling && { AZURE_FLEXIBLE_BILLING: 'on' }),
})

const policyOf = (name: PolicyName, own: object | undefined) => (own ? JSON.stringify(own) : service.policies[name])

/** The vendor's policies, for the functions that go by them. */
export const policiesOf = (environment: Environment): Record<PolicyName, string> => ({
  APPROVAL_POLICY: policyOf('APPROVAL_POLICY', environment.approvalPolicy),
  REMINDER_RULE: policyOf('REMINDER_RULE', environment.reminderRule),
  DRAWDOWN_RULE: policyOf('DRAWDOWN_RULE', environment.drawdownRule),
  RECONCILIATION_RULE: policyOf('RECONCILIATION_RULE', environment.reconciliationRule),
  SUBSCRIPTION_CHANGE_RULE: policyOf('SUBSCRIPTION_CHANGE_RULE', environment.subscriptionChangeRule),
  SETTLEMENT_RULE: policyOf('SETTLEMENT_RULE', environment.settlementRule),
  SURVEY_RULE: policyOf('SURVEY_RULE', environment.surveyRule),
  SCORECARD_POLICY: policyOf('SCORECARD_POLICY', environment.scorecardPolicy),
})

const inRegion = (secretArn: string, region: string) => secretArn.replace(/(?<=:secretsmanager:)[^:]+/, region)

/** What the functions that queue and send messages read. */
export const messagesOf = ({ messages }: Environment, region: string): Record<string, string> => {
  if (!messages) return service.messages
  const { identity: _, webhook, ...rest } = messages
  const here = webhook && { ...webhook, secretArn: inRegion(webhook.secretArn, region) }
  return { MESSAGING: JSON.stringify({ ...rest, ...(here && { webhook: here }) }) }
}

/** What they may use: the identity that mails are sent by, and the secret that webhook calls are signed with. */
export const sendingOf = ({ messages }: Environment, region: string) => ({
  mailIdentity: messages?.sender && (messages.identity ?? messages.sender.split('@')[1]),
  webhookSecretArn: messages?.webhook && inRegion(messages.webhook.secretArn, region),
})

const NO_APP = 'not-configured'

/** What the functions that call Azure read. Without an app they start all the same: offers of AWS need them too. */
export const azureOf = ({ azure }: Environment, region: string): Record<string, string> => ({
  ...service.azure,
  AZURE_TENANT_ID: azure?.tenantId ?? NO_APP,
  AZURE_CLIENT_ID: azure?.clientId ?? NO_APP,
  AZURE_WEBHOOK_APP_ID: azure?.webhookAppId ?? azure?.clientId ?? NO_APP,
  AZURE_SECRET_ARN: azure ? inRegion(azure.secretArn, region) : NO_APP,
})
