import { CfnOutput } from 'aws-cdk-lib'
import { Rule } from 'aws-cdk-lib/aws-events'
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { Alarms } from './constructs/alarms.ts'
import { patternOf } from './constructs/triggers.ts'
import { failedMessages, failedWork, UNDELIVERED } from './dead-letters.ts'
import type { Made } from './functions.ts'
import { busAt, keyAt, queueAt, type RegionProps, RegionStack } from './region.ts'
import { service } from './service.ts'

/** `keyArn`: of the key of the topic. */
type OperationProps = RegionProps & { functions: Made[]; keyArn: string }

/** What looks at a region and tells operators. */
export class OperationStack extends RegionStack {
  constructor(scope: Construct, { functions, keyArn, ...props }: OperationProps) {
    super(scope, 'operation', props)
    const alarms = new Alarms(this, 'Alarms', keyAt(this, 'messages', keyArn))
    const names = [...failedMessages, ...failedWork]
    const deadLetters = new Map(names.map((name) => [name, queueAt(this, props.environment, name)]))
    for (const [name, queue] of deadLetters) alarms.watchDeadLetters(name, queue)
    for (const { name, spec, lambda } of functions)
      if (spec.triggers.some(({ kind }) => kind === 'stream')) alarms.watchLag(name, lambda)

    const eventBus = busAt(this, props.environment)
    const target = new SnsTopic(alarms.topic, { deadLetterQueue: deadLetters.get(UNDELIVERED) as IQueue })
    for (const { name, pattern } of service.alarms)
      new Rule(this, `alarm-${name}`, { eventBus, eventPattern: patternOf(pattern), targets: [target] })
    new CfnOutput(this, 'AlarmTopic', { value: alarms.topic.topicArn })
  }
}
