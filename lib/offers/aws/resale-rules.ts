import { problem, type Rule } from './rule.ts'

const NOT_WITH_RESALE = [
  'grants',
  'rates',
  'usage',
  'schedule',
  'newDimensions',
  'netDays',
  'renews',
  'authorises',
  'offerSetId',
] as const

/** The authorisation fixes what is sold; the reseller adds the markup only. */
const resold: Rule = (offer) =>
  offer.resale
    ? NOT_WITH_RESALE.flatMap((field) =>
        problem(
          offer[field] !== undefined,
          'INCOMPATIBLE_RESALE_AUTHORIZATION',
          field,
          'the resale authorisation says it already: leave it out',
        ),
      )
    : []

const NOT_WITH_AUTHORISATION = ['replaces', 'startsOn', 'netDays', 'renews', 'offerSetId'] as const

/** What an authorisation cannot say is between the reseller and its buyer. */
const authorised: Rule = (offer) =>
  offer.authorises
    ? NOT_WITH_AUTHORISATION.flatMap((field) =>
        problem(
          offer[field] !== undefined,
          'INCOMPATIBLE_TERMS',
          field,
          'the reseller settles it in its own offer: leave it out',
        ),
      )
    : []

/** What is left to say where one sells the product of another. */
export const RESALE_RULES: Rule[] = [resold, authorised]
