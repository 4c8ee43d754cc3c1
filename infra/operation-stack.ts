import { CfnOutput } from 'aws-cdk-lib'
import { Rule } from 'aws-cdk-lib/aws-events'
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import { type AlarmSpec, alarms, toldAtOnce } from './alarms.ts'
import { Alarms, conditionOf, type Sights } from './constructs/alarms.ts'
import { dashboard } from './constructs/dashboard.ts'
import { isWanted, patternOf } from './constructs/triggers.ts'
import { failedMessages, failedWork, UNDELIVERED } from './dead-letters.ts'
import type { Environment } from './environment.ts'
import type { Made } from './functions.ts'
import { busAt, keyAt, queueAt, queueNames, type RegionProps, RegionStack } from './region.ts'
import { functions } from './service.ts'

type OperationProps = RegionProps & { functions: Made[]; apiId: string; keyArn: string }

/** What never runs need not be missed. */
const isRinging = ({ kind, of }: AlarmSpec, environment: Environment) => {
  const spec = functions[of]
  return kind !== 'quiet' || (spec !== undefined && isWanted(spec, environment))
}

/** What looks at a region and tells operators. `keyArn`: of the key of the topic. */
export class OperationStack extends RegionStack {
  constructor(scope: Construct, { functions: made, apiId, keyArn, ...props }: OperationProps) {
    super(scope, 'operation', props)
    const { environment } = props
    const sights = this.#sights(environment, made, apiId)
    const ringing = new Alarms(this, 'Alarms', { environment, key: keyAt(this, 'messages', keyArn) })
    const wanted = alarms.filter((spec) => isRinging(spec, environment))
    dashboard(
      this,
      environment,
      sights,
      wanted.map((spec) => ringing.add(spec, conditionOf(spec, sights))),
    )

    const eventBus = busAt(this, environment)
    const target = new SnsTopic(ringing.topic, { deadLetterQueue: sights.queue(UNDELIVERED) })
    for (const { entry, pattern } of toldAtOnce)
      new Rule(this, `alarm-${entry}`, { eventBus, eventPattern: patternOf(pattern), targets: [target] })
    new CfnOutput(this, 'AlarmTopic', { value: ringing.topic.topicArn })
  }

  #sights(environment: Environment, made: Made[], apiId: string): Sights {
    const names = [...queueNames, ...failedMessages, ...failedWork]
    const queues = new Map(names.map((name) => [name, queueAt(this, environment, name)]))
    const lambdas = new Map<string, IFunction>(made.map(({ name, lambda }) => [name, lambda]))
    return { queue: (name) => found(queues, name), lambda: (name) => found(lambdas, name), apiId }
  }
}

const found = <T>(things: Map<string, T>, name: string): T => {
  const thing = things.get(name)
  if (!thing) throw new Error(`an alarm looks at ${name}, which there is not`)
  return thing
}
