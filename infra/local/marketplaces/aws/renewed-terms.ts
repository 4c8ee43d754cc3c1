import { allocate } from '../../../../lib/core/money.ts'
import { addDays, addMonths, dateText, firstDay, lastDay, monthIndex } from '../../../../lib/core/period.ts'
import { marked, raised } from './markup.ts'
import { termOf } from './offer.ts'
import type { ScheduleTemplate } from './renewal-fields.ts'
import type { Term } from './term-fields.ts'
import { amountText, shifted, thousandths } from './terms.ts'

type Schedule = Extract<Term, { Type: 'PaymentScheduleTerm' }>

/** By how many percent the price increases; of a range the default, since nobody settles on another one here. */
const increaseIn = (terms: Term[]) => {
  const { PriceIncrease } = termOf({ terms }, 'RenewalTerm') ?? {}
  if (!PriceIncrease) return '0'
  return PriceIncrease.Type === 'FixedPercentage' ? PriceIncrease.Value : PriceIncrease.Range.DefaultValue
}

/** The day of the month is clamped to the month's end; nothing is charged before the term begins. */
const chargeDate = (on: string, { ChargeDateOffset, DayOfMonth }: ScheduleTemplate['Schedule'][number]) => {
  const count = Number.parseInt(ChargeDateOffset.slice(1), 10)
  const date = ChargeDateOffset.endsWith('D') ? addDays(on, count) : addMonths(on, count)
  if (!DayOfMonth) return date
  const month = monthIndex(date)
  const day = dateText(Math.min(firstDay(month) + DayOfMonth - 1, lastDay(month)))
  return day < on ? on : day
}

/** The installments of a template share the raised price out to the cent. */
const rescheduled = (old: Schedule, { Schedule: rows }: ScheduleTemplate, percent: string, on: string): Schedule => {
  const before = old.Schedule.reduce((sum, { ChargeAmount }) => sum + thousandths(ChargeAmount), 0)
  const cents = thousandths(raised(amountText(before), percent, 2)) / 10
  const parts = allocate(
    cents,
    rows.map(({ ChargePercentage }) => Math.round(Number(ChargePercentage) * 100)),
  )
  const charges = rows.map((row, index) => ({
    ChargeDate: chargeDate(on, row),
    ChargeAmount: amountText((parts[index] ?? 0) * 10),
  }))
  return { ...old, Schedule: charges }
}

/** The terms of the next term, which begins `on`: higher prices, dates shifted, installments by their template. */
export const renewedTerms = (
  terms: Term[],
  {
    on,
    shift,
    increasePercent = increaseIn(terms),
  }: { on: string; shift: (date: string) => string; increasePercent?: string | undefined },
): Term[] => {
  const [template] = termOf({ terms }, 'RenewalTerm')?.TermTemplates ?? []
  return terms.map((term) =>
    template && term.Type === 'PaymentScheduleTerm'
      ? rescheduled(term, template, increasePercent, on)
      : shifted(marked(term, increasePercent), shift),
  )
}
