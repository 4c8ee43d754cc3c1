import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monthIndex } from '../../../lib/core/calendar.ts'
import { type Aggregates, emptyAggregates, merge } from '../../../lib/metrics/aggregate.ts'
import { correctedIn } from '../../../lib/metrics/bulk/corrections.ts'
import { FINGERPRINT } from '../../../lib/metrics/bulk/fingerprint.ts'
import { type Fingerprints, newFingerprints, numberOf } from '../../../lib/metrics/bulk/fingerprints.ts'
import { newNames, numberOfName } from '../../../lib/metrics/bulk/names.ts'
import { monthOf } from '../../../lib/metrics/calendar.ts'
import { addRow } from '../../../lib/metrics/contribution.ts'
import type { Settings } from '../../../lib/metrics/document.ts'
import { rateTable } from '../../../lib/metrics/rates.ts'
import { emptyRow, ratesIn } from '../../../lib/metrics/row.ts'
import type { EventFile } from '../event-files.ts'
import type { Block, Parts, Slice } from './blocks.ts'
import type { Portion, Problem, Taken } from './share.ts'
import { openThreads, type Thread } from './threads.ts'

export type Work = {
  parts: Parts
  settings: Settings
  threads: number
  /** How many parts the records are divided into; a power of two. */
  partitions: number
  /** Records go to files when they take more bytes than this in one thread. */
  memory: number
  /** Whether bad lines are left out; otherwise nothing is computed when there are some. */
  skipBad: boolean
  /** Told for each part that was read. */
  onRead: (bytes: number) => void
}

/** `problems` are those of bad lines, by the number of the line, counted from 1. */
export type Result = { aggregates?: Aggregates; problems: Problem[] }

type Counted = { lines: number; problems: Problem[] }

const sizeOf = (part: Block | Slice | EventFile) =>
  'size' in part ? part.size : 'start' in part ? part.end - part.start : part.end

/** Each thread takes the next part when it has read one. */
const readAll = async (threads: Thread[], { parts, onRead }: Work): Promise<Problem[]> => {
  const counted: Counted[] = []
  let turn = 0
  let asked: ReturnType<Parts['next']> = parts.next()
  const next = () => {
    const mine = asked
    asked = mine.then((part) => part && parts.next())
    asked.catch(() => {})
    return mine
  }
  const work = async (thread: Thread): Promise<void> => {
    const place = turn++
    const part = await next()
    if (!part) return
    const size = sizeOf(part)
    const { bytes, lines, problems } = await thread.read(part)
    if (bytes) parts.giveBack(bytes)
    counted[place] = { lines, problems }
    onRead(size)
    await work(thread)
  }
  // Two parts for each thread: the next one is there when it has read one.
  await Promise.all([...threads, ...threads].map(work))
  return numbered(counted)
}

const numbered = (parts: Counted[]): Problem[] => {
  let before = 1
  return parts.flatMap(({ lines, problems }) => {
    const first = before
    before += lines
    return problems.map(({ line, texts }) => ({ line: first + line, texts }))
  })
}

const correctedBy = (taken: Taken[]): Fingerprints => {
  const all = newFingerprints()
  for (const { corrected } of taken) for (let at = 0; at < corrected.length; at += FINGERPRINT) numberOf(all, corrected, at)
  return all
}

/** The partitions of each thread: what all of them read of them. */
const dealt = (taken: Taken[], partners: Int32Array[], threads: number): Portion[][][] => {
  const portions = (taken[0]?.records ?? []).map((_, partition) =>
    taken.map(
      ({ records }, thread): Portion => ({
        records: records[partition] ?? [],
        partners: partners[thread] ?? new Int32Array(0),
      }),
    ),
  )
  return Array.from({ length: threads }, (_, thread) => portions.filter((_, partition) => partition % threads === thread))
}

const untilOf = ({ asOf }: Settings, taken: Taken[]) => {
  if (asOf !== undefined) return monthIndex(asOf)
  const last = Math.max(...taken.map(({ lastDay }) => lastDay))
  return Number.isFinite(last) ? monthOf(last) : last
}

const sumsOf = async (threads: Thread[], { settings }: Work): Promise<Aggregates> => {
  const taken = await Promise.all(threads.map((thread) => thread.end()))
  const names = newNames()
  const partners = taken.map((each) => Int32Array.from(each.partners, (name) => numberOfName(names, name)))
  const table = correctedBy(taken)
  const deals = dealt(taken, partners, threads.length)
  const matches = await Promise.all(threads.map((thread, i) => thread.match(deals[i] ?? [], table)))
  const row = emptyRow()
  for (const rate of taken.flatMap(({ rates }) => rates)) row.facts.set(rate.id, rate)
  const rates = rateTable(ratesIn(row), settings.currency)
  const known = {
    corrected: correctedIn(matches.flat(), names.list),
    partners: names.list,
    rates,
    until: untilOf(settings, taken),
  }
  const [all = emptyAggregates(), ...others] = await Promise.all(threads.map((thread) => thread.sum(known)))
  for (const sums of others) merge(all, sums)
  addRow(all, row, rates)
  return all
}

/** The sums over events, computed by several threads from records that lie side by side. */
export const computeInBulk = async (work: Work): Promise<Result> => {
  const folder = mkdtempSync(join(tmpdir(), 'cosell-'))
  const { settings, partitions, memory } = work
  const threads = await openThreads({ partitions, asOf: settings.asOf, spill: { folder, bytes: memory } }, work.threads)
  try {
    const problems = await readAll(threads, work)
    if (problems.length > 0 && !work.skipBad) return { problems }
    return { aggregates: await sumsOf(threads, work), problems }
  } finally {
    await Promise.all(threads.map((thread) => thread.close()))
    rmSync(folder, { recursive: true, force: true })
  }
}
