import { describe, expect, it } from 'vitest'
import { azureOf, environmentOf, messagesOf, policiesOf, sendingOf, settingsOf } from '../../infra/environment.ts'
import { service } from '../../infra/service.ts'
import { ChangeRule } from '../../lib/agreements/subscription-change.ts'
import { ApprovalPolicy, policyIn } from '../../lib/approvals/policy.ts'
import { DrawdownRule } from '../../lib/commitments/drawdown.ts'
import { Messaging } from '../../lib/outbox/receiver.ts'
import { ReconciliationRule } from '../../lib/reconciliation/rule.ts'
import { ReminderRule } from '../../lib/reminders/rule.ts'
import { SettlementRule } from '../../lib/settlements/rule.ts'
import { SurveyRule } from '../../lib/surveys/response.ts'
import { policyInput, ruleOf, stepOf } from '../support/policy.ts'

const valid = { regions: ['eu-central-1', 'us-east-1'], issuer: 'https://login.example.com/', audience: ['cosell'] }
const azure = {
  tenantId: '11111111-1111-4111-8111-111111111111',
  clientId: '22222222-2222-4222-8222-222222222222',
  secretArn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:cosell/azure-AbCdEf',
}
const environment = (over: object = {}) => environmentOf({ test: { ...valid, ...over } })

