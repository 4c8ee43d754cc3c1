import type { AwsOffer, Problem } from '../offer.ts'
import { BUYER_RULES } from './buyer-rules.ts'
import { PERIOD_RULES } from './period-rules.ts'
import { requestOf } from './plan.ts'
import { PRICE_RULES } from './price-rules.ts'
import { RENEWAL_RULES } from './renewal-rules.ts'
import { REPLACEMENT_RULES } from './replacement-rules.ts'
import { RESALE_RULES } from './resale-rules.ts'
import { problem, type Rule } from './rule.ts'
import { onceBeforeAcceptance, SCHEDULE_RULES } from './schedule-rules.ts'
import { SOLD_RULES } from './sold-rules.ts'
import { targetOfChange } from './targets.ts'

const MAX_NAME = 150
/** Of one change, as JSON text. */
const MAX_DOCUMENT = 16_384

const named: Rule = ({ name }) => [
  ...problem(name.length === 0 || name.length > MAX_NAME, 'INVALID_NAME', 'name', `use 1 to ${MAX_NAME} characters`),
  ...problem(/[\\<>]/.test(name), 'INVALID_NAME', 'name', 'AWS takes no \\, < or > in a name: remove them'),
  ...problem(name.startsWith(' '), 'INVALID_NAME', 'name', 'must not start with a space: remove it'),
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

const RULES: Rule[] = [
  named,
  ...SOLD_RULES,
  ...RESALE_RULES,
  ...BUYER_RULES,
  ...REPLACEMENT_RULES,
  ...PRICE_RULES,
  ...PERIOD_RULES,
  ...SCHEDULE_RULES,
  ...RENEWAL_RULES,
  legal,
  documented,
]

/** What a last day is checked by, also where it is changed after the release. */
const LAST_DAY_RULES: Rule[] = [...PERIOD_RULES, onceBeforeAcceptance]

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
