import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { TWIN_TABLE } from './dynamodb.ts'
import type { Shelf } from './marketplaces/stand-in.ts'

/** The twin's own state lies in a table of the same engine, so that it survives whatever the service's data survives. */
export const openShelf = (): Shelf => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}))
  const table = { TableName: TWIN_TABLE }
  const parse = <T>(item: Record<string, unknown>) => JSON.parse(String(item['document'])) as T
  return {
    get: async <T>(pk: string, sk: string) => {
      const { Item } = await client.send(new GetCommand({ ...table, Key: { pk, sk }, ConsistentRead: true }))
      return Item && parse<T>(Item)
    },
    put: async (pk, sk, document) => {
      await client.send(new PutCommand({ ...table, Item: { pk, sk, document: JSON.stringify(document) } }))
    },
    remove: async (pk, sk) => {
      await client.send(new DeleteCommand({ ...table, Key: { pk, sk } }))
    },
    list: async <T>(pk: string) => {
      const found: T[] = []
      let from: Record<string, unknown> | undefined
      do {
        const query = {
          ...table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': pk },
          ConsistentRead: true,
        }
        const { Items = [], LastEvaluatedKey } = await client.send(
          new QueryCommand({ ...query, ...(from && { ExclusiveStartKey: from }) }),
        )
        found.push(...Items.map((item) => parse<T>(item)))
        from = LastEvaluatedKey
      } while (from)
      return found
    },
  }
}
