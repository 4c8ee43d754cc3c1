import { statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { ServiceError } from '../../lib/core/errors.ts'
import type { MetricsDocument, MissingRates, Settings } from '../../lib/metrics/document.ts'
import { openBlocks } from './bulk/blocks.ts'
import { computeInBulk } from './bulk/compute.ts'
import { type Output, writeAll } from './command.ts'

type Source = { from: string; skipBad: boolean; settings: Settings }

/** Below this, starting threads takes longer than they save. */
const SMALL = 8 << 20
const MOST_THREADS = 8
/** A partition of about this many bytes of lines fits the cache when its records are put in order. */
const PARTITION = 8 << 20
const [FEWEST, MOST] = [16, 1024]
const MEMORY = 2 ** 31

const partitionsFor = (bytes: number) =>
  Math.min(MOST, Math.max(FEWEST, 2 ** Math.ceil(Math.log2(Math.max(1, bytes / PARTITION)))))

/** An unpacked event takes about ten times the room of a packed one. */
const bytesOf = (path: string) => statSync(path).size * (path.endsWith('.gz') ? 10 : 1)

const unreadable = (path: string, cause: unknown) =>
  cause instanceof Error && 'code' in cause && !(cause instanceof ServiceError)
    ? new ServiceError('invalid_request', `${path}: ${cause.message}`, { cause })
    : cause

const compute = async ({ from, skipBad, settings }: Source) => {
  const bytes = bytesOf(from)
  const threads = bytes < SMALL ? 1 : Math.min(MOST_THREADS, availableParallelism())
  const blocks = await openBlocks(from)
  const work = {
    blocks,
    settings,
    threads,
    partitions: partitionsFor(bytes),
    memory: MEMORY / threads,
    skipBad,
    onRead: () => {},
  }
  return computeInBulk(work).finally(() => blocks.close())
}

/** The metrics of a file of events, and how many of its lines are bad. Those are told; nothing is computed unless they are to be skipped. */
export const metricsOfFile = async (
  source: Source,
  { stderr }: Output,
): Promise<{ document?: MetricsDocument | MissingRates; bad: number }> => {
  const { document, problems } = await compute(source).catch((error: unknown) => {
    throw unreadable(source.from, error)
  })
  for (const { line, texts } of problems) for (const text of texts) stderr.write(`${source.from}:${line}: ${text}\n`)
  if (document) return { document, bad: problems.length }
  await writeAll(stderr, 'Nothing is computed: mend these lines, or leave them out with --skip-bad.\n')
  return { bad: problems.length }
}
