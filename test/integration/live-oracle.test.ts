import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { startTwin } from '../support/twin.ts'

// An independent implementation of the definitions in DuckDB, and a generator of events; they live beside the repository.
const root = new URL('../..', import.meta.url).pathname
const bench = join(root, '../shared/bench')
const present = existsSync(join(bench, 'oracle.mjs'))
if (!present) console.warn(`No ${bench}: the comparison with the oracle is skipped.`)

const folder = mkdtempSync(join(tmpdir(), 'cosell-oracle-'))
afterAll(() => rmSync(folder, { recursive: true }))

const node = (script: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [join(bench, script), ...args], { cwd: root })

const generate = async (seed: number) => {
  const file = join(folder, `${seed}.ndjson`)
  await node('generate.mjs', '--events', '2000', '--seed', String(seed), '--dirty', '--out', file)
  return file
}

const expected = async (file: string) => {
  await node('oracle.mjs', file, '--out', `${file}.json`)
  return JSON.parse(readFileSync(`${file}.json`, 'utf8'))
}

const BATCH = 100

/** Sends the events as they lie in the file, four requests at a time. */
const ingest = async (file: string, send: (events: unknown[]) => Promise<unknown>) => {
  const events = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as unknown)
  const batches = Array.from({ length: Math.ceil(events.length / BATCH) }, (_, i) => events.slice(i * BATCH, (i + 1) * BATCH))
  const sender = async () => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) await send(batch)
  }
  await Promise.all(Array.from({ length: 4 }, sender))
}

describe.skipIf(!present)('the live metrics of dirty events', () => {
  it.each([1, 2, 3, 4, 5])('are those of the oracle: seed %i', async (seed) => {
    const file = await generate(seed)
    const [twin, oracle] = await Promise.all([startTwin(), expected(file)])
    try {
      const [platform, finance] = [await twin.as({ role: 'platform' }), await twin.as({ role: 'finance' })]
      await ingest(file, (events) => platform.post('/events', { events }))
      await twin.twin('settle')
      expect(await finance.get('/metrics')).toEqual({ ...oracle, asOf: null })
    } finally {
      await twin.stop()
    }
  })
})
