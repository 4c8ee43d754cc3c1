import type { Agreement } from './agreements.ts'
import type { Authorization } from './authorization.ts'
import type { ChangeType } from './details.ts'
import { after } from './duration.ts'
import { isPricing, type Offer, termOf } from './offer.ts'
import type { OfferSet } from './offer-set.ts'
import type { Product } from './products.ts'
import type { PricingTerm } from './term-fields.ts'

/** An authorisation that an offer is made from, and whether other offers have taken all that it allows. */
export type Grounds = { authorization: Authorization; isUsedUp: boolean }

/** What a rule sees: the offer before and after the change set, what it replaces or resells, the set it is for, and the instant when it is applied. */
export type View = {
  types: ChangeType[]
  before: Offer | undefined
  offer: Offer
  product: Product | undefined
  replaced: Agreement | undefined
  grounds: Grounds | undefined
  offerSet: OfferSet | undefined
  at: string
}

/** `broken` says what to do about it. The error is reported at the first of `on` that the change set contains, else not at all. */
export type Rule = { code: string; on: ChangeType[]; broken: (view: View) => string | undefined | false }

export type ErrorDetail = { ErrorCode: string; ErrorMessage: string }

/** The rules that are broken, as errors of the changes that break them. */
export const broken = (rules: Rule[], view: View): { type: ChangeType; error: ErrorDetail }[] =>
  rules.flatMap(({ code, on, broken }) => {
    const type = on.find((each) => view.types.includes(each))
    const ErrorMessage = type && broken(view)
    return type && ErrorMessage ? [{ type, error: { ErrorCode: code, ErrorMessage } }] : []
  })

export const hasTwice = (values: string[]) => new Set(values).size < values.length
/** Whether two durations end at the same instant: P1Y and P12M do. */
export const isSame = (a: string, b: string, at: string) => after(at, a) === after(at, b)

export const pricingTerms = ({ offer }: View) => offer.terms.filter(isPricing)
export const has = (view: View, type: PricingTerm['Type']) => pricingTerms(view).some((term) => term.Type === type)
export const fixedOf = ({ offer }: View) => termOf(offer, 'FixedUpfrontPricingTerm')
