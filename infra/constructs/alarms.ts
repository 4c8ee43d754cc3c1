import { Duration, Stack } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, type Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Topic } from 'aws-cdk-lib/aws-sns'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'

const MAX_LAG_MS = 5 * 60_000

/** Where a region's alarms go; operators subscribe to the topic. */
export class Alarms extends Construct {
  readonly topic: Topic

  constructor(scope: Construct, id: string, key: IKey) {
    super(scope, id)
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

  /** Rings when something lies in a dead-letter queue. */
  watchDeadLetters(name: string, queue: IQueue) {
    const waiting = queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: Duration.minutes(1) })
    this.#alarm(`${name}-alarm`, waiting, 0, `${name}: messages wait to be looked at and redriven`)
  }

  /** Rings when a stream's consumer lags behind: its numbers are then out of date. */
  watchLag(name: string, consumer: IFunction) {
    const age = consumer.metric('IteratorAge', { statistic: 'Maximum', period: Duration.minutes(1) })
    this.#alarm(`${name}-lag`, age, MAX_LAG_MS, `${name} is more than five minutes behind its stream`)
  }

  #alarm(id: string, metric: Metric, threshold: number, alarmDescription: string) {
    const alarm = new Alarm(this, id, {
      metric,
      threshold,
      alarmDescription,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })
    alarm.addAlarmAction(new SnsAction(this.topic))
  }
}
