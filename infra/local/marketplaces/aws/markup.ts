import type { Term } from './term-fields.ts'

/** A decimal text as a whole number of 10^-decimals; further decimals are cut. */
const wholeOf = (text: string, decimals: number) => {
  const [whole = '', fraction = ''] = text.split('.')
  return BigInt(whole + fraction.padEnd(decimals, '0').slice(0, decimals))
}

const textOf = (value: bigint, decimals: number) => {
  const digits = String(value).padStart(decimals + 1, '0')
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}

const HUNDRED = 100n * 10n ** 9n

/** A price raised by a percentage, rounded half up to as many decimals as its field has. */
export const raised = (price: string, percentage: string, decimals: number) =>
  textOf((wholeOf(price, decimals) * (HUNDRED + wholeOf(percentage, 9)) * 2n + HUNDRED) / (2n * HUNDRED), decimals)

const raisedRates = (rates: { DimensionKey: string; Price: string }[], percentage: string, decimals: number) =>
  rates.map((rate) => ({ ...rate, Price: raised(rate.Price, percentage, decimals) }))

/** A term with a markup on every price in it; `decimals` are those of a price that is paid ahead. */
export const marked = (term: Term, percentage: string, decimals = 3): Term => {
  const inCards = <C extends { RateCard: { DimensionKey: string; Price: string }[] }>(cards: C[], places: number) =>
    cards.map((card) => ({ ...card, RateCard: raisedRates(card.RateCard, percentage, places) }))
  switch (term.Type) {
    case 'ConfigurableUpfrontPricingTerm':
      return { ...term, RateCards: inCards(term.RateCards, decimals) }
    case 'UsageBasedPricingTerm':
      return { ...term, RateCards: inCards(term.RateCards, 8) }
    case 'FixedUpfrontPricingTerm':
      return { ...term, Price: raised(term.Price, percentage, 2) }
    case 'PaymentScheduleTerm': {
      const row = ({ ChargeDate, ChargeAmount }: (typeof term.Schedule)[number]) => ({
        ChargeDate,
        ChargeAmount: raised(ChargeAmount, percentage, 2),
      })
      return { ...term, Schedule: term.Schedule.map(row) }
    }
    default:
      return term
  }
}
