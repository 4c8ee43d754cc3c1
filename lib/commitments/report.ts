import { CloudMarketplace, Programme } from '../../events/commitment.ts'
import { Id } from '../../events/vocabulary.ts'
import { Currency, exact, scale } from '../core/money.ts'
import { DateText, dateText, dayNumber, firstDay, lastDay, MonthText, monthIndex } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { convert, hasRate, type RateTable } from '../metrics/rates.ts'
import { type Offer, OfferStatus } from '../offers/offer.ts'
import type { Transaction } from '../transactions/transaction.ts'
import { type Commitment, endOf, isInForce } from './commitment.ts'
import { countedPrice, type DrawdownRule, drawnBy, expectedStart, isEligible } from './drawdown.ts'

// Amounts are minor units of the line's currency. Each list is flat: a row is a line of a table.

const amount = (description: string) => z.described(z.int(), description)

export const CommitmentLine = z.named(
  z.object({
    commitmentId: Id,
    accountId: Id,
    marketplace: CloudMarketplace,
    programme: Programme,
    from: DateText,
    to: z.described(DateText, 'the first day on which it holds no more'),
    currency: Currency,
    committed: amount('what the customer has promised to spend, with whomever'),
    cap: amount('what purchases on the marketplace can make up of it'),
    counted: amount('what was billed of it since its begin, net of refunds and credits, times its drawdown percent'),
    drawn: amount('of that, what is within 0 and the cap'),
    beyondCap: amount('of that, what is above the cap'),
    drawnInPeriod: amount('what the period added to drawn; the periods of a commitment add up to it'),
    remaining: amount('cap less drawn; what it bought of other vendors is not known here'),
    openOffers: z.described(z.int(), 'how many open offers would draw it down'),
    open: amount('by how much, as far as there are rates; see offers'),
    remainingAfterOpen: amount('remaining less open, never below 0'),
    daysLeft: z.int(),
    endsSoon: z.boolean(),
    rateExtrapolated: z.described(z.boolean(), 'an amount was billed before the first exchange rate, which was taken'),
  }),
  'CommitmentLine',
)
type CommitmentLine = z.infer<typeof CommitmentLine>

export const OpenOffer = z.object({
  commitmentId: Id,
  offerId: Id,
  partnerId: Id,
  status: OfferStatus,
  startsOn: z.described(DateText, 'as expected'),
  currency: Currency,
  price: z.int(),
  draws: z.described(z.optional(z.int()), "in the commitment's currency; absent: there is no rate"),
})
type OpenOffer = z.infer<typeof OpenOffer>

/** Billed in a currency that has no rate to the commitment's: in none of its sums. */
export const Apart = z.object({ commitmentId: Id, currency: Currency, billed: z.int() })
type Apart = z.infer<typeof Apart>

export const CommitmentReport = z.named(
  z.object({
    period: MonthText,
    asOf: z.described(DateText, 'the last day that counts: of the period, or today'),
    commitments: z.array(CommitmentLine),
    offers: z.array(OpenOffer),
    apart: z.array(Apart),
    cursor: z.optional(z.string()),
  }),
  'CommitmentReport',
)

/** A month up to a day, both as dates; `first` is its first day. */
export type Span = { period: string; first: string; asOf: string }

export const spanOf = (period: string, today: string): Span => {
  const month = monthIndex(period)
  const last = dateText(lastDay(month))
  return { period, first: dateText(firstDay(month)), asOf: last < today ? last : today }
}

/** Whether a commitment held on some day of the month. */
export const holdsIn = (commitment: Commitment, { period, first }: Span) =>
  commitment.from <= dateText(lastDay(monthIndex(period))) && first < endOf(commitment)

/** What a commitment is held against: the rows and the open offers of its account, and the rates to its currency. */
export type Books = { transactions: readonly Transaction[]; offers: readonly Offer[]; rates: RateTable; rule: DrawdownRule }

const COUNTED = ['contract', 'usage', 'one-time', 'refund', 'credit']

const isCounted = (commitment: Commitment, rule: DrawdownRule) => (row: Transaction) =>
  row.ledger === 'billed' &&
  COUNTED.includes(row.kind) &&
  row.marketplace === commitment.marketplace &&
  isInForce(commitment, row.on) &&
  isEligible(rule, row.productId)

