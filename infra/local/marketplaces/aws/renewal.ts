import { conflict } from '../../../../lib/core/errors.ts'
import { addDays, addMonths, dayNumber, wholeMonths } from '../../../../lib/core/period.ts'
import type { World } from '../stand-in.ts'
import { agreementAmended, agreementCreated, agreementEnded } from './agreement-events.ts'
import { type Agreement, agreementWrite, ended, expire, findActive, identity } from './agreements.ts'
import { endTimeBehavior, isExhausted, lockoutStart } from './end-time.ts'
import { commit, transact } from './journal.ts'
import { termOf } from './offer.ts'
import { PRODUCTS, type Product } from './products.ts'
import { renewedTerms } from './renewed-terms.ts'

// An agreement of dates ends with the last millisecond of a day; the next one starts with the first of the day after.
const nextStart = (endTime: string) => (endTime.endsWith('.999Z') ? new Date(Date.parse(endTime) + 1).toISOString() : endTime)

const shifting = (from: string, to: string) => {
  const months = wholeMonths(from, to)
  return (date: string) => (months ? addMonths(date, months) : addDays(date, dayNumber(to) - dayNumber(from)))
}

type Renewing = { endTime: string; at: string; increasePercent?: string | undefined }

const renewed = (world: World, old: Agreement, { endTime, at, increasePercent }: Renewing): Agreement => {
  const startTime = nextStart(endTime)
  const on = startTime.slice(0, 10)
  const shift = shifting(old.startTime.slice(0, 10), on)
  return {
    ...old,
    ...identity(world),
    acceptanceTime: at,
    startTime,
    endTime: `${shift(endTime.slice(0, 10))}${endTime.slice(10)}`,
    lastUpdateTime: at,
    previousAgreementId: old.id,
    renewals: (old.renewals ?? 0) + 1,
    terms: renewedTerms(old.terms, { on, shift, increasePercent }),
    invoices: [],
    adjustments: [],
  }
}

const carryOut = async (world: World, old: Agreement, renewing: Renewing) => {
  const agreement = renewed(world, old, renewing)
  const over = ended(old, 'RENEWED', renewing.at)
  const product = await world.shelf.get<Product>(PRODUCTS, agreement.productId)
  const events = [agreementCreated(world, agreement, product), agreementEnded(world, over, over.lastUpdateTime)]
  await commit(world, [agreementWrite(agreement), agreementWrite(over)], events)
  return agreement
}

/**
 * Renews an agreement for another term that follows on its end: a new agreement and license under the same offer. Its price is higher by
 * `increasePercent`, or else by what the terms say.
 */
export const renewAgreement = (
  world: World,
  agreementId: string,
  { increasePercent }: { increasePercent?: string | undefined } = {},
) =>
  transact(world, async (): Promise<Agreement> => {
    const old = await findActive(world, agreementId)
    if (!old.endTime) throw conflict('the agreement has no end: there is nothing to renew', 'agreementId')
    if (isExhausted(old)) throw conflict('the agreement has renewed as often as its terms allow', 'agreementId')
    return carryOut(world, old, { endTime: old.endTime, at: world.now().toISOString(), increasePercent })
  })

/** The buyer switches the renewal at the end on or off, as long as the terms let it. */
export const switchRenewal = (world: World, agreementId: string, autoRenews: boolean) =>
  transact(world, async (): Promise<Agreement> => {
    const agreement = await findActive(world, agreementId)
    const now = world.now().toISOString()
    if (!termOf(agreement, 'RenewalTerm')) throw conflict('the terms of the agreement allow no renewal', 'agreementId')
    const locked = lockoutStart(agreement)
    if (locked && locked <= now) throw conflict(`the renewal is decided since ${locked}`, 'agreementId')
    const changed: Agreement = { ...agreement, autoRenews, lastUpdateTime: now }
    const product = await world.shelf.get<Product>(PRODUCTS, agreement.productId)
    await commit(world, [agreementWrite(changed)], [agreementAmended(world, changed, product)])
    return changed
  })

/** What becomes of an agreement when its time is over. */
export const concludeTerm = async (world: World, agreement: Agreement) => {
  const { endTime } = agreement
  if (!endTime || endTime > world.now().toISOString() || endTimeBehavior(agreement)?.type !== 'RENEW')
    return expire(world, agreement)
  await carryOut(world, agreement, { endTime, at: endTime })
}
