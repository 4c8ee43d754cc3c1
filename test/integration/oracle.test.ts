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

/** More of them by `npm run oracle`. */
const SEEDS = Number(process.env['ORACLE_SEEDS'] ?? 5)
const EVENTS = Number(process.env['ORACLE_EVENTS'] ?? 2500)

const folder = mkdtempSync(join(tmpdir(), 'cosell-oracle-'))
const node = (script: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [join(bench, script), ...args], { cwd: root })

/** Dirty events, some of which are moved to another account, so that corrections reach across accounts. */
const generate = async (seed: number) => {
  const file = join(folder, `${seed}.ndjson`)
  await node('generate.mjs', '--events', String(EVENTS), '--seed', String(seed), '--dirty', '--out', file)
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
  const seeds = Array.from({ length: SEEDS }, (_, index) => index + 1)
  const files = new Map<number, Promise<string>>()
  const fileOf = (seed: number) => {
    const file = files.get(seed) ?? generate(seed)
    files.set(seed, file)
    return file
  }
  const cases = [
    [],
    ['--as-of', '2024-09-15T12:00:00Z'],
    ['--margin', '0.7250', '--period', '2025-05'],
    ['--currency', 'EUR', '--margin', '0.0333'],
  ]

  it.each(seeds.flatMap((seed) => cases.map((args) => [seed, args] as const)))(
    'are those of the oracle: seed %i %j',
    async (seed, args) => {
      const file = await fileOf(seed)
      expect(await computed(file, [...args])).toEqual(await expected(file, [...args]))
    },
  )

  it('name the missing rates like the oracle', async () => {
    const file = await fileOf(5)
    const args = ['--currency', 'GBP']
    expect(await computed(file, args)).toEqual(await expected(file, args))
  })
})
