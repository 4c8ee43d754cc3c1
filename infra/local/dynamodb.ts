import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CreateTableCommand, DynamoDBClient, ResourceInUseException, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb'
import { service } from '../service.ts'

const HELP = `No DynamoDB for this platform. Either start DynamoDB Local
  (java -jar DynamoDBLocal.jar -inMemory, or its container image) or another compatible engine,
and point to it: AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:8000 npm start`

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no free port'))))
    })
  })

const embedded = () => {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json')), 'dynoxide')
  } catch {
    throw new Error(HELP)
  }
}

const answers = async (endpoint: string) => {
  for (let tries = 0; tries < 200; tries++) {
    const up = await fetch(endpoint).then(
      () => true,
      () => false,
    )
    if (up) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`the DynamoDB engine does not answer at ${endpoint}`)
}

// The engine ends with this process, however that ends: its shell waits for the end of an input that nobody else holds.
const UNTIL_INPUT_ENDS = '"$@" & engine=$!; cat >/dev/null; kill $engine; wait $engine'

/**
 * The engine looks for the number of the next stream record in all of them, so that each write takes longer than the one before:
 * a hundred a second are left at twenty thousand records, and thousands with this index.
 */
const indexStreamRecords = (file: string) => {
  const database = new DatabaseSync(file, { timeout: 5_000 })
  database.exec(
    'CREATE INDEX IF NOT EXISTS stream_records_in_order ON _stream_records (table_name, CAST(sequence_number AS INTEGER))',
  )
  database.close()
}

export type Engine = { endpoint: string; stop: () => Promise<void> }

/** The engine that AWS_ENDPOINT_URL_DYNAMODB names, or else the embedded one with its data in `file`. */
export const startDynamoDb = async (file: string): Promise<Engine> => {
  const named = process.env['AWS_ENDPOINT_URL_DYNAMODB']
  if (named) return { endpoint: named, stop: async () => {} }
  const port = await freePort()
  const child = spawn('sh', ['-c', UNTIL_INPUT_ENDS, 'sh', embedded(), 'serve', '--port', String(port), '--db-path', file], {
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const endpoint = `http://127.0.0.1:${port}`
  await answers(endpoint)
  indexStreamRecords(file)
  return {
    endpoint,
    stop: () => {
      child.stdin.end()
      return ended
    },
  }
}

const attribute = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const })
const keys = (pk: string, sk: string) => [
  { AttributeName: pk, KeyType: 'HASH' as const },
  { AttributeName: sk, KeyType: 'RANGE' as const },
]

const createTable = async (client: DynamoDBClient, name: string, indexes: readonly string[], stream: boolean) => {
  const index = (IndexName: string) => ({
    IndexName,
    KeySchema: keys(`${IndexName}pk`, `${IndexName}sk`),
    Projection: { ProjectionType: 'ALL' as const },
  })
  const create = new CreateTableCommand({
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['', ...indexes].flatMap((prefix) => [attribute(`${prefix}pk`), attribute(`${prefix}sk`)]),
    KeySchema: keys('pk', 'sk'),
    ...(indexes.length && { GlobalSecondaryIndexes: indexes.map(index) }),
    ...(stream && { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' as const } }),
  })
  try {
    await client.send(create)
    await client.send(
      new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true } }),
    )
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error
  }
}

export const TWIN_TABLE = 'twin'

/** Creates the service's tables, and one for the twin's own state, where they are not there yet. */
export const createTables = async () => {
  const client = new DynamoDBClient({})
  for (const [name, { indexes }] of Object.entries(service.tables)) await createTable(client, name, indexes, true)
  await createTable(client, TWIN_TABLE, [], false)
}
