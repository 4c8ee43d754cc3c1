import { createReadStream } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { MetricEvent } from '../../events/metrics.ts'
import { isMetricEvent } from './metric-event-check.ts'

type Handlers = {
  event: (event: MetricEvent) => void
  /** Told as `file:line: field: message`. */
  problem: (text: string) => void
}

const CHUNK = 1 << 20
const EVENT_TYPE = /^([a-z][a-z-]*\.[a-z][a-z-]*)\.v[1-9]\d*$/

const METRIC_TYPES = new Set<string>(MetricEvent.options.map(({ shape }) => shape.type.value))
const METRIC_NAMES = new Set([...METRIC_TYPES].map((type) => EVENT_TYPE.exec(type)?.[1]))

const open = (path: string): Readable => {
  const file = createReadStream(path, { highWaterMark: CHUNK })
  // The error of either stream destroys both and reaches whoever reads the last one.
  return path.endsWith('.gz') ? pipeline(file, createGunzip({ chunkSize: CHUNK }), () => {}) : file
}

const linesOf = async function* (path: string): AsyncGenerator<string[]> {
  let rest = ''
  for await (const chunk of open(path).setEncoding('utf8')) {
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    yield lines
  }
  if (rest) yield [rest]
}

const parse = (line: string): { value: unknown } | undefined => {
  try {
    return { value: JSON.parse(line) }
  } catch {
    return undefined
  }
}

/** An event of the catalogue that no metric is made from. Another version of one that is would be missing from the numbers. */
const isOther = (value: unknown) => {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined
  const name = typeof type === 'string' && !METRIC_TYPES.has(type) && EVENT_TYPE.exec(type)?.[1]
  return Boolean(name) && !METRIC_NAMES.has(name || '')
}

const readLine = (line: string, { event, problem }: Handlers, place: string) => {
  const parsed = parse(line)
  if (!parsed) return problem(`${place}: line: is not JSON`)
  const { value } = parsed
  if (isMetricEvent(value)) return event(value)
  if (isOther(value)) return
  const { data, error } = MetricEvent.safeParse(value)
  if (data) return event(data)
  for (const { path, message } of error?.issues ?? []) problem(`${place}: ${path.join('.') || 'line'}: ${message}`)
}

/** Reads metric events from NDJSON, plain or `.gz`, a line at a time; events that no metric is made from are passed over. */
export const readEvents = async (path: string, handlers: Handlers): Promise<void> => {
  let number = 0
  for await (const lines of linesOf(path)) {
    for (const line of lines) {
      number++
      if (line !== '' && line !== '\r') readLine(line, handlers, `${path}:${number}`)
    }
  }
}
