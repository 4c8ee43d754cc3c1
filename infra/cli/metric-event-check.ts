import type { MetricEvent } from '../../events/metrics.ts'
import {
  ATTACHMENT_ROLES,
  CHANNELS,
  COST_CHANNELS,
  COST_PURPOSES,
  LEDGERS,
  MILESTONES,
  TRANSACTION_KINDS,
} from '../../events/words.ts'

// Several times faster than the schema for the million lines that are right. It may refuse what the schema accepts (a 29th of
// February), never the reverse: what it refuses goes to the schema, which decides and says what is wrong.
type Check = (value: unknown) => boolean

const DATE = String.raw`20\d{2}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)`

const matches = (pattern: string | RegExp): Check => {
  const whole = new RegExp(pattern)
  return (value) => typeof value === 'string' && whole.test(value)
}
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value)
const oneOf = (words: readonly string[]): Check => {
  const allowed = new Set<unknown>(words)
  return (value) => allowed.has(value)
}
const object = (fields: Record<string, Check>, rule: (value: Record<string, unknown>) => boolean = () => true): Check => {
  const checks = Object.entries(fields)
  return (value) => isRecord(value) && checks.every(([field, check]) => check(value[field])) && rule(value)
}
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const id = matches(/^[\x21-\x7e]{1,128}$/)
const someText: Check = (value) => typeof value === 'string' && value.length > 0
const date = matches(`^${DATE}$`)
const instant = matches(`^${DATE}T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?Z$`)
const month = matches(/^20\d{2}-(0[1-9]|1[0-2])$/)
const currency = matches(/^[A-Z]{3}$/)
const money = object({ amount: Number.isSafeInteger, currency })
const year = (date: unknown) => Number(String(date).slice(0, 4))
const service = object({ from: date, to: date }, ({ from, to }) => String(from) < String(to) && year(to) - year(from) < 10)
const rate = matches(/^(?=.*[1-9])\d{1,12}(\.\d{1,9})?$/)

const attachment = object({ accountId: id, partnerId: id, role: oneOf(ATTACHMENT_ROLES), from: date })

const DATA: Record<MetricEvent['type'], Check> = {
  'partner.milestone-reached.v1': object({ partnerId: id, milestone: oneOf(MILESTONES), on: date }),
  'account.attached.v1': attachment,
  'account.detached.v1': attachment,
  'transaction.recorded.v1': object(
    {
      transactionId: id,
      ledger: oneOf(LEDGERS),
      kind: oneOf(TRANSACTION_KINDS),
      accountId: id,
      productId: id,
      marketplace: oneOf(CHANNELS),
      partnerId: optional(id),
      offerId: optional(id),
      agreementId: optional(id),
      amount: money,
      on: date,
      service: optional(service),
      corrects: optional(id),
    },
    ({ ledger, service }) => ledger !== 'booked' || service !== undefined,
  ),
  'cost.recorded.v1': object({
    costId: id,
    purpose: oneOf(COST_PURPOSES),
    channel: oneOf(COST_CHANNELS),
    partnerId: optional(id),
    category: (value) => someText(value) && String(value).length <= 100,
    amount: money,
    period: month,
    corrects: optional(id),
  }),
  'rate.published.v1': object({ base: currency, quote: currency, on: date, rate }, ({ base, quote }) => base !== quote),
}
const CHECKS = new Map<unknown, Check>(Object.entries(DATA))

const envelope = object({
  specversion: (value) => value === '1.0',
  id: (value) => someText(value) && String(value).length <= 200,
  source: someText,
  subject: someText,
  time: instant,
  recordedat: instant,
})

/** True only for what the schema of metric events accepts. */
export const isMetricEvent = (value: unknown): value is MetricEvent =>
  isRecord(value) && envelope(value) && CHECKS.get(value['type'])?.(value['data']) === true

/** The event in a line of JSON, if it is plainly right. */
export const plainEventIn = (line: string): MetricEvent | undefined => {
  try {
    const value: unknown = JSON.parse(line)
    return isMetricEvent(value) ? value : undefined
  } catch {
    return undefined
  }
}
