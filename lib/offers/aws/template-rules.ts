import { addDays, addMonths } from '../../core/period.ts'
import type { AutoRenewal } from '../auto-renewal.ts'
import type { AwsOffer, Problem } from '../offer.ts'
import { problem, repeated } from './rule.ts'
import { endOf, startOf } from './schedule-rules.ts'

type Installment = NonNullable<AutoRenewal['installments']>[number]
type Template = Installment[]

const LIST = 'autoRenewal.installments'
const at = (index: number, field = '') => `${LIST}.${index}${field && `.${field}`}`
const wrongOffset = (wrong: boolean, target: string, message: string) =>
  problem(wrong, 'INVALID_CHARGE_DATE_OFFSETS', target, message)
const wrongDay = (wrong: boolean, index: number, message: string) =>
  problem(wrong, 'INVALID_DAY_OF_MONTH', at(index, 'dayOfMonth'), message)

const unitOf = ({ afterMonths }: Installment) => (afterMonths === undefined ? 'afterDays' : 'afterMonths')
const isPlaced = ({ afterMonths, afterDays }: Installment) => (afterMonths === undefined) !== (afterDays === undefined)

const placed = (template: Template): Problem[] =>
  template.flatMap((installment, index) => {
    if (!isPlaced(installment)) return wrongOffset(true, at(index), 'give either afterMonths or afterDays')
    const first = template.find(isPlaced) ?? installment
    return wrongOffset(
      unitOf(installment) !== unitOf(first),
      at(index, unitOf(installment)),
      `the first one has ${unitOf(first)}: use that in all installments`,
    )
  })

const unique = (template: Template): Problem[] =>
  repeated(
    template.map(({ afterMonths, afterDays, dayOfMonth }) => JSON.stringify([afterMonths, afterDays, dayOfMonth])),
    'DUPLICATE_CHARGE_DATE_OFFSETS',
    at,
  ).map((found) => ({ ...found, message: 'is charged on the same day as another one: put the two together' }))

const dayOf = (start: string, { afterMonths, afterDays = 0 }: Installment, more = 0) =>
  afterMonths === undefined ? addDays(start, afterDays) : addMonths(start, afterMonths + more)

/** A renewed term is as long as the first. */
const withinTerm = (template: Template, offer: AwsOffer, today: string): Problem[] => {
  const [start, end] = [startOf(offer, today), endOf(offer, today)]
  return template.flatMap((installment, index) => {
    const isOutside = dayOf(start, installment) >= end
    const isLast = installment.afterMonths !== undefined && dayOf(start, installment, 1) >= end
    return [
      ...wrongOffset(
        isOutside,
        at(index, unitOf(installment)),
        `is after the last day of the term, which is as long as the first (${start} to ${end}): charge earlier`,
      ),
      ...wrongDay(
        !isOutside && isLast && installment.dayOfMonth !== undefined,
        index,
        'in the last month of the term that day may be after its end: leave it out',
      ),
    ]
  })
}

const onDay = (template: Template): Problem[] => {
  const atOnce = template.flatMap(({ afterMonths, dayOfMonth }, index) => (afterMonths === 0 && dayOfMonth ? [index] : []))
  return [
    ...template.flatMap(({ afterDays, dayOfMonth }, index) =>
      wrongDay(afterDays !== undefined && dayOfMonth !== undefined, index, 'goes with afterMonths only: leave it out'),
    ),
    ...atOnce
      .slice(1)
      .flatMap((index) => wrongDay(true, index, 'only one installment of the first month may have a day: leave it out')),
  ]
}

const hundredths = (percent: string) => Math.round(Number(percent) * 100)

const addingUp = (template: Template): Problem[] => {
  const sum = template.reduce((total, { percent }) => total + hundredths(percent), 0)
  return [
    ...template.flatMap(({ percent }, index) =>
      problem(
        hundredths(percent) === 0,
        'INVALID_CHARGE_PERCENTAGES',
        at(index, 'percent'),
        'must be at least 0.01: leave it out',
      ),
    ),
    ...problem(sum !== 100_00, 'INVALID_CHARGE_PERCENTAGES', LIST, `the percentages add up to ${sum / 100}: make it 100`),
  ]
}

/** What is wrong with how the price of a renewed term is paid. */
export const templateProblems = (template: Template, offer: AwsOffer, today: string): Problem[] => [
  ...placed(template),
  ...unique(template),
  ...withinTerm(template, offer, today),
  ...onDay(template),
  ...addingUp(template),
]
