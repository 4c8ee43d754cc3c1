import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, type Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'

const MAX_LAG_MS = 5 * 60_000

/** Where a region's alarms go; operators subscribe to the topic. */
export class Monitoring extends Construct {
  readonly topic = new Topic(this, 'Alarms')

  /** A dead-letter queue that rings when something lies in it. */
  deadLetters(name: string): Queue {
    const queue = new Queue(this, name, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    })
    const waiting = queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: Duration.minutes(1) })
    this.#alarm(`${name}-alarm`, waiting, 0, `${name}: messages wait to be looked at and redriven`)
    return queue
  }

  /** Rings when a stream's consumer lags behind: its numbers are then out of date. */
  watchLag(name: string, consumer: Lambda) {
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
