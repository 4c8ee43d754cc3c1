import { addMonths } from '../../core/period.ts'
import { problem, type Rule } from './rule.ts'

const MAX_MONTHS = 60
const MAX_YEARS_AHEAD = 3

const timed: Rule = ({ termMonths, expiresOn }, today) => [
  ...problem(termMonths < 1 || termMonths > MAX_MONTHS, 'INVALID_DURATION', 'termMonths', `use 1 to ${MAX_MONTHS} months`),
  ...problem(
    expiresOn <= today,
    'INVALID_AVAILABILITY_END_DATE',
    'expiresOn',
    `must be after ${today}: the buyer needs a day to accept`,
  ),
]

const starting: Rule = ({ startsOn, expiresOn }, today) => {
  if (!startsOn) return []
  const latest = addMonths(today, 12 * MAX_YEARS_AHEAD)
  return [
    ...problem(
      startsOn <= expiresOn,
      'INVALID_AGREEMENT_START_DATE',
      'startsOn',
      `must be after expiresOn (${expiresOn}), since the buyer may accept until then: take a later start or an earlier expiresOn`,
    ),
    ...problem(
      startsOn > latest,
      'INVALID_AGREEMENT_START_DATE',
      'startsOn',
      `must be ${latest} at the latest: AWS takes starts within ${MAX_YEARS_AHEAD} years`,
    ),
  ]
}

/** Until when an offer can be accepted, and when its agreement begins. */
export const PERIOD_RULES: Rule[] = [starting, timed]
