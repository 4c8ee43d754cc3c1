import { Rule } from 'aws-cdk-lib/aws-events'
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { type IQueue, Queue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { deadLetters, fromRules, queuePolicy } from './constructs/queues.ts'
import { isWanted, onQueue, onSchedule, onStream, patternOf, type Sources } from './constructs/triggers.ts'
import { failedWork, UNDELIVERED } from './dead-letters.ts'
import type { Environment } from './environment.ts'
import { type FunctionsProps, functionsIn, isServing, type Made, resourcesOf } from './functions.ts'
import { RegionStack } from './region.ts'
import { service } from './service.ts'

/** What a region does by itself: the rules that lead from the bus to the queues, and the functions of queues, streams and schedules. */
export class ProcessingStack extends RegionStack {
  readonly functions: Made[]

  constructor(scope: Construct, props: FunctionsProps) {
    super(scope, 'processing', props)
    const { environment, codeOf } = props
    const known = resourcesOf(this, props)
    const { bus, queues, keys } = known
    const failed = this.#deadLetters(environment, keys.messages)
    const resources = { ...known, failed }
    for (const { name, queue, pattern } of service.rules) {
      const target = new SqsQueue(queues[queue], { deadLetterQueue: failed[UNDELIVERED] as IQueue })
      new Rule(this, `rule-${name}`, { eventBus: bus, eventPattern: patternOf(pattern), targets: [target] })
    }
    this.functions = functionsIn(this, codeOf, resources, (spec) => !isServing(spec))
    for (const made of this.functions) this.#start(made, isWanted(made.spec, environment), resources)
  }

  #start({ name, spec, lambda }: Made, wanted: boolean, sources: Sources) {
    for (const trigger of spec.triggers) {
      if (trigger.kind === 'stream') onStream(lambda, name, trigger, sources)
      if (trigger.kind === 'queue') onQueue(lambda, trigger, sources)
      if (trigger.kind === 'schedule') onSchedule(lambda, trigger, wanted, sources)
    }
  }

  /** The queues by name, as what cannot change the policy that they have in common. */
  #deadLetters(environment: Environment, key: IKey): Record<string, IQueue> {
    const made = failedWork.map((name) => [name, deadLetters(this, environment, name, key)] as const)
    const queues = made.map(([, queue]) => queue)
    queuePolicy(this, 'FailedPolicy', queues, fromRules(this))
    return Object.fromEntries(made.map(([name, { queueArn }]) => [name, Queue.fromQueueArn(this, `at-${name}`, queueArn)]))
  }
}
