import { quotientText } from './ratio.ts'

/** Days until the event, or until we last looked (`event` false: censored). */
export type Duration = { days: number; event: boolean }

export type Survival = {
  n: number
  events: number
  median: number | null
  s30: string | null
  s90: string | null
  s180: string | null
  s365: string | null
}

/** The share that survives from `days` on until the next step, as an exact fraction; `left` went without the event. */
type Step = { days: number; atRisk: number; events: number; left: number; numerator: bigint; denominator: bigint }

/** A step of the curve: how many were at risk on the day, how many had the event on it or were last seen, and who survives it. */
export type SurvivalStep = { days: number; atRisk: number; events: number; left: number; survival: string }

/** Kaplan–Meier. Events come before censorings of the same day, so that both are at risk on it. */
const stepsOf = (durations: Duration[]): Step[] => {
  const leaving = new Map<number, { events: number; all: number }>()
  for (const { days, event } of durations) {
    const { events, all } = leaving.get(days) ?? { events: 0, all: 0 }
    leaving.set(days, { events: events + (event ? 1 : 0), all: all + 1 })
  }
  let [numerator, denominator, atRisk] = [1n, 1n, durations.length]
  return [...leaving]
    .sort(([a], [b]) => a - b)
    .map(([days, { events, all }]) => {
      numerator *= BigInt(atRisk - events)
      denominator *= BigInt(atRisk)
      atRisk -= all
      return { days, atRisk: atRisk + all, events, left: all - events, numerator, denominator }
    })
}

/** The curve behind `survival`, day by day on which somebody leaves. */
export const survivalSteps = (durations: Duration[]): SurvivalStep[] =>
  stepsOf(durations).map(({ numerator, denominator, ...step }) => ({ ...step, survival: quotientText(numerator, denominator) }))

/** The survival function; the median is the first day with S ≤ 1/2. */
export const survival = (durations: Duration[]): Survival => {
  const steps = stepsOf(durations)
  const at = (day: number) => {
    if (durations.length === 0) return null
    const { numerator, denominator } = steps.findLast(({ days }) => days <= day) ?? { numerator: 1n, denominator: 1n }
    return quotientText(numerator, denominator)
  }
  return {
    n: durations.length,
    events: durations.filter(({ event }) => event).length,
    median: steps.find(({ numerator, denominator }) => numerator * 2n <= denominator)?.days ?? null,
    s30: at(30),
    s90: at(90),
    s180: at(180),
    s365: at(365),
  }
}
