import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Engine, startDynamoDb } from '../../infra/local/dynamodb.ts'

export type TestEngine = Engine & { folder: string }

/** A DynamoDB without tables in a folder of its own, to which the clients of this process speak; both go with `stop`. */
export const openEngine = async (): Promise<TestEngine> => {
  const folder = mkdtempSync(join(tmpdir(), 'cosell-'))
  const engine = await startDynamoDb(join(folder, 'test.db'))
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  })
  const stop = async () => {
    await engine.stop()
    rmSync(folder, { recursive: true })
  }
  return { folder, endpoint: engine.endpoint, stop }
}
