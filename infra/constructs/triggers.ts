import { Duration } from 'aws-cdk-lib'
import type { ITable } from 'aws-cdk-lib/aws-dynamodb'
import { Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { FilterCriteria, type Function as Lambda, StartingPosition } from 'aws-cdk-lib/aws-lambda'
import { DynamoEventSource, SqsDlq, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import type { Trigger } from '../service-types.ts'
import type { Data } from './data.ts'
import type { Events } from './events.ts'
import type { Monitoring } from './monitoring.ts'

export type Sources = { data: Data; events: Events; monitoring: Monitoring }
type Of<Kind extends Trigger['kind']> = Extract<Trigger, { kind: Kind }>

/** Retries in halves, so that one record that always fails ends in the dead letters and the others go on. */
export const onStream = (consumer: Lambda, name: string, trigger: Of<'stream'>, { data, monitoring }: Sources) => {
  consumer.addEventSource(
    new DynamoEventSource(data.tables[trigger.table] as ITable, {
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: trigger.batchSize,
      retryAttempts: trigger.retries,
      ...(trigger.windowSeconds && { tumblingWindow: Duration.seconds(trigger.windowSeconds) }),
      ...(trigger.waitSeconds && { maxBatchingWindow: Duration.seconds(trigger.waitSeconds) }),
      filters: [FilterCriteria.filter(trigger.filter)],
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      onFailure: new SqsDlq(monitoring.deadLetters(`${name}-failed`)),
    }),
  )
  monitoring.watchLag(name, consumer)
}

export const onQueue = (consumer: Lambda, { queue, batchSize, windowSeconds }: Of<'queue'>, { events }: Sources) =>
  consumer.addEventSource(
    new SqsEventSource(events.queues[queue], {
      batchSize,
      ...(windowSeconds && { maxBatchingWindow: Duration.seconds(windowSeconds) }),
      reportBatchItemFailures: true,
    }),
  )

export const onSchedule = (job: Lambda, name: string, { every }: Of<'schedule'>, enabled: boolean, { monitoring }: Sources) =>
  new Rule(job, 'Schedule', {
    schedule: 'cron' in every ? Schedule.expression(`cron(${every.cron})`) : Schedule.rate(Duration.minutes(every.minutes)),
    enabled,
    targets: [new LambdaFunction(job, { deadLetterQueue: monitoring.deadLetters(`${name}-unstarted`) })],
  })
