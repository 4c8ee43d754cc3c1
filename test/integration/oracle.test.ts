import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { metricsCommand } from '../../infra/cli/metrics.ts'

// An independent implementation of the definitions in DuckDB, and a generator of events; they live beside the repository.
const root = new URL('../..', import.meta.url).pathname
const bench = join(root, '../shared/bench')
const present = existsSync(join(bench, 'oracle.mjs'))
if (!present) console.warn(`No ${bench}: the comparison with the oracle is skipped.`)

const folder = mkdtempSync(join(tmpdir(), 'cosell-oracle-'))
const node = (script: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [join(bench, script), ...args], { cwd: root })

/** Dirty events, some of which are moved to another account, so that corrections reach across accounts. */
const generate = async (seed: number) => {
  const file = join(folder, `${seed}.ndjson`)
  await node('generate.mjs', '--events', '2500', '--seed', String(seed), '--dirty', '--out', file)
  const lines = readFileSync(file, 'utf8').split('\n')
  const moved = lines.map((line) => (line.includes('"corrects":"tx-') ? line.replace(/("accountId":"acc-\d{5})\d/, '$10') : line))
  writeFileSync(file, moved.join('\n'))
  return file
}

const expected = async (file: string, args: string[]) => {
  const out = `${file}.expected.json`
  await node('oracle.mjs', file, ...args, '--out', out).catch(({ code }) => expect(code).toBe(1))
  return JSON.parse(readFileSync(out, 'utf8'))
}

const computed = async (file: string, args: string[]) => {
  let text = ''
  const stdout = new Writable({
    write: (chunk, _, done) => {
      text += chunk
      done()
    },
  })
  await metricsCommand(['--from', file, '--json', ...args], { stdout, stderr: process.stderr })
  return JSON.parse(text)
}

describe.skipIf(!present)('the metrics of dirty events', () => {
  it.each([
    [1, []],
    [2, ['--as-of', '2024-09-15T12:00:00Z']],
    [3, ['--margin', '0.7250', '--currency', 'JPY']],
    [4, ['--period', '2025-05']],
    [5, ['--currency', 'EUR']],
    [5, ['--currency', 'GBP']],
  ])('are those of the oracle: seed %i %j', async (seed, args) => {
    const file = await generate(seed)
    expect(await computed(file, args)).toEqual(await expected(file, args))
  })
})
