import type { AwsOffer, Problem } from '../offer.ts'
import { KIND_RULES } from './kind-rules.ts'
import { requestOf } from './plan.ts'
import { PRICE_RULES } from './price-rules.ts'
import { problem, type Rule, repeated } from './rule.ts'
import { onceBeforeAcceptance, SCHEDULE_RULES } from './schedule-rules.ts'
import { starting } from './start-rules.ts'
import { targetOfChange } from './targets.ts'

const MAX_NAME = 150
const MAX_ACCOUNTS = 25
const MAX_MONTHS = 60
/** Of one change, as JSON text. */
const MAX_DOCUMENT = 16_384

const named: Rule = ({ name }) => [
  ...problem(name.length === 0 || name.length > MAX_NAME, 'INVALID_NAME', 'name', `use 1 to ${MAX_NAME} characters`),
  ...problem(/[\\<>]/.test(name), 'INVALID_NAME', 'name', 'AWS takes no \\, < or > in a name: remove them'),
  ...problem(name.startsWith(' '), 'INVALID_NAME', 'name', 'must not start with a space: remove it'),
]

const targeted: Rule = ({ buyerAccountIds = [] }) => [
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

const timed: Rule = ({ termMonths, expiresOn }, today) => [
  ...problem(termMonths < 1 || termMonths > MAX_MONTHS, 'INVALID_DURATION', 'termMonths', `use 1 to ${MAX_MONTHS} months`),
  ...problem(
    expiresOn <= today,
    'INVALID_AVAILABILITY_END_DATE',
    'expiresOn',
    `must be after ${today}: the buyer needs a day to accept`,
  ),
]

// The marketplace fetches the document itself, from Amazon S3 only.
const IN_S3 = /^https:\/\/[^/]*\bs3\b[^/]*\.amazonaws\.com\//

const legal: Rule = ({ eula }) =>
  problem(
    eula.type === 'custom' && !IN_S3.test(eula.url),
    'INVALID_LEGAL_DOCUMENTS',
    'eula.url',
    'must be the https address in Amazon S3, public or presigned, of a PDF without password',
  )

const documented: Rule = (offer, today) =>
  requestOf(offer, today).ChangeSet.flatMap(({ ChangeType, DetailsDocument }) =>
    problem(
      JSON.stringify(DetailsDocument).length > MAX_DOCUMENT,
      'LIMIT_EXCEEDED_DETAILS',
      targetOfChange(ChangeType),
      `is too long: AWS takes ${MAX_DOCUMENT} characters of JSON for it; shorten or leave out some`,
    ),
  )

const RULES: Rule[] = [named, ...KIND_RULES, targeted, ...PRICE_RULES, timed, ...SCHEDULE_RULES, legal, documented]

/** What a last day is checked by, also where it is changed after the release. */
const LAST_DAY_RULES: Rule[] = [timed, starting, onceBeforeAcceptance]

const FINAL = problem(
  true,
  'INVALID_UPDATE_REQUEST',
  'expiresOn',
  'an authorisation keeps its last day once the reseller has it: withdraw it and give another',
)

/** What AWS Marketplace would refuse about another last day of a released offer. */
export const extensionProblems = (offer: AwsOffer, expiresOn: string, today: string): Problem[] =>
  offer.authorises
    ? FINAL
    : LAST_DAY_RULES.flatMap((rule) => rule({ ...offer, expiresOn }, today)).map((found) => ({ ...found, target: 'expiresOn' }))

/** Everything that AWS Marketplace would refuse about the offer on that day; it has no dry run of its own for offers. */
export const problemsOf = (offer: AwsOffer, today: string): Problem[] => RULES.flatMap((rule) => rule(offer, today))
