import { MetricEvent } from '../../events/metrics.ts'
import { isMetricEvent } from './metric-event-check.ts'

/** What a line holds: an event that metrics are made from, one that they are not, or what is wrong with it: `field: message`. */
export type EventLine = { event: MetricEvent } | { problems: string[] } | 'other'

const EVENT_TYPE = /^([a-z][a-z-]*\.[a-z][a-z-]*)\.v[1-9]\d*$/

const METRIC_TYPES = new Set<string>(MetricEvent.def.options.flatMap(({ shape }) => shape.type.def.values))
const METRIC_NAMES = new Set([...METRIC_TYPES].map((type) => EVENT_TYPE.exec(type)?.[1]))

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

/** Which event a bad line is, as far as it tells. */
const nameOf = (value: unknown) =>
  typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string' ? ` (event ${value.id})` : ''

export const readEventLine = (line: string): EventLine => {
  const parsed = parse(line)
  return parsed ? readEventValue(parsed.value) : { problems: ['line: is not JSON'] }
}

/** The same of what a line or a row of a table holds. */
export const readEventValue = (value: unknown): EventLine => {
  if (isMetricEvent(value)) return { event: value }
  if (isOther(value)) return 'other'
  const { data, error } = MetricEvent.safeParse(value)
  if (data) return { event: data }
  return { problems: error.issues.map(({ path, message }) => `${path.join('.') || 'line'}: ${message}${nameOf(value)}`) }
}
