import { addDays } from '../../core/period.ts'
import { endsOn } from '../request-azure.ts'
import type { Rule } from './rule.ts'

const isFirstOfMonth = (date: string) => date.endsWith('-01')
const isLastOfMonth = (date: string) => isFirstOfMonth(addDays(date, 1))

export const DATE_RULES: Rule[] = [
  {
    code: 'expiry_past',
    target: 'expiresOn',
    message: 'publishing takes a while and the customer must still be able to accept: take a day after today',
    broken: ({ expiresOn }, { today }) => expiresOn <= today,
  },
  {
    code: 'end_not_month_end',
    target: 'expiresOn',
    message: 'an offer to resellers ends with a month: take the last day of one',
    broken: ({ kind, expiresOn }) => kind === 'csp' && !isLastOfMonth(expiresOn),
  },
  {
    code: 'start_not_month_begin',
    target: 'startsOn',
    message: 'Microsoft begins offers with a month: take the first day of one, or leave it out to begin on acceptance',
    broken: ({ startsOn }) => startsOn !== undefined && !isFirstOfMonth(startsOn),
  },
  {
    code: 'start_past',
    target: 'startsOn',
    message: 'a fixed start must lie ahead: take a first day of a month to come, or leave it out to begin on acceptance',
    broken: ({ startsOn }, { today }) => startsOn !== undefined && startsOn <= today,
  },
  {
    code: 'expiry_after_end',
    target: 'expiresOn',
    message: 'the term is over before the last day for accepting: take an earlier day, or a later startsOn',
    broken: (offer) => offer.startsOn !== undefined && offer.kind !== 'csp' && offer.expiresOn > endsOn(offer),
  },
  {
    code: 'start_after_end',
    target: 'startsOn',
    message: 'the offer would end before it starts: take an earlier startsOn or a later expiresOn',
    broken: ({ kind, startsOn = '', expiresOn }) => kind === 'csp' && startsOn > expiresOn,
  },
  {
    code: 'renewal_overlaps',
    target: 'startsOn',
    message: ({ predecessor }) =>
      `a renewal begins after the offer that it renews, which ends on ${predecessor?.endsOn}: take the first day of a later month`,
    broken: ({ predecessor, startsOn = '' }) => predecessor !== undefined && startsOn <= predecessor.endsOn,
  },
]
