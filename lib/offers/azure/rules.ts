import type { AzureOffer, Problem } from '../offer.ts'
import { DATE_RULES } from './date-rules.ts'
import { FIELD_RULES } from './field-rules.ts'
import { MODEL_RULES } from './model-rules.ts'
import { PRICE_RULES } from './price-rules.ts'
import { REFERENCE_RULES } from './reference-rules.ts'
import type { Given, Rule } from './rule.ts'

const RULES = [...FIELD_RULES, ...PRICE_RULES, ...MODEL_RULES, ...DATE_RULES, ...REFERENCE_RULES]

const said = ({ code, target, message }: Rule, offer: AzureOffer): Problem => ({
  code,
  target,
  message: typeof message === 'string' ? message : message(offer),
})

/** Everything that Microsoft would refuse about an offer, at once. */
export const problemsOf = (offer: AzureOffer, given: Given): Problem[] =>
  RULES.filter(({ broken }) => broken(offer, given)).map((rule) => said(rule, offer))
