import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { MetricEvent } from '../../events/metrics.ts'
import { ServiceError } from '../../lib/core/errors.ts'
import { eventOf } from '../../lib/lake/event-row.ts'
import { rowsIn } from '../../lib/runtime/parquet.ts'
import { filesAt, isParquet } from './event-files.ts'
import { type EventLine, readEventLine, readEventValue } from './event-line.ts'

/** What some lines in a row hold. */
export type Portion = {
  events: MetricEvent[]
  /** One text for each bad line: `file:line: field: message`; of a Parquet file for each bad row. */
  problems: string[]
  /** How many lines are events that no metric is made from. */
  others: number
}

const CHUNK = 1 << 20
const NEWLINE = 0x0a
const open = (path: string): Readable => {
  const file = createReadStream(path, { highWaterMark: CHUNK })
  // The error of either stream destroys both and reaches whoever reads the last one.
  return path.endsWith('.gz') ? pipeline(file, createGunzip({ chunkSize: CHUNK }), () => {}) : file
}

/** Whole lines, some at a time; split as bytes, where a newline is never part of another character. */
export const linesOf = async function* (path: string): AsyncGenerator<string[]> {
  let rest: Uint8Array = new Uint8Array()
  for await (const chunk of open(path) as AsyncIterable<Buffer>) {
    const end = chunk.lastIndexOf(NEWLINE)
    if (end >= 0)
      yield Buffer.concat([rest, chunk.subarray(0, end)])
        .toString()
        .split('\n')
    rest = end < 0 ? Buffer.concat([rest, chunk]) : chunk.subarray(end + 1)
  }
  if (rest.length > 0) yield [Buffer.from(rest).toString()]
}

const note = (line: EventLine, portion: Portion, place: string) => {
  if (line === 'other') portion.others++
  else if ('event' in line) portion.events.push(line.event)
  else portion.problems.push(line.problems.map((problem) => `${place}: ${problem}`).join('\n'))
}

const ofLines = async function* (path: string): AsyncGenerator<Portion> {
  let number = 0
  for await (const lines of linesOf(path)) {
    const portion: Portion = { events: [], problems: [], others: 0 }
    for (const line of lines) {
      number++
      if (line !== '' && line !== '\r') note(readEventLine(line), portion, `${path}:${number}`)
    }
    yield portion
  }
}

const ofRows = async (path: string): Promise<Portion> => {
  const portion: Portion = { events: [], problems: [], others: 0 }
  const rows = await rowsIn(await readFile(path))
  for (const [index, row] of rows.entries()) note(readEventValue(eventOf(row)), portion, `${path}: row ${index + 1}`)
  return portion
}

/** Reads metric events from NDJSON, plain or `.gz`, from a Parquet file of the lake or from all files of a lake. */
export const readEvents = async function* (path: string): AsyncGenerator<Portion> {
  try {
    for (const file of filesAt(path)) {
      if (isParquet(file)) yield await ofRows(file.path)
      else yield* ofLines(file.path)
    }
  } catch (cause) {
    throw cause instanceof Error && 'code' in cause && !(cause instanceof ServiceError)
      ? new ServiceError('invalid_request', `${path}: ${cause.message}`, { cause })
      : cause
  }
}