export const capOf = ({ amount, maxSharePercent = 100 }: Commitment) =>
  Number((BigInt(amount.amount) * BigInt(maxSharePercent)) / 100n)

const share = (sum: number, { drawdownPercent }: Commitment) => scale(sum, { numerator: drawdownPercent, denominator: 100 })

type Row = { on: string; amount: number; extrapolated: boolean }

const rowOf =
  (rates: RateTable) =>
  ({ on, amount: { amount, currency } }: Transaction): Row => ({ on, ...convert(rates, amount, currency, dayNumber(on)) })

const drawing = (commitment: Commitment, rows: Row[], { first, asOf }: Span) => {
  const cap = capOf(commitment)
  const countedBy = (isIn: (row: Row) => boolean) =>
    share(
      exact(
        rows.filter(isIn).reduce((sum, row) => sum + row.amount, 0),
        'drawn',
      ),
      commitment,
    )
  const within = (counted: number) => Math.min(Math.max(counted, 0), cap)
  const counted = countedBy(() => true)
  const drawn = within(counted)
  return {
    cap,
    counted,
    drawn,
    beyondCap: Math.max(counted - cap, 0),
    drawnInPeriod: drawn - within(countedBy(({ on }) => on < first && on <= asOf)),
    remaining: cap - drawn,
  }
}

const openOffersOf = (commitment: Commitment, { offers, rates, rule }: Books, day: string): OpenOffer[] =>
  offers
    .filter((offer) => drawnBy(offer, [commitment], rule, day) !== undefined)
    .map((offer) => {
      const { id: offerId, partnerId, status, price } = offer
      const known = hasRate(rates, price.currency)
      const counted = countedPrice(offer, rule)
      const draws = known ? share(convert(rates, counted, price.currency, dayNumber(day)).amount, commitment) : undefined
      const line = { commitmentId: commitment.id, offerId, partnerId, status, startsOn: expectedStart(offer, day) }
      return { ...line, currency: price.currency, price: price.amount, ...(draws !== undefined && { draws }) }
    })

const apartOf = (commitmentId: string, rows: readonly Transaction[]): Apart[] => {
  const sums = new Map<string, number>()
  for (const { amount } of rows) sums.set(amount.currency, exact((sums.get(amount.currency) ?? 0) + amount.amount, 'apart'))
  return [...sums].sort().map(([currency, billed]) => ({ commitmentId, currency, billed }))
}

const timeOf = (commitment: Commitment, { asOf }: Span, { endingSoonDays }: DrawdownRule) => {
  const daysLeft = Math.max(dayNumber(endOf(commitment)) - dayNumber(asOf), 0)
  return { daysLeft, endsSoon: isInForce(commitment, asOf) && daysLeft <= endingSoonDays }
}

/** How far one commitment is drawn down by what we billed, and what open offers would add, as of a day. */
export const reportOf = (
  commitment: Commitment,
  books: Books,
  span: Span,
): { line: CommitmentLine; offers: OpenOffer[]; apart: Apart[] } => {
  const { id: commitmentId, accountId, marketplace, programme, from, amount } = commitment
  const { rates, rule } = books
  const counted = books.transactions.filter(isCounted(commitment, rule)).filter(({ on }) => on <= span.asOf)
  const isKnown = (row: Transaction) => hasRate(rates, row.amount.currency)
  const rows = counted.filter(isKnown).map(rowOf(rates))
  const drawn = drawing(commitment, rows, span)
  const offers = openOffersOf(commitment, books, span.asOf)
  const open = exact(
    offers.reduce((sum, { draws = 0 }) => sum + draws, 0),
    'open',
  )
  const line = {
    ...{ commitmentId, accountId, marketplace, programme, from, to: endOf(commitment) },
    ...{ currency: amount.currency, committed: amount.amount, ...drawn },
    ...{ openOffers: offers.length, open, remainingAfterOpen: Math.max(drawn.remaining - open, 0) },
    ...timeOf(commitment, span, rule),
    rateExtrapolated: rows.some(({ extrapolated }) => extrapolated),
  }
  return {
    line,
    offers,
    apart: apartOf(
      commitmentId,
      counted.filter((row) => !isKnown(row)),
    ),
  }
}