describe('an environment of cdk.json', () => {
  it('is the first one unless another is named', () => {
    const both = { dev: valid, live: valid }
    expect(environmentOf(both).name).toBe('dev')
    expect(environmentOf(both, 'live').name).toBe('live')
    expect(() => environmentOf(both, 'prod')).toThrow("no environment 'prod', only: dev, live")
  })

  it.each([
    ['account', { account: '123' }, /environments\.test\.account: must be an account number of 12 digits/],
    ['region', { regions: ['frankfurt'] }, /environments\.test\.regions\.0: must be a region/],
    ['region named twice', { regions: ['us-east-1', 'us-east-1'] }, /environments\.test\.regions: must name each region once/],
    ['issuer without https', { issuer: 'http://login.example.com' }, /environments\.test\.issuer/],
    ['gross margin', { grossMargin: '80%' }, /environments\.test\.grossMargin: must be a share with four digits/],
    ['approval policy', { approvalPolicy: { id: 'a' } }, /environments\.test\.approvalPolicy\.versions/],
    [
      'step of an approval policy',
      { approvalPolicy: policyInput([stepOf('desk', { need: 2 })], [ruleOf('all', { always: true }, 'desk')]) },
      /environments\.test\.approvalPolicy\.versions\.0\.steps\.0\.need: is 2, but the step has only 1/,
    ],
    [
      'size of an approval policy',
      {
        approvalPolicy: policyInput(
          [stepOf('desk')],
          Array.from({ length: 40 }, (_, nth) => ruleOf(`r${nth}`, { always: true }, 'desk')),
        ),
      },
      /environments\.test\.approvalPolicy: takes \d{4} bytes as JSON, and a Lambda function has room for 3000/,
    ],
    ['secret', { azure: { ...azure, secretArn: 'cosell' } }, /environments\.test\.azure\.secretArn: must be the ARN of a secret/],
    ['sender', { messages: { sender: 'cosell' } }, /environments\.test\.messages\.sender: must be an e-mail address/],
    [
      'time zone',
      { messages: { managers: { emails: [], timeZone: 'Berlin' } } },
      /messages\.managers\.timeZone: must be a time zone like Europe\/Berlin/,
    ],
    [
      'webhook',
      { messages: { webhook: { url: 'http://x.example', secretArn: azure.secretArn } } },
      /messages\.webhook\.url: must be an https address/,
    ],
    ['reminder rule', { reminderRule: { pending: [0] } }, /environments\.test\.reminderRule\.pending\.0/],
    ['drawdown rule', { drawdownRule: { endingSoonDays: 90 } }, /environments\.test\.drawdownRule\.ineligibleProducts/],
    ['unknown field', { regoins: [] }, /regoins/],
  ])('refuses a wrong %s and names it', (_, over, message) => {
    expect(() => environment(over)).toThrow(message)
  })

  it('has the settings of the service unless it says otherwise', () => {
    expect(settingsOf(environment())).toEqual(service.settings)
    expect(policiesOf(environment())).toEqual(service.policies)
    expect(settingsOf(environment({ reportingCurrency: 'EUR', grossMargin: '0.7500' }))).toMatchObject({
      REPORTING_CURRENCY: 'EUR',
      GROSS_MARGIN: '0.7500',
    })
  })

  it('passes on an approval policy that offers can read', () => {
    const input = policyInput([stepOf('desk')], [ruleOf('all', { always: true }, 'desk')])
    const setting = JSON.parse(policiesOf(environment({ approvalPolicy: input })).APPROVAL_POLICY)
    expect(ApprovalPolicy.parse(setting)).toEqual(ApprovalPolicy.parse(input))
  })

  it('has an approval policy of its own that loads', () => {
    expect(policyIn(service.policies.APPROVAL_POLICY).id).toBe('discount-and-total')
  })

  it('passes on a rule of reminders that they can read', () => {
    const rule = { pending: [5], expiring: [], ending: { days: [60, 20], thenEvery: 5 }, renewing: [20], terms: [3] }
    expect(ReminderRule.parse(JSON.parse(policiesOf(environment({ reminderRule: rule })).REMINDER_RULE))).toEqual(rule)
    expect(Object.keys(rule)).toEqual(Object.keys(ReminderRule.shape))
  })

  it('passes on a rule of drawing down that commitments can read', () => {
    const rule = { ineligibleProducts: ['prod-hardware'], endingSoonDays: 60 }
    expect(DrawdownRule.parse(JSON.parse(policiesOf(environment({ drawdownRule: rule })).DRAWDOWN_RULE))).toEqual(rule)
    expect(Object.keys(rule)).toEqual(Object.keys(DrawdownRule.shape))
  })

  it('passes on a rule of reconciliation that it can read', () => {
    const days = { aws: 3, azure: 20 }
    const rule = { agreement: days, billing: days, payment: days, payout: days, feeTolerance: 0 }
    const setting = policiesOf(environment({ reconciliationRule: rule })).RECONCILIATION_RULE
    expect(ReconciliationRule.parse(JSON.parse(setting))).toEqual(rule)
    expect(Object.keys(rule)).toEqual(Object.keys(ReconciliationRule.shape))
  })

  it('passes on a rule of changes of subscriptions that they can read', () => {
    const rule = {
      ...{ planOfOffer: 'confirm', planLeavingOffer: 'confirm', planWithoutOffer: 'refuse' },
      ...{ usersWithinLimits: 'confirm', usersBeyondLimits: 'confirm', usersWithoutLimits: 'refuse' },
    }
    const setting = policiesOf(environment({ subscriptionChangeRule: rule })).SUBSCRIPTION_CHANGE_RULE
    expect(ChangeRule.parse(JSON.parse(setting))).toEqual(rule)
    expect(Object.keys(rule)).toEqual(Object.keys(ChangeRule.shape))
  })

  it('passes on a rule of settlements that their reader can read', () => {
    const rule = { repeatEveryDays: 7, repeatForDays: 90 }
    expect(SettlementRule.parse(JSON.parse(policiesOf(environment({ settlementRule: rule })).SETTLEMENT_RULE))).toEqual(rule)
    expect(Object.keys(rule)).toEqual(Object.keys(SettlementRule.shape))
  })

  it('passes on a rule of surveys that they can read', () => {
    const rule = { minRespondents: 8, openDays: 14 }
    expect(SurveyRule.parse(JSON.parse(policiesOf(environment({ surveyRule: rule })).SURVEY_RULE))).toEqual(rule)
    expect(Object.keys(rule)).toEqual(Object.keys(SurveyRule.shape))
    expect(() => environment({ surveyRule: { ...rule, minRespondents: 4 } })).toThrow(/surveyRule\.minRespondents/)
  })

  const messaging = (messages?: object) =>
    Messaging.parse(JSON.parse(messagesOf(environment(messages && { messages }), 'eu-central-1')['MESSAGING'] ?? ''))
  const webhook = { url: 'https://hooks.vendor.example/cosell', secretArn: azure.secretArn }

  it('passes on who sends and receives messages; nobody unless it says so', () => {
    expect(messaging()).toEqual({ managers: { emails: [], timeZone: 'UTC' } })
    const sender = 'cosell@vendor.example'
    const managers = { emails: ['mia@vendor.example'], timeZone: 'Europe/Berlin' }
    expect(messaging({ sender, identity: 'vendor.example', managers, webhook })).toEqual({
      sender,
      managers,
      webhook: { ...webhook, secretArn: azure.secretArn.replace('us-east-1', 'eu-central-1'), timeZone: 'UTC' },
    })
  })

  it("lets the sender use its domain's identity, or the one that is named", () => {
    const identity = (messages?: object) => sendingOf(environment(messages && { messages }), 'eu-central-1').mailIdentity
    expect(identity({ sender: 'cosell@vendor.example' })).toBe('vendor.example')
    expect(identity({ sender: 'cosell@vendor.example', identity: 'cosell@vendor.example' })).toBe('cosell@vendor.example')
    expect([identity({ webhook }), identity()]).toEqual([undefined, undefined])
  })

  it('lets flexible schedules go to Azure only where it says so', () => {
    const settingFor = (flexibleBilling: boolean) =>
      settingsOf(environment({ azure: { ...azure, flexibleBilling } }))['AZURE_FLEXIBLE_BILLING']
    expect([settingFor(true), settingFor(false), settingsOf(environment())['AZURE_FLEXIBLE_BILLING']]).toEqual([
      'on',
      'off',
      'off',
    ])
  })

  it("reads the secret's replica of the cell's own region", () => {
    expect(azureOf(environment({ azure }), 'eu-central-1')['AZURE_SECRET_ARN']).toBe(
      'arn:aws:secretsmanager:eu-central-1:123456789012:secret:cosell/azure-AbCdEf',
    )
  })
})
