import type { Agreement } from './agreements.ts'
import type { Term } from './term-fields.ts'

/** An instant as the Agreement API writes it: seconds since 1970, with a fraction. */
export const epoch = (instant: string) => Date.parse(instant) / 1000

const lower = (name: string) => `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`

// Dates of an offer become instants of the agreement.
const TIMES: Record<string, string> = {
  ChargeDate: 'T00:00:00.000Z',
  AgreementStartDate: 'T00:00:00.000Z',
  AgreementEndDate: 'T23:59:59.999Z',
}

const wireValue = (name: string, value: unknown) => {
  const time = TIMES[name]
  return time && typeof value === 'string' ? epoch(`${value}${time}`) : camel(value)
}

// The catalog writes PascalCase, the Agreement API camelCase.
const camel = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(camel)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [lower(name), wireValue(name, each)]))
}

type Renewal = Extract<Term, { Type: 'RenewalTerm' }>

// Here the Agreement API has unions, whose only member is the variant.
const renewalOf = ({ PriceIncrease, TermTemplates, ...rest }: Renewal, { autoRenews = false }: Agreement) => ({
  ...rest,
  Configuration: { EnableAutoRenew: autoRenews },
  ...(PriceIncrease?.Type === 'FixedPercentage' && { PriceIncrease: { FixedPercentage: { Value: PriceIncrease.Value } } }),
  ...(PriceIncrease?.Type === 'PercentageRange' && { PriceIncrease: { PercentageRange: PriceIncrease.Range } }),
  ...(TermTemplates && { TermTemplates: TermTemplates.map(({ Type, Schedule }) => ({ [Type]: { Schedule } })) }),
})

const configured = (term: Term, agreement: Agreement): object => {
  const { selection } = agreement
  if (term.Type === 'RenewalTerm') return renewalOf(term, agreement)
  if (term.Type !== 'ConfigurableUpfrontPricingTerm' || !selection) return term
  const dimensions = Object.entries(selection.quantities).map(([DimensionKey, DimensionValue]) => ({
    DimensionKey,
    DimensionValue,
  }))
  return { ...term, Configuration: { SelectorValue: selection.duration, Dimensions: dimensions } }
}

/** The terms that the buyer accepted, each under the name of its type. */
export const acceptedTerms = (agreement: Agreement) =>
  agreement.terms.map((term, index) => ({
    [lower(term.Type)]: camel({ ...configured(term, agreement), Id: `term-${agreement.id.slice(5, 17)}${index}` }),
  }))
