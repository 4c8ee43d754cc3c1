import { digitsOf, type Fraction, scale } from '../core/amount.ts'
import type { PublishedRate } from './fact.ts'

/** `id` is that of the event that published it. */
type Rate = Fraction & { id: string; day: number }

/** The rates of every currency to the reporting currency, by day. */
export type RateTable = { reporting: string; rates: Map<string, Rate[]> }

export type Converted = { amount: number; extrapolated: boolean }

const RATE_PLACES = 9

const greatestDivisor = (a: bigint, b: bigint): bigint => (b === 0n ? a : greatestDivisor(b, a % b))

/** Minor units of `quote` for one minor unit of `base`, in lowest terms. */
const fractionOf = ({ base, quote, rate }: PublishedRate): Fraction => {
  const [whole = '', places = ''] = rate.split('.')
  const digits = digitsOf(quote) - digitsOf(base)
  const numerator = BigInt(whole + places.padEnd(RATE_PLACES, '0')) * 10n ** BigInt(Math.max(digits, 0))
  const denominator = 10n ** BigInt(RATE_PLACES + Math.max(-digits, 0))
  const divisor = greatestDivisor(numerator, denominator)
  const reduced = numerator / divisor
  return {
    numerator: reduced > Number.MAX_SAFE_INTEGER ? reduced : Number(reduced),
    denominator: Number(denominator / divisor),
  }
}

const compare = <T extends number | string>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0)

/** Of several rates of a day the one recorded last holds, then the one with the greater event id. */
const byPrecedence = (a: PublishedRate, b: PublishedRate) =>
  a.day - b.day || compare(a.recordedAt, b.recordedAt) || compare(a.id, b.id)

/** The table of the rates published against the reporting currency. */
export const rateTable = (facts: Iterable<PublishedRate>, reporting: string): RateTable => {
  const published = [...facts].filter(({ quote }) => quote === reporting).sort(byPrecedence)
  const rates = new Map<string, Rate[]>()
  for (const fact of published) {
    const series = rates.get(fact.base) ?? []
    if (series.at(-1)?.day === fact.day) series.pop()
    series.push({ id: fact.id, day: fact.day, ...fractionOf(fact) })
    rates.set(fact.base, series)
  }
  return { reporting, rates }
}

export const hasRate = ({ reporting, rates }: RateTable, currency: string) => currency === reporting || rates.has(currency)

/** The last rate on or before the day; undefined when all are later. */
const latest = (series: Rate[], day: number): Rate | undefined => {
  let [low, high] = [0, series.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((series[middle]?.day ?? 0) <= day) low = middle + 1
    else high = middle
  }
  return series[low - 1]
}

/** The rate that converts an amount of the day: the last one by then, else the first one of a later day. */
export const rateOn = ({ rates }: RateTable, currency: string, day: number): Rate | undefined => {
  const series = rates.get(currency)
  return series && (latest(series, day) ?? series[0])
}

/** An amount in the reporting currency at the rate of the day; before the first rate that one holds, and the value is flagged. */
export const convert = (table: RateTable, amount: number, currency: string, day: number): Converted => {
  if (currency === table.reporting || amount === 0) return { amount, extrapolated: false }
  const rate = rateOn(table, currency, day)
  if (!rate) throw new RangeError(`no rate from ${currency} to ${table.reporting}`)
  return { amount: scale(amount, rate), extrapolated: rate.day > day }
}

/** Reads rate tables by their version, each once: a version never changes. */
export const rateTables = (ratesAt: (version: number) => Promise<PublishedRate[]>, reporting: string) => {
  const known = new Map<number, RateTable>()
  return async (version: number): Promise<RateTable> => {
    const found = known.get(version) ?? rateTable(await ratesAt(version), reporting)
    known.set(version, found)
    return found
  }
}
