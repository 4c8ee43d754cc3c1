import { Stack } from 'aws-cdk-lib'
import { EventBus, Rule } from 'aws-cdk-lib/aws-events'
import { EventBus as BusTarget } from 'aws-cdk-lib/aws-events-targets'
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { Alarms } from './constructs/alarms.ts'
import { hubKey } from './constructs/keys.ts'
import { deadLetters, fromRules, queuePolicy } from './constructs/queues.ts'
import { UNDELIVERED } from './dead-letters.ts'
import { busNameOf, type Environment } from './environment.ts'

const SOURCES = ['aws.marketplacecatalog', 'aws.agreement-marketplace']

/**
 * AWS Marketplace tells what happens only on the default bus of us-east-1. From there it is forwarded to the bus of every cell.
 * All are of one account, so the role is permission enough and the buses need no policy of their own.
 */
export class HubStack extends Stack {
  constructor(scope: Construct, { environment }: { environment: Environment }) {
    const { name, account, regions } = environment
    super(scope, `Cosell-${name}-hub`, { env: { region: 'us-east-1', ...(account && { account }) } })
    const key = hubKey(this, environment)
    const undelivered = deadLetters(this, environment, `hub-${UNDELIVERED}`, key)
    queuePolicy(this, 'FailedPolicy', [undelivered], fromRules(this))
    new Alarms(this, 'Alarms', key).watchDeadLetters(`hub-${UNDELIVERED}`, undelivered)
    const deadLetterQueue = Queue.fromQueueArn(this, 'Undelivered', undelivered.queueArn)
    const arnOf = (region: string) =>
      this.formatArn({ service: 'events', region, resource: 'event-bus', resourceName: busNameOf(environment) })
    const role = this.#forwarder(regions.map(arnOf))
    for (const region of regions) {
      const cell = EventBus.fromEventBusArn(this, `bus-${region}`, arnOf(region))
      new Rule(this, `to-${region}`, {
        eventPattern: { source: SOURCES },
        targets: [new BusTarget(cell, { role, deadLetterQueue })],
      })
    }
  }

  #forwarder(busArns: string[]) {
    const forward = new PolicyStatement({ actions: ['events:PutEvents'], resources: busArns })
    return new Role(this, 'Forwarder', {
      assumedBy: new ServicePrincipal('events.amazonaws.com'),
      inlinePolicies: { forward: new PolicyDocument({ statements: [forward] }) },
    }).withoutPolicyUpdates()
  }
}
