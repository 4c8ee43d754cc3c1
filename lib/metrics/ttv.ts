import { monthText } from '../core/calendar.ts'
import type { Account } from './account.ts'
import { type Aggregates, addDay, type Daily, daysIn } from './aggregate.ts'
import { creditOn } from './attachment.ts'
import { monthOf } from './calendar.ts'
import type { Milestone, Untold } from './fact.ts'
import { type Duration, type Survival, type SurvivalStep, survival, survivalSteps } from './survival.ts'

export type TimeToValue = { cohort: string } & Survival

/** The days of a partner's onboarding; the row of the partner gives the earliest. */
export const addOnboarding = (aggregates: Aggregates, milestones: Untold<Milestone>[]) => {
  if (milestones.length === 0) return
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
export const addFirstRevenue = (aggregates: Aggregates, { spans, counted }: Account) => {
  const days: [string, number][] = []
  for (const { earned, day, sellerId, creditDay } of counted) {
    const partnerId = earned ? (sellerId ?? creditOn(spans, creditDay).sourcing) : undefined
    if (partnerId) days.push([partnerId, day])
  }
  for (const [partnerId, day] of earliest(days)) addDay(aggregates, 'first-revenue', day, partnerId)
}

/** The earliest day of each scope that has one. */
const earliestIn = (aggregates: Aggregates, family: Daily): Map<string, number> =>
  earliest(
    [...aggregates.daily[family].keys()].flatMap((scope) =>
      daysIn(aggregates, family, scope).map((day): [string, number] => [scope, day]),
    ),
  )

/** Days from the end of onboarding to the first revenue: of `all` partners, and by month of the end of onboarding. */
const durationsOf = (aggregates: Aggregates, asOfDay: number): Map<string, Duration[]> => {
  const first = earliestIn(aggregates, 'first-revenue')
  const cohorts = new Map<string, Duration[]>()
  for (const [partnerId, start] of earliestIn(aggregates, 'onboarding')) {
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
