import { RemovalPolicy } from 'aws-cdk-lib'
import { AttributeType, Billing, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { Construct } from 'constructs'
import { service } from '../service.ts'
import type { TableName } from '../service-types.ts'

const key = (name: string) => ({ name, type: AttributeType.STRING })

const table = (scope: Construct, name: TableName) =>
  new TableV2(scope, name, {
    partitionKey: key('pk'),
    sortKey: key('sk'),
    globalSecondaryIndexes: service.tables[name].indexes.map((indexName) => ({
      indexName,
      partitionKey: key(`${indexName}pk`),
      sortKey: key(`${indexName}sk`),
    })),
    billing: Billing.onDemand(),
    dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
    timeToLiveAttribute: 'ttl',
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  })

/** The tables of a cell. They outlive the stack. */
export class Data extends Construct {
  readonly tables: Record<TableName, TableV2> = { records: table(this, 'records'), metrics: table(this, 'metrics') }
}
