import { splitEqually } from '../core/money.ts'
import { monthText } from '../core/period.ts'
import type { Account } from './account.ts'
import { type Aggregates, add, itemOf, itemsIn, PROGRAMME, read } from './aggregate.ts'
import { creditOn } from './attachment.ts'
import { monthOf } from './calendar.ts'
import { type Converted, convert, type RateTable } from './rates.ts'
import { flag } from './ratio.ts'
import { isBooking } from './transaction.ts'

export type PartnerRevenue = {
  month: string
  partnerId: string
  sourced: string
  influenced: string
  touched: string
  rateExtrapolated?: true
}
export type TotalRevenue = {
  month: string
  sourced: string
  influenced: string
  direct: string
  total: string
  rateExtrapolated?: true
}

type Share = 'sourced' | 'influenced' | 'direct' | 'touched'

const addShare = (aggregates: Aggregates, month: number, scope: string, share: Share, { amount, extrapolated }: Converted) => {
  const item = itemOf(aggregates, 'revenue', month, scope)
  const view = share === 'touched' ? 'touches' : 'credits'
  add(item, share, amount)
  add(item, view, 1)
  if (extrapolated) add(item, `${view}-extrapolated`, 1)
}

/** Primary credit, which adds up to the revenue, and the touch view, which does not. */
export const addRevenue = (aggregates: Aggregates, { spans, counted }: Account, rates: RateTable) => {
  for (const transaction of counted) {
    if (isBooking(transaction)) continue
    const { fact, sellerId, creditDay } = transaction
    const month = monthOf(fact.day)
    const value = convert(rates, fact.amount, fact.currency, creditDay)
    const { sourcing, influencing } = creditOn(spans, creditDay)
    const partnerId = sellerId ?? sourcing
    const share = partnerId ? 'sourced' : influencing.length > 0 ? 'influenced' : 'direct'
    addShare(aggregates, month, PROGRAMME, share, value)
    if (partnerId) addShare(aggregates, month, partnerId, 'sourced', value)
    else addInfluenced(aggregates, month, influencing, value)
    for (const other of sourcing ? [sourcing, ...influencing] : influencing) {
      if (other !== partnerId) addShare(aggregates, month, other, 'touched', value)
    }
  }
}

const addInfluenced = (aggregates: Aggregates, month: number, partnerIds: string[], { amount, extrapolated }: Converted) => {
  const parts = splitEqually(amount, partnerIds.length)
  partnerIds.forEach((partnerId, index) => {
    addShare(aggregates, month, partnerId, 'influenced', { amount: parts[index] ?? 0, extrapolated })
  })
}

/** The revenue of the partners in a month. */
export const partnerRevenueOf = (aggregates: Aggregates, month: number): PartnerRevenue[] =>
  [...itemsIn(aggregates, 'revenue', month).values()]
    .filter((item) => item.scope !== PROGRAMME && read(item, 'credits') + read(item, 'touches') > 0)
    .map((item) => ({
      month: monthText(month),
      partnerId: item.scope,
      sourced: String(read(item, 'sourced')),
      influenced: String(read(item, 'influenced')),
      touched: String(read(item, 'touched')),
      ...flag(read(item, 'credits-extrapolated') + read(item, 'touches-extrapolated') > 0),
    }))

/** The revenue of a month by primary credit. */
export const totalRevenueOf = (aggregates: Aggregates, month: number): TotalRevenue => {
  const item = itemsIn(aggregates, 'revenue', month).get(PROGRAMME)
  const [sourced, influenced, direct] = [read(item, 'sourced'), read(item, 'influenced'), read(item, 'direct')]
  return {
    month: monthText(month),
    sourced: String(sourced),
    influenced: String(influenced),
    direct: String(direct),
    total: String(BigInt(sourced) + BigInt(influenced) + BigInt(direct)),
    ...flag(read(item, 'credits-extrapolated') > 0),
  }
}
