import { CfnOutput, Stack } from 'aws-cdk-lib'
import type { Code, Function as Lambda } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import { Api } from './constructs/api.ts'
import { KeptBucket } from './constructs/buckets.ts'
import { Catalog } from './constructs/catalog.ts'
import { Data } from './constructs/data.ts'
import { Events } from './constructs/events.ts'
import { Monitoring } from './constructs/monitoring.ts'
import { type Resources, serviceFunction } from './constructs/service-function.ts'
import { onQueue, onSchedule, onStream } from './constructs/triggers.ts'
import {
  azureOf,
  busNameOf,
  databaseNameOf,
  type Environment,
  messagesOf,
  policiesOf,
  sendingOf,
  settingsOf,
} from './environment.ts'
import { functions } from './service.ts'
import type { ServiceFunction } from './service-types.ts'

export type CellProps = { environment: Environment; region: string; codeOf: (name: string) => Code }

/** One region of Cosell, which needs no other: its tables, bus, functions, API and buckets. */
export class CellStack extends Stack {
  readonly #environment: Environment
  readonly #monitoring = new Monitoring(this, 'Monitoring')
  readonly #data = new Data(this, 'Data')
  readonly #exports: KeptBucket
  readonly #settlements: KeptBucket
  readonly #events: Events
  readonly #api: Api

  constructor(scope: Construct, { environment, region, codeOf }: CellProps) {
    const { name, account } = environment
    super(scope, `Cosell-${name}-${region}`, { env: { region, ...(account && { account }) } })
    this.#environment = environment
    this.#events = new Events(this, 'Events', { busName: busNameOf(environment), monitoring: this.#monitoring })
    this.#exports = new KeptBucket(this, 'Exports', 'exports', this.#events.queues)
    this.#settlements = new KeptBucket(this, 'Settlements', 'settlements', this.#events.queues)
    new Catalog(this, 'Catalog', { databaseName: databaseNameOf(environment), bucket: this.#exports.bucket })
    this.#api = new Api(this, 'Api', environment)

    const resources = this.#resources()
    for (const [name, spec] of Object.entries(functions))
      this.#trigger(name, spec, serviceFunction(this, name, spec, codeOf(name), resources))

    new CfnOutput(this, 'ApiUrl', { value: this.#api.url })
    new CfnOutput(this, 'ExportsBucket', { value: this.#exports.bucket.bucketName })
    new CfnOutput(this, 'AlarmTopic', { value: this.#monitoring.topic.topicArn })
  }

  #resources(): Resources {
    const azure = azureOf(this.#environment, this.region)
    const { mailIdentity, webhookSecretArn } = sendingOf(this.#environment, this.region)
    return {
      tables: this.#data.tables,
      bus: this.#events.bus,
      queues: this.#events.queues,
      buckets: { exports: this.#exports.bucket, settlements: this.#settlements.bucket },
      settings: settingsOf(this.#environment),
      policies: policiesOf(this.#environment),
      azure,
      azureSecretArn: this.#environment.azure && azure['AZURE_SECRET_ARN'],
      messages: messagesOf(this.#environment, this.region),
      mailIdentityArn: mailIdentity && this.formatArn({ service: 'ses', resource: 'identity', resourceName: mailIdentity }),
      webhookSecretArn,
    }
  }

  #trigger(name: string, { triggers, access }: ServiceFunction, lambda: Lambda) {
    const sources = { data: this.#data, events: this.#events, monitoring: this.#monitoring }
    // Without an Azure app there is nothing that could be asked on a schedule, without receivers nobody to remind.
    const { azure, messages } = this.#environment
    const enabled = (!access.azure || azure !== undefined) && (!access.messages || messages !== undefined)
    for (const trigger of triggers) {
      if (trigger.kind === 'api') this.#api.serve(name, trigger.contract, lambda)
      if (trigger.kind === 'stream') onStream(lambda, name, trigger, sources)
      if (trigger.kind === 'queue') onQueue(lambda, trigger, sources)
      if (trigger.kind === 'schedule') onSchedule(lambda, name, trigger, enabled, sources)
    }
  }
}
