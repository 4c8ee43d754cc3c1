import { ConditionalCheckFailedException, DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb'
import {
  BatchExecuteStatementCommand,
  BatchGetCommand,
  BatchWriteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb'
import type { Context, Receipt } from '../core/context.ts'
import { conflict, ServiceError, unavailable } from '../core/errors.ts'
import type { Page } from '../core/page.ts'
import { inParallel } from '../core/parallel.ts'

export type Key = { pk: string; sk: string }
export type Item = Key & Record<string, unknown>

/** One part of a transaction, and what its failed condition means to the caller. */
export type Write = { put: Item; condition: string; values?: Record<string, unknown>; refusal: () => Error }

/** A new item; `taken` says what it means that the key is there already. */
export const insert = (put: Item, taken: () => Error = () => conflict(`${put.pk} exists already`)): Write => ({
  put,
  condition: 'attribute_not_exists(pk)',
  refusal: taken,
})

const stale = () => new ServiceError('stale_version', 'it was changed meanwhile: read it again and repeat the request')

/** The next version of an item that must still have `version`; version 0 inserts it. The item is stored with version + 1. */
export const replace = (put: Item, version: number): Write =>
  version === 0
    ? insert({ ...put, version: 1 })
    : { put: { ...put, version: version + 1 }, condition: 'version = :version', values: { ':version': version }, refusal: stale }

const DAY_S = 86_400
const MAX_GETS = 100
const GETS_AT_ONCE = 4
const MAX_PUTS = 25
const RECEIPT_DAYS = 7

/** Keeps the answer of a POST beside its effect; seconds since 1970 in `ttl`, which the table's expiry reads. */
const receiptOf = ({ key, requestHash, status }: Receipt, answer: unknown, now: string): Write => {
  const ttl = Math.floor(Date.parse(now) / 1000) + RECEIPT_DAYS * DAY_S
  return insert({ pk: `RECEIPT#${key}`, sk: 'RECEIPT', requestHash, status, answer, ttl })
}

const refusalOf = (error: unknown, writes: Write[]): unknown => {
  if (error instanceof ConditionalCheckFailedException) return writes[0]?.refusal() ?? error
  if (!(error instanceof TransactionCanceledException)) return error
  const reasons = error.CancellationReasons ?? []
  const failed = reasons.findIndex((reason) => reason.Code === 'ConditionalCheckFailed')
  if (failed >= 0) return writes[failed]?.refusal() ?? error
  if (reasons.some((reason) => reason.Code === 'TransactionConflict'))
    return unavailable('too many changes at once: repeat the request', error)
  return error
}

const putOf = (name: string, { put, condition, values }: Write) => ({
  TableName: name,
  Item: put,
  ConditionExpression: condition,
  ...(values && { ExpressionAttributeValues: values }),
})

const encodeCursor = (key: Record<string, unknown>) => Buffer.from(JSON.stringify(key)).toString('base64url')
const decodeCursor = (cursor: string): Record<string, unknown> => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString()) as Record<string, unknown>
  } catch (cause) {
    throw new ServiceError('invalid_request', 'the cursor is not one of ours: start without a cursor', {
      target: 'cursor',
      cause,
    })
  }
}

type Query = Omit<QueryCommandInput, 'TableName'>

const pages = async function* (client: DynamoDBDocumentClient, input: QueryCommandInput) {
  let from: Record<string, unknown> | undefined
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({ ...input, ...(from && { ExclusiveStartKey: from }) }),
    )
    yield* Items as Item[]
    from = LastEvaluatedKey
  } while (from)
}

const scanned = async function* (client: DynamoDBDocumentClient, name: string, filter: Omit<Query, 'KeyConditionExpression'>) {
  let from: Record<string, unknown> | undefined
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new ScanCommand({ TableName: name, ...filter, ...(from && { ExclusiveStartKey: from }) }),
    )
    yield* Items as Item[]
    from = LastEvaluatedKey
  } while (from)
}

const piecesOf = <T>(all: T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size))

/** What does not fit into an answer is asked for again. */
const gotten = async (client: DynamoDBDocumentClient, name: string, Keys: Key[]): Promise<Item[]> => {
  const { Responses, UnprocessedKeys } = await client.send(
    new BatchGetCommand({ RequestItems: { [name]: { Keys, ConsistentRead: true } } }),
  )
  const left = (UnprocessedKeys?.[name]?.Keys ?? []) as Key[]
  return [...((Responses?.[name] ?? []) as Item[]), ...(left.length > 0 ? await gotten(client, name, left) : [])]
}

type Change = { PutRequest: { Item: Item } } | { DeleteRequest: { Key: Key } }

const written = async (client: DynamoDBDocumentClient, name: string, changes: Change[]): Promise<void> => {
  const { UnprocessedItems } = await client.send(new BatchWriteCommand({ RequestItems: { [name]: changes } }))
  const left = (UnprocessedItems?.[name] ?? []) as Change[]
  if (left.length > 0) await written(client, name, left)
}

const insertOf = (name: string, item: Item) => {
  const names = Object.keys(item)
  return {
    Statement: `INSERT INTO "${name}" VALUE {${names.map((attribute) => `'${attribute}': ?`).join(', ')}}`,
    Parameters: names.map((attribute) => item[attribute]),
  }
}

const TAKEN = 'DuplicateItem'
const COMES_AGAIN = ['ThrottlingError', 'ProvisionedThroughputExceeded', 'RequestLimitExceeded', 'InternalServerError']

