import { Duration, Stack } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, type IMetric, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Topic } from 'aws-cdk-lib/aws-sns'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { type AlarmSpec, burning, type Watched } from '../alarms.ts'
import { alarmNameOf, type Environment } from '../environment.ts'

/** Where the things are that alarms look at. */
export type Sights = { queue: (name: string) => IQueue; lambda: (name: string) => IFunction; apiId: string }
export type Condition = { metric: IMetric; threshold: number; below?: true }

const MINUTE = Duration.minutes(1)
// Lambda tries a run that nobody waits for three times.
const TRIES = 3
// Fewer errors than this say nothing about an hour, whatever their share.
const MIN_ERRORS = 5

export const requests = (apiId: string, metricName: 'Count' | '4xx' | '5xx', period: Duration) =>
  new Metric({ namespace: 'AWS/ApiGateway', metricName, dimensionsMap: { ApiId: apiId }, statistic: 'Sum', period })

const errorShare = (apiId: string, period: Duration) =>
  new MathExpression({
    expression: `IF(errors >= ${MIN_ERRORS}, errors / requests, 0)`,
    usingMetrics: { errors: requests(apiId, '5xx', period), requests: requests(apiId, 'Count', period) },
    label: 'share of 5xx',
    period,
  })

const goodRuns = (job: IFunction, period: Duration) =>
  new MathExpression({
    expression: 'runs - errors',
    usingMetrics: { runs: job.metricInvocations({ period }), errors: job.metricErrors({ period }) },
    label: 'good runs',
    period,
  })

export const lagOf = (consumer: IFunction) => consumer.metric('IteratorAge', { statistic: 'Maximum', period: MINUTE })
export const ageOf = (queue: IQueue) => queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: MINUTE })
export const waitingIn = (queue: IQueue) =>
  queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: MINUTE })

export const anyIn = (queue: IQueue): Condition => ({ metric: waitingIn(queue), threshold: 0 })

/** When an alarm rings. */
export const conditionOf = (watched: Watched, { queue, lambda, apiId }: Sights): Condition => {
  switch (watched.kind) {
    case 'waiting':
      return anyIn(queue(watched.of))
    case 'age':
      return { metric: ageOf(queue(watched.of)), threshold: watched.minutes * 60 }
    case 'lag':
      return { metric: lagOf(lambda(watched.of)), threshold: watched.minutes * 60_000 }
    case 'quiet':
      return { metric: goodRuns(lambda(watched.of), Duration.minutes(watched.minutes)), threshold: 1, below: true }
    case 'lost':
      return { metric: lambda(watched.of).metricErrors({ period: Duration.hours(1) }), threshold: TRIES - 1 }
    case 'budget':
      return { metric: errorShare(apiId, Duration.hours(watched.hours)), threshold: burning(watched) }
  }
}

/** The alarms of a region, and the topic that they ring; operators subscribe to it. */
export class Alarms extends Construct {
  readonly topic: Topic
  readonly #environment: Environment

  constructor(scope: Construct, id: string, { environment, key }: { environment: Environment; key: IKey }) {
    super(scope, id)
    this.#environment = environment
    this.topic = new Topic(this, 'Topic', { masterKey: key, enforceSSL: true })
    // A topic with a policy of its own no longer lets the account's alarms ring it.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    )
  }

  /** What says nothing is well, but for what should have run. */
  add({ entry, says, of }: AlarmSpec, { metric, threshold, below }: Condition): Alarm {
    const { GREATER_THAN_THRESHOLD: above, LESS_THAN_THRESHOLD: less } = ComparisonOperator
    const alarm = new Alarm(this, `${entry}-${of}`, {
      alarmName: alarmNameOf(this.#environment, `${entry}-${of}`),
      alarmDescription: `${says}. In the runbook: ${entry}`,
      metric,
      threshold,
      comparisonOperator: below ? less : above,
      evaluationPeriods: 1,
      treatMissingData: below ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    })
    alarm.addAlarmAction(new SnsAction(this.topic))
    return alarm
  }
}
