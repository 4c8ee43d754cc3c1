import { decimalText } from '../../core/money.ts'
import { addDays, addMonths } from '../../core/period.ts'
import type { AwsOffer, Problem } from '../offer.ts'
import { problem, type Rule, repeated } from './rule.ts'

const MAX_CHARGES = 60

type Schedule = NonNullable<AwsOffer['schedule']>
type ScheduleRule = (schedule: Schedule, offer: AwsOffer, today: string) => Problem[]

const dayOf = (index: number) => `schedule.${index}.on`
const wrongDay = (wrong: boolean, index: number, message: string) => problem(wrong, 'INVALID_CHARGE_DATES', dayOf(index), message)

const counted: ScheduleRule = ({ length }) => [
  ...problem(length === 0, 'MISSING_CHARGES', 'schedule', 'give at least one installment, or no schedule'),
  ...problem(length > MAX_CHARGES, 'TOO_MANY_CHARGES', 'schedule', `use ${MAX_CHARGES} installments at most`),
]

const inOrder: ScheduleRule = (schedule) => [
  ...repeated(
    schedule.map(({ on }) => on),
    'DUPLICATE_CHARGE_DATES',
    dayOf,
  ),
  ...schedule.flatMap(({ on }, index) => {
    const before = schedule[index - 1]?.on ?? on
    return wrongDay(on < before, index, `must be after ${before}: put the installments in order`)
  }),
]

/** The first day of the agreement, and the first after it, computed as if the buyer accepted today. */
export const startOf = ({ startsOn }: AwsOffer, today: string) => startsOn ?? today
export const endOf = (offer: AwsOffer, today: string) =>
  offer.endsOn ? addDays(offer.endsOn, 1) : addMonths(startOf(offer, today), offer.termMonths)

/** From today to the day before the agreement's end. */
const withinTerm: ScheduleRule = (schedule, offer, today) => {
  const end = endOf(offer, today)
  return schedule.flatMap(({ on }, index) => [
    ...wrongDay(on < today, index, `is in the past: choose ${today} or later`),
    ...wrongDay(
      on >= end,
      index,
      `must be before ${end}, the end of the agreement${offer.startsOn ? '' : ' if it is accepted today'}: take an earlier day, or a longer term`,
    ),
  ])
}

const early: ScheduleRule = (schedule, { expiresOn }) => {
  const due = schedule.flatMap(({ on }, index) => (on <= expiresOn ? [index] : []))
  return due.slice(1).map((index) => ({
    code: 'TOO_MANY_BACKDATED_CHARGES',
    target: dayOf(index),
    message: `only one installment may be due on or before expiresOn (${expiresOn}): move this one later or expiresOn earlier`,
  }))
}

const addingUp: ScheduleRule = (schedule, { price }) => {
  const sum = schedule.reduce((total, { amount }) => total + amount.amount, 0)
  const text = (amount: number) => `${decimalText({ amount, currency: price.currency })} ${price.currency}`
  const message = `the installments add up to ${text(sum)}, the price is ${text(price.amount)}: make them equal`
  return problem(sum !== price.amount, 'SCHEDULE_SUM', 'schedule', message)
}

const ofSchedule =
  (rule: ScheduleRule): Rule =>
  (offer, today) =>
    offer.schedule ? rule(offer.schedule, offer, today) : []

export const onceBeforeAcceptance = ofSchedule(early)

/** When money is due. A schedule can never be changed after the release. */
export const SCHEDULE_RULES: Rule[] = [
  ...[counted, inOrder, withinTerm].map(ofSchedule),
  onceBeforeAcceptance,
  ofSchedule(addingUp),
]
