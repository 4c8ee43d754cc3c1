import { Stack } from 'aws-cdk-lib'
import { type ITable, TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events'
import { type IKey, Key } from 'aws-cdk-lib/aws-kms'
import type { Code } from 'aws-cdk-lib/aws-lambda'
import { type IQueue, Queue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { busNameOf, type Environment, queueNameOf, tableNameOf } from './environment.ts'
import { service } from './service.ts'
import type { QueueName, TableName } from './service-types.ts'

// What the stacks of a region have in common. Bus, queues and tables are known by their names beyond the stack that makes them: a
// reference to it would hold up its updates, or (a weak one) CloudFormation could not tell beforehand whether a rule or an event
// source that it feeds must be replaced.

export type KeyName = 'data' | 'messages'
export type RegionProps = { environment: Environment; region: string }
export type CodeProps = RegionProps & { codeOf: (name: string) => Code }

/** A part of a region as a stack of its own. */
export class RegionStack extends Stack {
  constructor(scope: Construct, part: string, { environment: { name, account }, region }: RegionProps) {
    super(scope, `Cosell-${name}-${region}-${part}`, { env: { region, ...(account && { account }) } })
  }
}

export const busAt = (scope: Construct, environment: Environment): IEventBus =>
  EventBus.fromEventBusName(scope, 'Bus', busNameOf(environment))

export const queueAt = (scope: Construct, environment: Environment, name: string): IQueue =>
  Queue.fromQueueArn(
    scope,
    `queue-${name}`,
    Stack.of(scope).formatArn({ service: 'sqs', resource: queueNameOf(environment, name) }),
  )

/** A table, with its stream where that is read. */
export const tableAt = (scope: Construct, environment: Environment, name: TableName, tableStreamArn: string): ITable =>
  TableV2.fromTableAttributes(scope, `table-${name}`, { tableName: tableNameOf(environment, name), tableStreamArn }) as ITable

export const keyAt = (scope: Construct, name: KeyName, arn: string): IKey => Key.fromKeyArn(scope, `key-${name}`, arn)

export const queueNames = Object.keys(service.queues) as QueueName[]
export const tableNames = Object.keys(service.tables) as TableName[]
