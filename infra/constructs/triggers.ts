import { Duration } from 'aws-cdk-lib'
import type { ITable } from 'aws-cdk-lib/aws-dynamodb'
import { type EventPattern, Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { FilterCriteria, type Function as Lambda, StartingPosition } from 'aws-cdk-lib/aws-lambda'
import { DynamoEventSource, SqsDlq, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { failedOf, UNSTARTED } from '../dead-letters.ts'
import type { Environment } from '../environment.ts'
import type { Pattern, QueueName, ServiceFunction, TableName, Trigger } from '../service-types.ts'

/** `failed`: the dead letters by their names. */
export type Sources = {
  tables: Record<TableName, ITable>
  queues: Record<QueueName, IQueue>
  failed: Record<string, IQueue>
}
type Of<Kind extends Trigger['kind']> = Extract<Trigger, { kind: Kind }>

/** Retries in halves, so that one record that always fails ends in the dead letters and the others go on. */
export const onStream = (consumer: Lambda, name: string, trigger: Of<'stream'>, { tables, failed }: Sources) =>
  consumer.addEventSource(
    new DynamoEventSource(tables[trigger.table], {
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: trigger.batchSize,
      retryAttempts: trigger.retries,
      ...(trigger.windowSeconds && { tumblingWindow: Duration.seconds(trigger.windowSeconds) }),
      ...(trigger.waitSeconds && { maxBatchingWindow: Duration.seconds(trigger.waitSeconds) }),
      filters: [FilterCriteria.filter(trigger.filter)],
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      onFailure: new SqsDlq(failed[failedOf(name)] as IQueue),
    }),
  )

export const onQueue = (consumer: Lambda, { queue, batchSize, windowSeconds }: Of<'queue'>, { queues }: Sources) =>
  consumer.addEventSource(
    new SqsEventSource(queues[queue], {
      batchSize,
      ...(windowSeconds && { maxBatchingWindow: Duration.seconds(windowSeconds) }),
      reportBatchItemFailures: true,
    }),
  )

export const onSchedule = (job: Lambda, { every }: Of<'schedule'>, enabled: boolean, { failed }: Sources) =>
  new Rule(job, 'Schedule', {
    schedule: 'cron' in every ? Schedule.expression(`cron(${every.cron})`) : Schedule.rate(Duration.minutes(every.minutes)),
    enabled,
    targets: [new LambdaFunction(job, { deadLetterQueue: failed[UNSTARTED] as IQueue })],
  })

/** Without an Azure app there is nothing that could be asked on a schedule, without receivers nobody to remind. */
export const isWanted = ({ access }: ServiceFunction, { azure, messages }: Environment) =>
  (!access.azure || azure !== undefined) && (!access.messages || messages !== undefined)

/** A pattern in CDK's words. */
export const patternOf = ({ 'detail-type': detailType, ...rest }: Pattern): EventPattern => ({
  ...rest,
  ...(Array.isArray(detailType) && { detailType }),
})
