import { Duration } from 'aws-cdk-lib'
import { EventBus, type EventPattern, Match, Rule } from 'aws-cdk-lib/aws-events'
import { SnsTopic, SqsQueue } from 'aws-cdk-lib/aws-events-targets'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { service } from '../service.ts'
import type { Pattern, QueueName } from '../service-types.ts'
import type { Monitoring } from './monitoring.ts'

const ARCHIVED_DAYS = 365

const queueNames = Object.keys(service.queues) as QueueName[]

const patternOf = ({ 'detail-type': detailType, ...rest }: Pattern): EventPattern => ({
  ...rest,
  ...(Array.isArray(detailType) && { detailType }),
})

/** The bus of a cell, its queues, and the rules that lead from the one to the others. */
export class Events extends Construct {
  readonly bus: EventBus
  readonly queues: Record<QueueName, Queue>

  constructor(scope: Construct, id: string, { busName, monitoring }: { busName: string; monitoring: Monitoring }) {
    super(scope, id)
    this.bus = new EventBus(this, 'Bus', { eventBusName: busName })
    this.bus.archive('Archive', { eventPattern: { source: Match.prefix('') }, retention: Duration.days(ARCHIVED_DAYS) })

    const queues = queueNames.map((name) => [name, this.#queue(name, monitoring.deadLetters(`${name}-failed`))])
    this.queues = Object.fromEntries(queues)

    for (const { name, queue, pattern } of service.rules) {
      const target = new SqsQueue(this.queues[queue], { deadLetterQueue: monitoring.deadLetters(`${name}-undelivered`) })
      new Rule(this, `rule-${name}`, { eventBus: this.bus, eventPattern: patternOf(pattern), targets: [target] })
    }
    for (const { name, pattern } of service.alarms) {
      const targets = [new SnsTopic(monitoring.topic, { deadLetterQueue: monitoring.deadLetters(`${name}-undelivered`) })]
      new Rule(this, `alarm-${name}`, { eventBus: this.bus, eventPattern: patternOf(pattern), targets })
    }
  }

  #queue(name: QueueName, deadLetters: Queue): Queue {
    return new Queue(this, name, {
      visibilityTimeout: Duration.seconds(service.queues[name].visibilitySeconds),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: service.maxReceives },
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    })
  }
}
