import { availableParallelism } from 'node:os'
import { ServiceError } from '../../lib/core/errors.ts'
import type { Aggregates } from '../../lib/metrics/aggregate.ts'
import { documentOf, type MetricsDocument, type MissingRates, type Settings } from '../../lib/metrics/document.ts'
import { openBlocks, openFiles, openSlices, type Parts } from './bulk/blocks.ts'
import { computeInBulk } from './bulk/compute.ts'
import { type Output, writeAll } from './command.ts'
import { type EventFile, filesAt, isPacked, isParquet, weightOf } from './event-files.ts'
import { openProgress, type Terminal } from './progress.ts'

type Source = { from: string; skipBad: boolean; settings: Settings }

/** Below this, starting threads takes longer than they save. */
const SMALL = 8 << 20
const MOST_THREADS = 8
/** A partition of about this many bytes of lines fits the cache when its records are put in order. */
const PARTITION = 2 << 20
const [FEWEST, MOST] = [16, 1024]
const MEMORY = 2 ** 31

const partitionsFor = (bytes: number) =>
  Math.min(MOST, Math.max(FEWEST, 2 ** Math.ceil(Math.log2(Math.max(1, bytes / PARTITION)))))

const unreadable = (path: string, cause: unknown) =>
  cause instanceof Error && 'code' in cause && !(cause instanceof ServiceError)
    ? new ServiceError('invalid_request', `${path}: ${cause.message}`, { cause })
    : cause

const MB = 1e6

/** A bar for who looks; a program gets none, and of packed lines nobody knows how many there are. */
const progressOn = (stream: Terminal, files: EventFile[]) => {
  if (!stream.isTTY || files.some(isPacked)) return { add: () => {}, end: () => {} }
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  return openProgress(stream, bytes / MB, Date.now, 'MB')
}

const partsOf = (files: EventFile[]): Parts => {
  const [file] = files
  if (!file || isParquet(file)) return openFiles(files)
  // Of a pipe nobody knows the size.
  return isPacked(file) || file.size === 0 ? openBlocks(file.path) : openSlices(file)
}

const compute = async ({ from, skipBad, settings }: Source, stderr: Terminal) => {
  const files = filesAt(from)
  const progress = progressOn(stderr, files)
  const bytes = files.reduce((sum, file) => sum + weightOf(file), 0)
  const threads = bytes < SMALL ? 1 : Math.min(MOST_THREADS, availableParallelism())
  const parts = partsOf(files)
  const memory = MEMORY / threads
  const onRead = (read: number) => progress.add(read / MB)
  const work = { parts, settings, threads, partitions: partitionsFor(bytes), memory, skipBad, onRead }
  return computeInBulk(work).finally(() => {
    progress.end()
    return parts.close()
  })
}

/** The sums over a file of events, and how many of its lines are bad. Those are told; nothing is computed unless they are to be skipped. */
export const aggregatesOfFile = async (source: Source, { stderr }: Output): Promise<{ aggregates?: Aggregates; bad: number }> => {
  const { aggregates, problems } = await compute(source, stderr).catch((error: unknown) => {
    throw unreadable(source.from, error)
  })
  for (const { line, texts } of problems) for (const text of texts) stderr.write(`${source.from}:${line}: ${text}\n`)
  if (aggregates) return { aggregates, bad: problems.length }
  await writeAll(stderr, 'Nothing is computed: mend these lines, or leave them out with --skip-bad.\n')
  return { bad: problems.length }
}

/** The metrics of a file of events. */
export const metricsOfFile = async (
  source: Source,
  output: Output,
): Promise<{ document?: MetricsDocument | MissingRates; bad: number }> => {
  const { aggregates, bad } = await aggregatesOfFile(source, output)
  return aggregates ? { document: documentOf(aggregates, source.settings), bad } : { bad }
}
