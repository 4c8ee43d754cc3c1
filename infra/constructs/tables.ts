import { RemovalPolicy } from 'aws-cdk-lib'
import { AttributeType, Billing, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import type { Construct } from 'constructs'
import { type Environment, tableNameOf } from '../environment.ts'
import { service } from '../service.ts'
import type { TableName } from '../service-types.ts'

const key = (name: string) => ({ name, type: AttributeType.STRING })

/** A table of a region. It outlives the stack, which by its name cannot be made again without it. */
export const keptTable = (scope: Construct, environment: Environment, name: TableName) =>
  new TableV2(scope, `table-${name}`, {
    tableName: tableNameOf(environment, name),
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
