import { execFile } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTwin, type TestTwin } from '../support/twin.ts'

// An independent implementation of the definitions in DuckDB, and a generator of events; they live beside the repository.
const root = new URL('../..', import.meta.url).pathname
const bench = join(root, '../shared/bench')
const present = existsSync(join(bench, 'oracle.mjs'))
if (!present) console.warn(`No ${bench}: the comparison with the oracle is skipped.`)

const node = (script: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [join(bench, script), ...args], { cwd: root })

/** More of them by `npm run oracle:live`. */
const SEEDS = Number(process.env['ORACLE_SEEDS'] ?? 5)
const EVENTS = Number(process.env['ORACLE_EVENTS'] ?? 1000)
const [BATCH, SENDERS] = [100, 4]
/** The middle of the stories: what was recorded later is not known yet. */
const AS_OF = '2024-09-15T12:00:00.000Z'

/** Dirty events; accounts, partners and transactions are another seed's own, and half of the corrections reach across accounts. */
const generate = async (folder: string, seed: number) => {
  const file = join(folder, `${seed}.ndjson`)
  await node('generate.mjs', '--events', String(EVENTS), '--seed', String(seed), '--dirty', '--out', file)
  const named = readFileSync(file, 'utf8').replaceAll(/"((?:acc|ptn|partner|tx|cost)-)/g, `"s${seed}-$1`)
  return named
    .trim()
    .split('\n')
    .map((line) => (line.includes('"corrects"') ? line.replace(/("accountId":"[^"]*)[0-4]"/, '$15"') : line))
}

/** Sends the events as they come, several requests at a time. */
const ingest = async (twin: TestTwin, lines: string[]) => {
  const platform = twin.as({ role: 'platform' })
  const batches = Array.from({ length: Math.ceil(lines.length / BATCH) }, (_, i) => lines.slice(i * BATCH, (i + 1) * BATCH))
  const sender = async () => {
    for (let batch = batches.shift(); batch; batch = batches.shift())
      await platform.post('/events', { events: batch.map((line) => JSON.parse(line)) })
  }
  await Promise.all(Array.from({ length: SENDERS }, sender))
  await twin.twin('settle')
}

describe.skipIf(!present)('the live metrics of dirty events, seed after seed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cosell-oracle-'))
  const all = join(folder, 'all.ndjson')
  let twin: TestTwin
  beforeAll(async () => {
    twin = await startTwin()
  })
  afterAll(async () => {
    await twin.stop()
    rmSync(folder, { recursive: true })
  })

  const oracle = async (...args: string[]) => {
    await node('oracle.mjs', all, ...args, '--out', `${all}.json`)
    return JSON.parse(readFileSync(`${all}.json`, 'utf8'))
  }

  const seeds = Array.from({ length: SEEDS }, (_, index) => index + 1)
  it.each(seeds)('are those of the oracle, now and as they were known before: seed %i', async (seed) => {
    const lines = await generate(folder, seed)
    appendFileSync(all, `${lines.join('\n')}\n`)
    const [expected] = await Promise.all([oracle(), ingest(twin, lines)])
    const finance = twin.as({ role: 'finance' })
    expect(await finance.get('/metrics')).toEqual({ ...expected, asOf: null })
    expect(await finance.get(`/metrics?asOf=${AS_OF}`)).toEqual({ ...(await oracle('--as-of', AS_OF)), asOf: AS_OF })
  })
})
