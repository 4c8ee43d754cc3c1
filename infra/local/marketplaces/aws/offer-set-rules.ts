import { buyersOf, currencyOf, isExpired, type Offer } from './offer.ts'
import type { OfferSet } from './offer-set.ts'
import type { OfferSetDetail } from './offer-set-details.ts'
import { type ErrorDetail, hasTwice } from './rule.ts'

type Type = OfferSetDetail['type']
/** A set after its changes, with those of its offers that there are. */
type Changed = { types: Type[]; before: OfferSet | undefined; set: OfferSet; offers: Offer[]; at: string }
type Rule = { code: string; on: Type[]; broken: (changed: Changed) => string | undefined | false }

const MOST_OFFERS = 7
const FEWEST_OFFERS = 2

const differ = (values: string[]) => new Set(values).size > 1

const FROZEN: Rule = {
  code: 'INVALID_UPDATE_REQUEST',
  on: ['AssociateOffers', 'DisassociateOffers', 'ReleaseOfferSet'],
  broken: ({ before }) => before?.state === 'Released' && 'the offer set is released: make another one',
}

const release = (code: string, message: string, isBroken: (changed: Changed) => boolean): Rule => ({
  code,
  on: ['ReleaseOfferSet'],
  broken: (changed) => isBroken(changed) && message,
})

const RULES: Rule[] = [
  {
    code: 'TOO_MANY_OFFERS',
    on: ['AssociateOffers'],
    broken: ({ set }) => set.offerIds.length > MOST_OFFERS && `associate up to ${MOST_OFFERS} offers`,
  },
  {
    code: 'INCOMPATIBLE_OFFER_SET_REFERENCE',
    on: ['AssociateOffers'],
    broken: ({ set, offers }) => {
      const made = offers.filter(({ offerSetId }) => offerSetId === set.id).map(({ id }) => id)
      const others = set.offerIds.filter((id) => !made.includes(id))
      return others.length > 0 && `these offers were not created for the offer set: ${others.join(', ')}`
    },
  },
  release('MISSING_BUYER_NOTES', 'set BuyerNotes before the release', ({ set }) => !set.buyerNotes),
  release('MISSING_OFFERS', 'associate two offers or more', ({ set }) => set.offerIds.length < FEWEST_OFFERS),
  release('TOO_MANY_OFFERS_PER_PRODUCT', 'associate one offer of each product', ({ offers }) =>
    hasTwice(offers.map(({ productId }) => productId)),
  ),
  release('INCONSISTENT_OFFER_CURRENCY_CODE', 'the offers have different currencies', ({ offers }) =>
    differ(offers.map(({ terms }) => currencyOf(terms))),
  ),
  release('INCONSISTENT_OFFER_AVAILABILITY_END_DATE', 'the offers have different end dates', ({ offers }) =>
    differ(offers.map(({ availabilityEndDate = '' }) => availabilityEndDate)),
  ),
  release('INCONSISTENT_OFFER_TARGETING_RULE', 'the offers target different buyers', ({ offers }) =>
    differ(offers.map((offer) => buyersOf(offer).toSorted().join())),
  ),
  release('INCOMPATIBLE_OFFER_TARGETING_RULE', 'associate offers to named buyers only', ({ offers }) =>
    offers.some((offer) => buyersOf(offer).length === 0),
  ),
  release('EXPIRED_OFFERS', 'disassociate the offers that are expired, or extend them', ({ offers, at }) =>
    offers.some((offer) => isExpired(offer, at.slice(0, 10))),
  ),
  release('DRAFT_OFFERS', 'release every offer first', ({ offers }) => offers.some(({ state }) => state === 'Draft')),
]

const brokenOf = (rules: Rule[], changed: Changed) =>
  rules.flatMap(({ code, on, broken }) => {
    const type = on.find((each) => changed.types.includes(each))
    const ErrorMessage = type && broken(changed)
    return type && ErrorMessage ? [{ type, error: { ErrorCode: code, ErrorMessage } }] : []
  })

/** The errors of one offer set's changes. What a released one cannot take is not looked at further. */
export const offerSetErrors = (changed: Changed): { type: Type; error: ErrorDetail }[] => {
  const refused = brokenOf([FROZEN], changed)
  return refused.length ? refused : brokenOf(RULES, changed)
}
