import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTables, type Engine, startDynamoDb } from '../../infra/local/dynamodb.ts'
import { AZURE } from '../../infra/local/marketplaces/azure/tenant.ts'
import type { Context } from '../../lib/core/context.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { acceptTerms, checkTerms, listEvidence } from '../../lib/terms/commands.ts'
import { termsStore } from '../../lib/terms/store.ts'
import { azureAdapter } from '../support/azure-adapter.ts'

const { azure, ordering } = azureAdapter()
const folder = mkdtempSync(join(tmpdir(), 'cosell-'))
let engine: Engine

beforeAll(async () => {
  engine = await startDynamoDb(join(folder, 'records.db'))
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  })
  await createTables()
})
afterAll(async () => {
  await engine.stop()
  rmSync(folder, { recursive: true })
})
