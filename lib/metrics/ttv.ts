import { monthText } from '../core/period.ts'
import type { Account } from './account.ts'
import { type Aggregates, add, type Family, itemOf, itemsOf } from './aggregate.ts'
import { creditOn } from './attachment.ts'
import { firstDay, monthOf } from './calendar.ts'
import type { Milestone } from './fact.ts'
import { type Duration, type Survival, type SurvivalStep, survival, survivalSteps } from './survival.ts'
import { isBooking, isReturn } from './transaction.ts'

export type TimeToValue = { cohort: string } & Survival

/** Adds one to a histogram of days: the item is the month, the measure the day of the month. */
export const addDay = (aggregates: Aggregates, family: Family, day: number, scope?: string) => {
  const month = monthOf(day)
  add(itemOf(aggregates, family, month, scope), String(day - firstDay(month) + 1).padStart(2, '0'), 1)
}

/** The days of a partner's onboarding; the row of the partner gives the earliest. */
export const addOnboarding = (aggregates: Aggregates, milestones: Milestone[]) => {
  const complete = milestones.filter(({ milestone }) => milestone === 'onboarding-complete')
  for (const [partnerId, day] of earliest(complete.map(({ partnerId, day }) => [partnerId, day]))) {
    addDay(aggregates, 'onboarding', day, partnerId)
  }
}

const earliest = (days: Iterable<[string, number]>): Map<string, number> => {
  const first = new Map<string, number>()
  for (const [key, day] of days) first.set(key, Math.min(day, first.get(key) ?? day))
  return first
}

/** For each partner the first day on which the account gives revenue that the partner sourced and that was not taken back. */
export const addFirstRevenue = (aggregates: Aggregates, { spans, counted, netAmount }: Account) => {
  const days: [string, number][] = []
  for (const transaction of counted) {
    const { fact, sellerId, creditDay } = transaction
    if (isBooking(transaction) || isReturn(fact) || fact.amount <= 0 || netAmount(fact) <= 0) continue
    const partnerId = sellerId ?? creditOn(spans, creditDay).sourcing
    if (partnerId) days.push([partnerId, fact.day])
  }
  for (const [partnerId, day] of earliest(days)) addDay(aggregates, 'first-revenue', day, partnerId)
}

const daysIn = function* (aggregates: Aggregates, family: Family): Generator<[string, number]> {
  for (const { month, scope, sums } of itemsOf(aggregates, family)) {
    for (const [day, count] of sums) if (count > 0) yield [scope, firstDay(month) + Number(day) - 1]
  }
}

/** The largest day of a histogram. */
export const latestDay = (aggregates: Aggregates, family: Family): number | undefined => {
  let latest: number | undefined
  for (const [, day] of daysIn(aggregates, family)) latest = Math.max(day, latest ?? day)
  return latest
}

/** Days from the end of onboarding to the first revenue: of `all` partners, and by month of the end of onboarding. */
const durationsOf = (aggregates: Aggregates, asOfDay: number): Map<string, Duration[]> => {
  const first = earliest(daysIn(aggregates, 'first-revenue'))
  const cohorts = new Map<string, Duration[]>([['all', []]])
  for (const [partnerId, start] of earliest(daysIn(aggregates, 'onboarding'))) {
    const revenueDay = first.get(partnerId)
    const days = revenueDay === undefined ? asOfDay - start : Math.max(0, revenueDay - start)
    if (days < 0) continue
    for (const cohort of ['all', monthText(monthOf(start))]) {
      cohorts.set(cohort, [...(cohorts.get(cohort) ?? []), { days, event: revenueDay !== undefined }])
    }
  }
  return cohorts
}

export const timeToValueOf = (aggregates: Aggregates, asOfDay: number): TimeToValue[] => {
  const cohorts = durationsOf(aggregates, asOfDay)
  const months = [...cohorts.keys()].filter((cohort) => cohort !== 'all').sort()
  return ['all', ...months].map((cohort) => ({ cohort, ...survival(cohorts.get(cohort) ?? []) }))
}

/** The survival curve of all partners, whose values at some days `timeToValueOf` gives. */
export const timeToValueCurve = (aggregates: Aggregates, asOfDay: number): SurvivalStep[] =>
  survivalSteps(durationsOf(aggregates, asOfDay).get('all') ?? [])
