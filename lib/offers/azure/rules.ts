import { salesOf } from '../items.ts'
import type { AzureOffer, Problem } from '../offer.ts'
import { DATE_RULES } from './date-rules.ts'
import { FIELD_RULES } from './field-rules.ts'
import { itemProblems } from './item-rules.ts'
import { MODEL_RULES } from './model-rules.ts'
import { placeOf } from './place.ts'
import { PRICE_RULES } from './price-rules.ts'
import { REFERENCE_RULES } from './reference-rules.ts'
import type { Given, Rule } from './rule.ts'

const RULES = [...FIELD_RULES, ...PRICE_RULES, ...MODEL_RULES, ...DATE_RULES, ...REFERENCE_RULES]

const said = ({ code, target, message }: Rule, sale: AzureOffer): Problem => ({
  code,
  target,
  message: typeof message === 'string' ? message : message(sale),
})

const saleProblems = (offer: AzureOffer, given: Given): Problem[] =>
  salesOf(offer).flatMap((sale, at) =>
    RULES.filter(({ broken }) => broken(sale, given))
      .map((rule) => said(rule, sale))
      .map((problem) => ({ ...problem, target: placeOf(offer, at, problem.target) })),
  )

/** What is wrong with the whole offer is found of each item. */
const once = (problems: Problem[]) => [...new Map(problems.map((each) => [JSON.stringify(each), each])).values()]

/** Everything that Microsoft would refuse about an offer, at once. */
export const problemsOf = (offer: AzureOffer, given: Given): Problem[] =>
  once([...saleProblems(offer, given), ...itemProblems(offer)])
