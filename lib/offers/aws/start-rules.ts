import { addMonths } from '../../core/period.ts'
import { problem, type Rule } from './rule.ts'

const MAX_YEARS_AHEAD = 3

/** When an agreement may begin that does not begin on acceptance. */
export const starting: Rule = ({ startsOn, expiresOn }, today) => {
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
