import { readFileSync } from 'node:fs'
import { App } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { type Environment, environmentOf } from '../../infra/environment.ts'
import { stacksOf } from '../../infra/stacks.ts'

export const REGIONS = ['eu-central-1', 'us-east-1']
export const environment = environmentOf({
  test: {
    account: '123456789012',
    regions: REGIONS,
    issuer: 'https://login.example.com/',
    audience: ['cosell'],
    messages: {
      sender: 'cosell@vendor.example',
      managers: { emails: ['managers@vendor.example'], timeZone: 'Europe/Berlin' },
      webhook: {
        url: 'https://hooks.vendor.example/cosell',
        secretArn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:cosell/webhook-AbCdEf',
      },
    },
    azure: {
      tenantId: '11111111-1111-4111-8111-111111111111',
      clientId: '22222222-2222-4222-8222-222222222222',
      secretArn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:cosell/azure-AbCdEf',
    },
  },
})
// Synthesis checks templates against AWS's schemas too; that takes seconds and is done by `npm run synth`.
process.env['CDK_VALIDATION'] = 'false'
const codeOf = () => Code.fromInline('export const handler = () => undefined')
/** The settings of cdk.json, as when it is synthesized by command. */
const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'))
export const synthesized = (environment: Environment) => {
  const app = new App({ context })
  return { app, ...stacksOf(app, { environment, codeOf }) }
}
