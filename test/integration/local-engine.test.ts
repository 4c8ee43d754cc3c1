import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { createTables } from '../../infra/local/dynamodb.ts'
import { openEngine } from '../support/engine.ts'

it('the embedded engine finds the number of the next stream record without reading them all', async () => {
  const engine = await openEngine()
  await createTables()
  const database = new DatabaseSync(join(engine.folder, 'test.db'), { readOnly: true })
  // As the engine asks.
  const next = 'SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 FROM _stream_records WHERE table_name = ?1'
  const [plan] = database.prepare(`EXPLAIN QUERY PLAN ${next}`).all('records')
  database.close()
  await engine.stop()
  expect(String(plan?.['detail'])).toMatch(/^SEARCH .* USING .*INDEX stream_records_in_order/)
})
