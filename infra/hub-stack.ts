import { Stack } from 'aws-cdk-lib'
import { EventBus, Rule } from 'aws-cdk-lib/aws-events'
import { EventBus as BusTarget } from 'aws-cdk-lib/aws-events-targets'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { Monitoring } from './constructs/monitoring.ts'
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
    const monitoring = new Monitoring(this, 'Monitoring')
    const role = new Role(this, 'Forwarder', { assumedBy: new ServicePrincipal('events.amazonaws.com') })
    for (const region of regions) {
      const busArn = this.formatArn({ service: 'events', region, resource: 'event-bus', resourceName: busNameOf(environment) })
      const cell = EventBus.fromEventBusArn(this, `bus-${region}`, busArn)
      const deadLetterQueue = monitoring.deadLetters(`${region}-undelivered`)
      new Rule(this, `to-${region}`, {
        eventPattern: { source: SOURCES },
        targets: [new BusTarget(cell, { role, deadLetterQueue })],
      })
    }
  }
}
