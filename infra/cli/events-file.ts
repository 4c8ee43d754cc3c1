import { createReadStream } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { MetricEvent } from '../../events/metrics.ts'
import { ServiceError } from '../../lib/core/errors.ts'
import { readEventLine } from './event-line.ts'

/** What some lines in a row hold. */
export type Portion = {
  events: MetricEvent[]
  /** One text for each bad line: `file:line: field: message`. */
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
const linesOf = async function* (path: string): AsyncGenerator<string[]> {
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

const readLine = (text: string, portion: Portion, place: string) => {
  const line = readEventLine(text)
  if (line === 'other') portion.others++
  else if ('event' in line) portion.events.push(line.event)
  else portion.problems.push(line.problems.map((problem) => `${place}: ${problem}`).join('\n'))
}

/** Reads metric events from NDJSON, plain or `.gz`. */
export const readEvents = async function* (path: string): AsyncGenerator<Portion> {
  let number = 0
  try {
    for await (const lines of linesOf(path)) {
      const portion: Portion = { events: [], problems: [], others: 0 }
      for (const line of lines) {
        number++
        if (line !== '' && line !== '\r') readLine(line, portion, `${path}:${number}`)
      }
      yield portion
    }
  } catch (cause) {
    throw cause instanceof Error && 'code' in cause
      ? new ServiceError('invalid_request', `${path}: ${cause.message}`, { cause })
      : cause
  }
}
