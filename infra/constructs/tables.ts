import { RemovalPolicy } from 'aws-cdk-lib'
import { AttributeType, Billing, StreamViewType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import type { Key } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { type Environment, tableNameOf } from '../environment.ts'
import { service } from '../service.ts'
import type { TableName } from '../service-types.ts'

const attribute = (name: string) => ({ name, type: AttributeType.STRING })

/** A table of a region. It outlives the stack, which by its name cannot be made again without it. */
export const keptTable = (scope: Construct, environment: Environment, name: TableName, key: Key) =>
  new TableV2(scope, `table-${name}`, {
    tableName: tableNameOf(environment, name),
    partitionKey: attribute('pk'),
    sortKey: attribute('sk'),
    globalSecondaryIndexes: service.tables[name].indexes.map((indexName) => ({
      indexName,
      partitionKey: attribute(`${indexName}pk`),
      sortKey: attribute(`${indexName}sk`),
    })),
    encryption: TableEncryptionV2.customerManagedKey(key),
    billing: Billing.onDemand(),
    dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
    timeToLiveAttribute: 'ttl',
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  })
