import { conflict } from '../../../../lib/core/errors.ts'
import { addDays, addMonths, dayNumber, wholeMonths } from '../../../../lib/core/period.ts'
import type { World } from '../stand-in.ts'
import { agreementCreated, agreementEnded } from './agreement-events.ts'
import { type Agreement, agreementWrite, ended, findActive, identity } from './agreements.ts'
import { commit, transact } from './journal.ts'
import { PRODUCTS, type Product } from './products.ts'
import { scaled } from './terms.ts'

// An agreement of dates ends with the last millisecond of a day; the next one starts with the first of the day after.
const nextStart = (endTime: string) => (endTime.endsWith('.999Z') ? new Date(Date.parse(endTime) + 1).toISOString() : endTime)

const shifting = (from: string, to: string) => {
  const months = wholeMonths(from, to)
  return (date: string) => (months ? addMonths(date, months) : addDays(date, dayNumber(to) - dayNumber(from)))
}

const renewed = (world: World, old: Agreement, endTime: string, priceFactor: number): Agreement => {
  const startTime = nextStart(endTime)
  const shift = shifting(old.startTime.slice(0, 10), startTime.slice(0, 10))
  const now = world.now().toISOString()
  return {
    ...old,
    ...identity(world),
    acceptanceTime: now,
    startTime,
    endTime: `${shift(endTime.slice(0, 10))}${endTime.slice(10)}`,
    lastUpdateTime: now,
    previousAgreementId: old.id,
    terms: old.terms.map((term) => scaled(term, priceFactor, shift)),
    invoices: [],
    adjustments: [],
  }
}

/** Renews an agreement for another term that follows on its end: a new agreement and license under the same offer. */
export const renewAgreement = (world: World, agreementId: string, { priceFactor = 1 }: { priceFactor?: number } = {}) =>
  transact(world, async (): Promise<Agreement> => {
    const old = await findActive(world, agreementId)
    if (!old.endTime) throw conflict('the agreement has no end: there is nothing to renew', 'agreementId')
    const agreement = renewed(world, old, old.endTime, priceFactor)
    const over = ended(old, 'RENEWED', agreement.acceptanceTime)
    const product = await world.shelf.get<Product>(PRODUCTS, agreement.productId)
    const events = [agreementCreated(world, agreement, product), agreementEnded(world, over, over.lastUpdateTime)]
    await commit(world, [agreementWrite(agreement), agreementWrite(over)], events)
    return agreement
  })
