import { addDays } from '../../../../lib/core/period.ts'
import type { Agreement } from './agreements.ts'
import { termOf } from './offer.ts'

type Ending = Pick<Agreement, 'status' | 'endTime' | 'terms' | 'offerId' | 'autoRenews' | 'renewals'>

/** Whether it has renewed as often as its terms allow. */
export const isExhausted = ({ terms, renewals = 0 }: Pick<Agreement, 'terms' | 'renewals'>) =>
  renewals >= (termOf({ terms }, 'RenewalTerm')?.MaxRenewals ?? Number.POSITIVE_INFINITY)

/** What happens at the end; nothing is told of an agreement that has none or is over. */
export const endTimeBehavior = (agreement: Ending) => {
  const { status, endTime, terms, offerId, autoRenews } = agreement
  if (status !== 'ACTIVE' || !endTime) return undefined
  const expire = { type: 'EXPIRE' as const }
  if (!termOf({ terms }, 'RenewalTerm')) return { ...expire, reasonCode: 'NO_RENEWAL_TERM' }
  if (isExhausted(agreement)) return { ...expire, reasonCode: 'RENEWAL_LIMIT_EXHAUSTED' }
  const renewalSummary = { offerId }
  return autoRenews
    ? { type: 'RENEW' as const, renewalSummary }
    : { ...expire, reasonCode: 'ACCEPTOR_RENEW_OPTED_OUT', renewalSummary }
}

/** From when on nobody can switch the renewal on or off; undefined: until the end they can. */
export const lockoutStart = ({ terms, endTime }: Pick<Agreement, 'terms' | 'endTime'>) => {
  const period = termOf({ terms }, 'RenewalTerm')?.LockoutPeriod
  return period && endTime
    ? `${addDays(endTime.slice(0, 10), -Number.parseInt(period.slice(1), 10))}${endTime.slice(10)}`
    : undefined
}
