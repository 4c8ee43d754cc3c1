import type { AwsOffer } from '../offer.ts'
import { problem, type Rule, repeated } from './rule.ts'

const MAX_ACCOUNTS = 25

const inSet: Rule = ({ offerSetId, replaces }) =>
  problem(
    !!offerSetId && !!replaces,
    'INCOMPATIBLE_OFFER_SET_REFERENCE',
    'offerSetId',
    'a replacement is accepted alone: leave the set out',
  )

const isForAnyone = ({ authorises, buyerAccountIds }: AwsOffer) => authorises !== undefined && buyerAccountIds === undefined

const targeted: Rule = (offer) => {
  const { buyerAccountIds, replaces } = offer
  const isMissing = !buyerAccountIds?.length && !replaces && !isForAnyone(offer)
  return [
    ...problem(
      isMissing,
      'MISSING_BUYER_ACCOUNTS',
      'buyerAccountIds',
      'name the AWS account that shall accept, by its id of 12 digits',
    ),
    ...problem(
      !!buyerAccountIds && !!replaces,
      'INCOMPATIBLE_TARGETING',
      'buyerAccountIds',
      'the buyer of the replaced agreement accepts, nobody else: leave the accounts out',
    ),
  ]
}

const numbered: Rule = ({ buyerAccountIds = [] }) => [
  ...problem(
    buyerAccountIds.length > MAX_ACCOUNTS,
    'TOO_MANY_BUYER_ACCOUNTS',
    'buyerAccountIds',
    `name ${MAX_ACCOUNTS} AWS accounts at most: make a second offer for the others`,
  ),
  ...buyerAccountIds.flatMap((id, index) =>
    problem(!/^\d{12}$/.test(id), 'INVALID_BUYER_ACCOUNTS', `buyerAccountIds.${index}`, 'must be an AWS account id of 12 digits'),
  ),
  ...repeated(buyerAccountIds, 'INVALID_BUYER_ACCOUNTS', (index) => `buyerAccountIds.${index}`),
]

/** Who may accept, and with what else. */
export const BUYER_RULES: Rule[] = [inSet, targeted, numbered]
