import { existsSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runNode } from './measure.ts'

const root = join(import.meta.dirname, '../..')

/** Writes events for benchmarks; it lives beside the repository. */
export const GENERATOR = join(root, '../shared/bench/generate.mjs')

/** A file of events; it stays in the folder of temporary files for the next time. */
export const generated = (events: number, options: string[]): string => {
  const file = join(tmpdir(), `cosell-bench-${events}${options.join('')}.ndjson`)
  if (existsSync(file)) return file
  const { status, stderr } = runNode(
    [GENERATOR, '--events', String(events), '--seed', '1', ...options, '--out', `${file}.part`],
    root,
  )
  if (status !== 0) throw new Error(`no events were generated: ${stderr}`)
  renameSync(`${file}.part`, file)
  return file
}
