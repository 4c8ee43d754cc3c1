import { invalid } from '../../../../lib/core/errors.ts'
import type { Term } from './term-fields.ts'

/** What a buyer selects of a ConfigurableUpfrontPricingTerm. */
export type Selection = { duration: string; quantities: Record<string, number> }

type Configurable = Extract<Term, { Type: 'ConfigurableUpfrontPricingTerm' }>
const configurableOf = (terms: Term[]) =>
  terms.find((term): term is Configurable => term.Type === 'ConfigurableUpfrontPricingTerm')

const wrong = (target: string, message: string) => invalid('the selection does not fit the offer', [{ target, message }])

const cardOf = (term: Configurable, duration: string | undefined) => {
  const card = term.RateCards.find((each) => each.Selector.Value === (duration ?? each.Selector.Value))
  if (!card) throw wrong('duration', `choose one of ${term.RateCards.map((each) => each.Selector.Value).join(', ')}`)
  return card
}

const oneOf = (keys: string[]) => Object.fromEntries(keys.map((key) => [key, 1]))

/** The buyer's choice, completed: the first duration, and one unit of each dimension (of the first, when only one may be chosen). */
export const select = (terms: Term[], { duration, quantities }: Partial<Selection>): Selection | undefined => {
  const term = configurableOf(terms)
  if (!term) return undefined
  const card = cardOf(term, duration)
  const keys = card.RateCard.map((rate) => rate.DimensionKey)
  const isFree = card.Constraints.QuantityConfiguration === 'Allowed'
  const chosen = quantities ?? oneOf(isFree ? keys : keys.slice(0, 1))
  const counts = Object.values(chosen)
  if (Object.keys(chosen).some((key) => !keys.includes(key))) throw wrong('quantities', `choose of ${keys.join(', ')}`)
  if (!isFree && (counts.length !== 1 || counts[0] !== 1)) throw wrong('quantities', 'choose one unit of one dimension')
  if (counts.some((count) => !Number.isSafeInteger(count) || count < 1)) throw wrong('quantities', 'choose whole units from 1')
  return { duration: card.Selector.Value, quantities: chosen }
}

/** Thousandths: prices have up to three decimals. */
export const thousandths = (amount: string) => Math.round(Number(amount) * 1000)
export const amountText = (amount: number) => (amount / 1000).toFixed(amount % 10 ? 3 : 2)

type Charge = { on: string; amount: number }

/** What is due and when: the payment schedule, or else the upfront price on the first day. */
export const chargesOf = (terms: Term[], selection: Selection | undefined, startTime: string): Charge[] => {
  const schedule = terms.find((term) => term.Type === 'PaymentScheduleTerm')
  if (schedule) return schedule.Schedule.map((row) => ({ on: row.ChargeDate, amount: thousandths(row.ChargeAmount) }))
  const term = configurableOf(terms)
  if (!term || !selection) return []
  const prices = cardOf(term, selection.duration).RateCard
  const amount = prices.reduce((sum, rate) => sum + thousandths(rate.Price) * (selection.quantities[rate.DimensionKey] ?? 0), 0)
  return [{ on: startTime.slice(0, 10), amount }]
}

/** A term for the next period: its dates shifted. */
export const shifted = (term: Term, shift: (date: string) => string): Term => {
  if (term.Type === 'PaymentScheduleTerm')
    return { ...term, Schedule: term.Schedule.map((row) => ({ ...row, ChargeDate: shift(row.ChargeDate) })) }
  if (term.Type !== 'ValidityTerm') return term
  const { AgreementStartDate: start, AgreementEndDate: end } = term
  return { ...term, ...(start && { AgreementStartDate: shift(start) }), ...(end && { AgreementEndDate: shift(end) }) }
}
