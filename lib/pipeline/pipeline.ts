import { exact } from '../core/money.ts'
import { WINDOWS, type Window } from '../metrics/aggregate.ts'
import { firstDay, lastDay } from '../metrics/calendar.ts'
import { convert, hasRate, type RateTable } from '../metrics/rates.ts'
import { flag, quotientText, type Ratio, ratio } from '../metrics/ratio.ts'
import type { Pursuit } from './pursuit.ts'

export const BY = ['programme', 'partner', 'partner-type', 'tier', 'region', 'marketplace'] as const
export type By = (typeof BY)[number]

export type Pipeline = {
  value: string
  window: Window
  open: number
  won: number
  lost: number
  dropped: number
  /** Won of won and lost. */
  winRate: Ratio
  /** Price of an offer that was won, in minor units. */
  averageValue: Ratio
  /** Days from request to acceptance; the median is the day by which half of them were won. */
  averageDays: Ratio
  medianDays: number | null
  /** Minor units a day. */
  velocity: Ratio
  rateExtrapolated?: true
}

type Sums = { open: number; won: number; lost: number; value: number; days: number }

/**
 * What the pipeline brings a day: open offers × win rate × average value ÷ average days to close, all at once and exactly:
 * open·won·Σvalue / ((won + lost)·Σdays). The usual sales velocity.
 */
export const velocityOf = ({ open, won, lost, value, days }: Sums): Ratio => {
  const numerator = BigInt(open) * BigInt(won) * BigInt(value)
  const denominator = BigInt(won + lost) * BigInt(days)
  const parts = { numerator: String(numerator), denominator: String(denominator) }
  if (denominator === 0n) return { ...parts, value: null, reason: 'zero-denominator' }
  return { ...parts, value: quotientText(numerator, denominator) }
}

const sum = (numbers: number[], what: string) =>
  exact(
    numbers.reduce((total, each) => total + each, 0),
    what,
  )

const medianOf = (days: number[]): number | null => days.toSorted((a, b) => a - b)[Math.ceil(days.length / 2) - 1] ?? null

const pipelineOf = (value: string, pursuits: Pursuit[], month: number, window: Window, rates: RateTable): Pipeline => {
  const [first, last] = [firstDay(month - window + 1), lastDay(month)]
  const isIn = ({ decidedDay = -Infinity }: Pursuit) => first <= decidedDay && decidedDay <= last
  const of = (state: Pursuit['state']) =>
    pursuits.filter((pursuit) => pursuit.state === state && (state === 'open' || isIn(pursuit)))
  const [open, won, lost] = [of('open').length, of('won'), of('lost').length]
  const prices = won.map(({ price, decidedDay = last }) => convert(rates, price.amount, price.currency, decidedDay))
  const days = won.map(({ requestedDay, decidedDay = last }) => decidedDay - requestedDay)
  const worth = sum(
    prices.map(({ amount }) => amount),
    `offers won of ${value}`,
  )
  const took = sum(days, 'days')
  return {
    value,
    window,
    open,
    won: won.length,
    lost,
    dropped: of('dropped').length,
    winRate: ratio(won.length, won.length + lost),
    averageValue: ratio(worth, won.length),
    averageDays: ratio(took, won.length),
    medianDays: medianOf(days),
    velocity: velocityOf({ open, won: won.length, lost, value: worth, days: took }),
    ...flag(prices.some(({ extrapolated }) => extrapolated)),
  }
}

/** The currencies of offers that were won which no rate converts. */
export const currenciesWithoutRate = (pursuits: Pursuit[], rates: RateTable): string[] =>
  [...new Set(pursuits.filter(({ state }) => state === 'won').map(({ price }) => price.currency))]
    .filter((currency) => !hasRate(rates, currency))
    .sort()

/** The pipeline at the end of a month, and what was decided in the 1, 3 and 12 months up to it, for each name that offers are given. */
export const pipelinesOf = (
  pursuits: Pursuit[],
  nameOf: (pursuit: Pursuit) => string,
  month: number,
  rates: RateTable,
): Pipeline[] =>
  [...Map.groupBy(pursuits, nameOf)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([value, own]) => WINDOWS.map((window) => pipelineOf(value, own, month, window, rates)))
