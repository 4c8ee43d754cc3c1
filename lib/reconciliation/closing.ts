import { DateText, MonthText } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { addBalances, Balance } from './balance.ts'
import type { Cycle } from './cycle.ts'
import { ageOf, type Exception, ExceptionView, OPEN, viewOf } from './exception.ts'
import { Kind } from './finding.ts'
import { lastDayOf } from './matter.ts'

const Count = z.int()
const ofCurrency = { currency: z.string(), count: Count, amount: z.described(z.int(), 'the sum, in minor units') }
const size = z.described(z.int(), 'the sum without signs, in minor units')

export const Total = z.object({ ...ofCurrency, size })
export type Total = z.infer<typeof Total>
const KindTotal = z.object({ kind: Kind, ...ofCurrency, size, oldestSince: DateText, oldestDays: Count })
const { month: _, ...sums } = Balance.shape
const Ledgers = z.object(sums)

const run = {
  asOf: z.described(z.nullable(z.string()), 'when the last run over all accounts began; null: there was none yet'),
  failedAccounts: z.described(Count, 'accounts that the last run could not read'),
}

export const Report = z.named(
  z.object({
    period: z.optional(MonthText),
    ...run,
    accounts: Count,
    agreements: Count,
    open: z.described(z.array(KindTotal), 'open and assigned exceptions up to the end of the period'),
    accepted: z.described(z.array(KindTotal), 'differences that a person explained'),
    ledgers: z.described(
      z.array(Ledgers),
      'the rows of the period, as of the last run: billed + fees + taxes = settled + waiting + different',
    ),
    oldest: z.optional(ExceptionView),
  }),
  'ReconciliationReport',
)
export type Report = z.infer<typeof Report>

export const Closable = z.named(
  z.object({
    period: MonthText,
    threshold: z.int(),
    closable: z.boolean(),
    ...run,
    reasons: z.described(z.array(z.string()), 'why it may not be closed'),
    count: z.described(Count, 'open exceptions above the threshold'),
    hindering: z.described(z.array(ExceptionView), 'the largest of them'),
  }),
  'ClosablePeriod',
)
export type Closable = z.infer<typeof Closable>

const sizeOf = ({ amount }: Pick<Exception, 'amount'>) => Math.abs(amount.amount)
const older = (a: Exception, b: Exception) => (a.since === b.since ? (a.id < b.id ? -1 : 1) : a.since < b.since ? -1 : 1)
const larger = (a: Exception, b: Exception) => sizeOf(b) - sizeOf(a) || older(a, b)

const totalOf = (exceptions: Exception[], currency: string): Total => ({
  currency,
  count: exceptions.length,
  amount: exceptions.reduce((sum, { amount }) => sum + amount.amount, 0),
  size: exceptions.reduce((sum, each) => sum + sizeOf(each), 0),
})

/** How much exceptions come to, by currency. */
export const totalsOf = (exceptions: Exception[]): Total[] =>
  [...Map.groupBy(exceptions, ({ amount }) => amount.currency)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, each]) => totalOf(each, currency))

const byKind = (exceptions: Exception[], day: string): Report['open'] =>
  Kind.options.flatMap((kind) =>
    totalsOf(exceptions.filter((each) => each.kind === kind)).map((total) => {
      const of = exceptions.filter((each) => each.kind === kind && each.amount.currency === total.currency)
      const [{ since: oldestSince } = { since: day }] = of.toSorted(older)
      return { kind, ...total, oldestSince, oldestDays: ageOf({ since: oldestSince }, day) }
    }),
  )

const isOpen = ({ state }: Exception) => OPEN.some((each) => each === state)
const isOf = (period: string | undefined) => (exception: Exception) => !period || exception.since <= lastDayOf(period)

const lastRun = ({ last }: Cycle) => ({ asOf: last?.startedAt ?? null, failedAccounts: last?.sums.failed ?? 0 })

const ledgersOf = ({ last }: Cycle, period: string | undefined): Report['ledgers'] => {
  const wanted = (last?.sums.balances ?? []).filter(({ month }) => !period || month === period)
  return addBalances(wanted.map((each) => ({ ...each, month: '' }))).map(({ month: _, ...rest }) => rest)
}

type Asked = { live: Exception[]; cycle: Cycle; day: string }

/** Exceptions by kind and currency, and the ledgers by currency; of all times, or of a month. */
export const reportOf = ({ live, cycle, day }: Asked, period?: string): Report => {
  const exceptions = live.filter(isOf(period))
  const open = exceptions.filter(isOpen)
  const [oldest] = open.toSorted(older)
  return {
    ...(period && { period }),
    ...lastRun(cycle),
    accounts: cycle.last?.sums.accounts ?? 0,
    agreements: cycle.last?.sums.agreements ?? 0,
    open: byKind(open, day),
    accepted: byKind(
      exceptions.filter(({ state }) => state === 'accepted'),
      day,
    ),
    ledgers: ledgersOf(cycle, period),
    ...(oldest && { oldest: viewOf(oldest, day) }),
  }
}

const reasonsOf = ({ cycle }: Asked, period: string, count: number): string[] => {
  const { asOf, failedAccounts } = lastRun(cycle)
  const end = lastDayOf(period)
  return [
    ...(!asOf || asOf.slice(0, 10) <= end ? [`nothing was reconciled after ${end}: wait for the next nightly run`] : []),
    ...(failedAccounts > 0
      ? [`${failedAccounts} accounts could not be reconciled: see the dead letters of reconcile-books`]
      : []),
    ...(count > 0 ? [`${count} open exceptions are above the threshold: assign, resolve or accept them`] : []),
  ]
}

const MAX_HINDERING = 100

/**
 * Whether a month may be closed: a run after its end saw every account, and no exception up to its end is open above the threshold, which
 * is in minor units of each exception's own currency.
 */
export const closableOf = (asked: Asked, period: string, threshold: number): Closable => {
  const hindering = asked.live
    .filter(isOf(period))
    .filter((exception) => isOpen(exception) && sizeOf(exception) > threshold)
    .toSorted(larger)
  const reasons = reasonsOf(asked, period, hindering.length)
  return {
    ...{ period, threshold, closable: reasons.length === 0, ...lastRun(asked.cycle), reasons, count: hindering.length },
    hindering: hindering.slice(0, MAX_HINDERING).map((each) => viewOf(each, asked.day)),
  }
}
