import { type Aggregates, emptyAggregates } from '../../../lib/metrics/aggregate.ts'
import { type Matches, matchesIn, number } from '../../../lib/metrics/bulk/corrections.ts'
import { FINGERPRINT } from '../../../lib/metrics/bulk/fingerprint.ts'
import { type Fingerprints, newFingerprints } from '../../../lib/metrics/bulk/fingerprints.ts'
import { type Group, groupByAccount } from '../../../lib/metrics/bulk/group.ts'
import { readLakeRows } from '../../../lib/metrics/bulk/lake-rows.ts'
import { openReader } from '../../../lib/metrics/bulk/reader.ts'
import { takeOff } from '../../../lib/metrics/bulk/shelf.ts'
import { type Known, openSum } from '../../../lib/metrics/bulk/sum.ts'
import type { PublishedRate } from '../../../lib/metrics/fact.ts'
import type { EventFile } from '../event-files.ts'
import { plainEventIn } from '../metric-event-check.ts'
import type { Block, Slice } from './blocks.ts'
import { openSliceReader } from './slice.ts'
import { load, openSpill, type Records } from './spill.ts'

export type Plan = {
  /** Into how many parts records are divided by account; a power of two. */
  partitions: number
  asOf: string | undefined
  /** Where records go when they take more bytes than this. */
  spill: { folder: string; bytes: number }
}

/** A bad line, counted from 0 within its block. */
export type Problem = { line: number; texts: string[] }
export type Read = { bytes?: Uint8Array<ArrayBuffer>; lines: number; problems: Problem[] }
export type Taken = { partners: string[]; corrected: Int32Array; rates: PublishedRate[]; lastDay: number; records: Records[][] }

/** Records of one partition, as one thread read them. */
export type Portion = { records: Records[]; partners: Int32Array }

const decoder = new TextDecoder()

/** What one thread does: it reads blocks, then it sums up some of the partitions that all threads read. */
export const openShare = ({ partitions, asOf, spill: { folder, bytes: limit } }: Plan, thread: number) => {
  const reader = openReader(partitions, asOf)
  const sliceOf = openSliceReader()
  const spill = openSpill(folder, thread)
  let portions: Portion[][] = []
  let table = newFingerprints()
  let groups: Group[] | undefined

  /** Takes the event in a line by way of the schema; returns what is wrong with it. */
  const readText = async (text: string): Promise<string[]> => {
    // The schema is there for what is wrong: mostly it need not be loaded.
    const event = plainEventIn(text)
    const found = event ? { event } : (await import('../event-line.ts')).readEventLine(text)
    if (found === 'other') return []
    if ('problems' in found) return found.problems
    reader.take(found.event)
    return []
  }

  const grouped = (mine: Portion[], corrected: Fingerprints): Group => {
    const group = groupByAccount(
      mine.flatMap(({ records, partners }) => records.map((piece) => ({ records: load(piece), partners }))),
    )
    number(group, corrected)
    return group
  }

  const spillAll = () => {
    for (let partition = 0; partition < partitions; partition++)
      for (const records of takeOff(reader.shelf, partition)) spill.append(partition, records)
  }

  const readBlock = async ({ bytes, end }: Block): Promise<Read> => {
    const { lines, odd } = reader.read(bytes, 0, end)
    // While one waits for the schema, other lines may come into the same memory.
    const oddTexts = odd.map(({ line, start, end }) => ({ line, text: decoder.decode(bytes.subarray(start, end)) }))
    const problems: Problem[] = []
    for (const { line, text } of oddTexts) {
      const texts = text === '' || text === '\r' ? [] : await readText(text)
      if (texts.length > 0) problems.push({ line, texts })
    }
    return { lines, problems }
  }

  const readFile = async ({ path }: EventFile): Promise<Read> => {
    const { lakeRowsIn } = await import('./parquet.ts')
    const rows = await lakeRowsIn(path)
    readLakeRows(reader, rows, path)
    return { lines: rows.rows, problems: [] }
  }

  const readPart = async (part: Block | Slice | EventFile): Promise<Read> => {
    if ('bytes' in part) return { bytes: part.bytes, ...(await readBlock(part)) }
    return 'size' in part ? readFile(part) : readBlock(sliceOf(part))
  }

  return {
    read: async (part: Block | Slice | EventFile): Promise<Read> => {
      const read = await readPart(part)
      if (reader.shelf.bytes > limit) spillAll()
      return read
    },

    /** What the blocks held. The records of a partition go to whoever sums it up. */
    end: (): Taken => {
      if (spill.used()) spillAll()
      const { partners, corrected, rates, lastDay, shelf } = reader
      return {
        partners: partners.list,
        corrected: corrected.keys.slice(0, corrected.size * FINGERPRINT),
        rates,
        lastDay: lastDay(),
        records: Array.from({ length: partitions }, (_, partition) => spill.of(partition) ?? takeOff(shelf, partition)),
      }
    },

    /** Takes partitions over, and tells which transactions of them are corrected. */
    match: (mine: Portion[][], corrected: Fingerprints): Matches[] => {
      const inMemory = mine.flat().every(({ records }) => records.every((piece) => piece instanceof Int32Array))
      const matches: Matches[] = []
      groups = inMemory ? [] : undefined
      portions = inMemory ? [] : mine
      table = corrected
      for (const [index, portion] of mine.entries()) {
        const group = grouped(portion, corrected)
        // What has been put together is not needed twice.
        if (inMemory) mine[index] = []
        groups?.push(group)
        matches.push(matchesIn(group))
      }
      return matches
    },

    /** The sums over its partitions. */
    sum: (known: Known): Aggregates => {
      const aggregates = emptyAggregates()
      const sum = openSum(aggregates, known)
      for (const group of groups ?? []) sum.add(group)
      for (const portion of portions) sum.add(grouped(portion, table))
      sum.end()
      return aggregates
    },
  }
}
export type Share = ReturnType<typeof openShare>
