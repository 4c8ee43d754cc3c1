import type { AwsOffer, Offer, Problem } from '../offers/offer.ts'

// What AWS Marketplace asks of the offers of a set ("Work with offer sets"), said before it is asked.

/** An offer and where the set names it. */
type Member = { offer: AwsOffer; target: string }

const problem = (wrong: boolean, code: string, target: string, message: string): Problem[] =>
  wrong ? [{ code, target, message }] : []

const targetOf = (index: number) => `offerIds.${index}`

const isOnAws = (offer: Offer): offer is AwsOffer => offer.marketplace === 'aws'

const membersIn = (offers: readonly Offer[]): Member[] =>
  offers.flatMap((offer, index) => (isOnAws(offer) ? [{ offer, target: targetOf(index) }] : []))

type Alike = { code: string; of: (offer: AwsOffer) => string; what: string }

const ALIKE: Alike[] = [
  { code: 'DIFFERENT_PARTNERS', of: ({ partnerId }) => partnerId, what: 'partnerId' },
  { code: 'DIFFERENT_ACCOUNTS', of: ({ accountId }) => accountId, what: 'accountId' },
  {
    code: 'INCONSISTENT_OFFER_TARGETING_RULE',
    of: ({ buyerAccountIds = [] }) => buyerAccountIds.toSorted().join(' '),
    what: 'buyerAccountIds',
  },
  { code: 'INCONSISTENT_OFFER_AVAILABILITY_END_DATE', of: ({ expiresOn }) => expiresOn, what: 'expiresOn' },
  { code: 'INCONSISTENT_OFFER_CURRENCY_CODE', of: ({ price }) => price.currency, what: 'price.currency' },
]

const unlike = (members: Member[]): Problem[] =>
  ALIKE.flatMap(({ code, of, what }) =>
    members.flatMap(({ offer, target }) => {
      const first = members[0]?.offer ?? offer
      const message = `its ${what} is "${of(offer)}", that of offer ${first.id} "${of(first)}": all offers of a set need the same`
      return problem(of(offer) !== of(first), code, target, message)
    }),
  )

const sameProduct = (members: Member[]): Problem[] =>
  members.flatMap(({ offer, target }, index) => {
    const other = members.slice(0, index).find((each) => each.offer.productId === offer.productId)
    const message = `offer ${other?.offer.id} sells the same product: a set takes one offer of each, so leave one out`
    return problem(other !== undefined, 'TOO_MANY_OFFERS_PER_PRODUCT', target, message)
  })

const expired = (members: Member[], today: string): Problem[] =>
  members.flatMap(({ offer, target }) =>
    problem(offer.expiresOn < today, 'EXPIRED_OFFERS', target, `expired on ${offer.expiresOn}: extend it, or take another offer`),
  )

/** What keeps offers from being accepted together on a day; those that do not `count` are looked at by nobody. */
export const misfits = (offers: readonly Offer[], today: string, count = (_: Offer) => true): Problem[] => {
  const members = membersIn(offers).filter(({ offer }) => count(offer))
  return [...unlike(members), ...sameProduct(members), ...expired(members, today)]
}

const NOT_IN_SETS = ['replaces', 'resale', 'authorises'] as const

const ofKind = ({ offer, target }: Member): Problem[] =>
  NOT_IN_SETS.flatMap((field) =>
    problem(
      offer[field] !== undefined,
      'INCOMPATIBLE_OFFER_SET_REFERENCE',
      target,
      `has ${field}: such an offer goes alone, leave it out`,
    ),
  )

const taken = ({ offer: { memberOf, offerSetId }, target }: Member): Problem[] =>
  problem(
    !!(memberOf ?? offerSetId),
    'INCOMPATIBLE_OFFER_SET_REFERENCE',
    target,
    `is made for the set ${memberOf?.id ?? offerSetId} and stays so: request the same offer anew`,
  )

const isDraft = ({ offer, target }: Member): Problem[] =>
  problem(
    offer.status !== 'draft',
    'NOT_A_DRAFT',
    target,
    `is ${offer.status}: an offer is made for a set from its beginning, request it anew`,
  )

/** Why an offer cannot be made for a set; `index` is its place in the set. */
export const unfit = (offer: Offer, index: number): Problem[] => {
  const target = targetOf(index)
  if (!isOnAws(offer)) return problem(true, 'NOT_ON_AWS', target, `is for ${offer.marketplace}: only AWS has sets of offers`)
  return [isDraft, ofKind, taken].flatMap((rule) => rule({ offer, target }))
}