/** Statements are refused one by one: PartiQL's INSERT never replaces an item. Returns how many were inserted. */
const inserted = async (client: DynamoDBDocumentClient, name: string, items: Item[]): Promise<number> => {
  const command = new BatchExecuteStatementCommand({ Statements: items.map((item) => insertOf(name, item)) })
  const { Responses = [] } = await client.send(command)
  const codes = items.map((_, i) => Responses[i]?.Error?.Code)
  const failed = codes.find((code) => code !== undefined && code !== TAKEN && !COMES_AGAIN.includes(code))
  if (failed) throw new Error(`${name} refused an insert: ${failed}`)
  const again = items.filter((_, i) => COMES_AGAIN.includes(codes[i] ?? ''))
  const done = codes.filter((code) => code === undefined).length
  return done + (again.length > 0 ? await inserted(client, name, again) : 0)
}

/** One DynamoDB table, with the few ways Cosell uses one. All reads are consistent unless they use an index. */
export const openTable = (name: string) => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } })
  return {
    name,

    get: async (key: Key): Promise<Item | undefined> =>
      (await client.send(new GetCommand({ TableName: name, Key: key, ConsistentRead: true }))).Item as Item | undefined,

    /** Those of the items that are there, in no order; each key once. */
    getAll: async (keys: Key[]): Promise<Item[]> => {
      const items: Item[] = []
      await inParallel(piecesOf(keys, MAX_GETS), GETS_AT_ONCE, async (piece) => {
        const found = await gotten(client, name, piece)
        items.push(...found)
      })
      return items
    },

    query: (query: Query): AsyncIterable<Item> =>
      pages(client, { TableName: name, ...(query.IndexName ? {} : { ConsistentRead: true }), ...query }),

    page: async (query: Query, { limit, cursor }: { limit: number; cursor?: string | undefined }): Promise<Page<Item>> => {
      const start = cursor ? { ExclusiveStartKey: decodeCursor(cursor) } : {}
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({ TableName: name, Limit: limit, ...query, ...start }),
      )
      return { items: Items as Item[], ...(LastEvaluatedKey && { cursor: encodeCursor(LastEvaluatedKey) }) }
    },

    /** A page of a scan; `limit` is how many items are looked at, of which some or none may pass the filter. */
    scanPage: async (
      filter: Omit<Query, 'KeyConditionExpression'>,
      { limit, cursor }: { limit: number; cursor?: string | undefined },
    ): Promise<Page<Item>> => {
      const start = cursor ? { ExclusiveStartKey: decodeCursor(cursor) } : {}
      const { Items = [], LastEvaluatedKey } = await client.send(
        new ScanCommand({ TableName: name, Limit: limit, ...filter, ...start }),
      )
      return { items: Items as Item[], ...(LastEvaluatedKey && { cursor: encodeCursor(LastEvaluatedKey) }) }
    },

    scan: (filter: Omit<Query, 'KeyConditionExpression'> = {}): AsyncIterable<Item> => scanned(client, name, filter),

    /** All or nothing, at most 100 writes. With a context that carries a receipt, `answer` is kept in the same transaction. */
    commit: async (writes: Write[], { context, answer }: { context?: Context; answer?: unknown } = {}) => {
      const receipt = context?.receipt ? [receiptOf(context.receipt, answer, context.now)] : []
      const all = [...writes, ...receipt]
      try {
        await client.send(new TransactWriteCommand({ TransactItems: all.map((write) => ({ Put: putOf(name, write) })) }))
        if (context?.receipt) context.receipt.kept = true
      } catch (error) {
        throw refusalOf(error, all)
      }
    },

    /** One write alone, at half the price of a transaction. */
    put: async (write: Write) => {
      try {
        await client.send(new PutCommand(putOf(name, write)))
      } catch (error) {
        throw refusalOf(error, [write])
      }
    },

    /** Writes items over whatever is there, each key once. When it fails some may be written. */
    putAll: async (items: Item[]) => {
      const puts = items.map((Item) => ({ PutRequest: { Item } }))
      for (const piece of piecesOf(puts, MAX_PUTS)) await written(client, name, piece)
    },

    /**
     * Inserts items, each for itself and at the price of a write alone; returns how many of them were not there before. When it fails
     * some may be inserted.
     */
    insertAll: async (items: Item[]): Promise<number> => {
      let count = 0
      for (const piece of piecesOf(items, MAX_PUTS)) {
        const done = await inserted(client, name, piece)
        count += done
      }
      return count
    },

    /** Removes items; those that are not there are no matter. When it fails some may be removed. */
    removeAll: async (keys: Key[]) => {
      const removals = keys.map((Key) => ({ DeleteRequest: { Key } }))
      for (const piece of piecesOf(removals, MAX_PUTS)) await written(client, name, piece)
    },

    /** A change of attributes in place; a condition that fails is `stale_version`. Returns the attributes that `ReturnValues` asks for. */
    update: async (input: Omit<UpdateCommandInput, 'TableName'>): Promise<Record<string, unknown> | undefined> => {
      try {
        return (await client.send(new UpdateCommand({ TableName: name, ...input }))).Attributes
      } catch (error) {
        throw error instanceof ConditionalCheckFailedException ? stale() : error
      }
    },
  }
}
export type Table = ReturnType<typeof openTable>
