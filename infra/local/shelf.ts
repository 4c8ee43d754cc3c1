import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { TWIN_TABLE } from './dynamodb.ts'
import type { Shelf } from './marketplaces/stand-in.ts'

type Collection = Map<string, string>

const table = { TableName: TWIN_TABLE }

/** All documents of a collection as they were left. */
const load = async (client: DynamoDBDocumentClient, pk: string): Promise<Collection> => {
  const documents: Collection = new Map()
  let from: Record<string, unknown> | undefined
  do {
    const query = { ...table, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk }, ConsistentRead: true }
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({ ...query, ...(from && { ExclusiveStartKey: from }) }),
    )
    for (const { sk, document } of Items) documents.set(String(sk), String(document))
    from = LastEvaluatedKey
  } while (from)
  return documents
}

/**
 * The twin's own state lies in a table of the same engine, so that it survives whatever the service's data survives. Only the twin
 * writes it: each collection is read once, and afterwards known.
 */
export const openShelf = (): Shelf => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}))
  const collections = new Map<string, Promise<Collection>>()
  const of = (name: string) => {
    const found = collections.get(name) ?? load(client, name)
    collections.set(name, found)
    return found
  }
  return {
    get: async <T>(name: string, id: string) => {
      const document = (await of(name)).get(id)
      return document === undefined ? undefined : (JSON.parse(document) as T)
    },
    put: async (name, id, value) => {
      const [documents, document] = [await of(name), JSON.stringify(value)]
      await client.send(new PutCommand({ ...table, Item: { pk: name, sk: id, document } }))
      documents.set(id, document)
    },
    remove: async (name, id) => {
      const documents = await of(name)
      await client.send(new DeleteCommand({ ...table, Key: { pk: name, sk: id } }))
      documents.delete(id)
    },
    list: async <T>(name: string) => {
      const documents = [...(await of(name))].sort(([a], [b]) => (a < b ? -1 : 1))
      return documents.map(([, document]) => JSON.parse(document) as T)
    },
  }
}
