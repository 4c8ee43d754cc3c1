import * as z from '../core/schema.ts'
import type { Matter } from './matter.ts'
import { monthOf } from './matter.ts'
import { groupOf, type Payouts } from './payout.ts'

const Amount = z.int()

/** The four ledgers of a month in a currency, in minor units, and what became of what is billed. */
export const Balance = z.object({
  month: z.string(),
  currency: z.string(),
  booked: Amount,
  scheduled: Amount,
  billed: z.described(Amount, 'sales, without fees and taxes'),
  fees: Amount,
  taxes: Amount,
  cash: z.described(Amount, 'paid out, net of fees and taxes'),
  settled: z.described(Amount, 'of billed, fees and taxes: matched with cash'),
  waiting: z.described(Amount, 'of billed, fees and taxes: not paid out, and not due yet'),
  different: z.described(Amount, 'of billed, fees and taxes: not paid out, told by exceptions'),
  excess: z.described(Amount, 'of cash: of nothing that is billed, told by exceptions'),
})
export type Balance = z.infer<typeof Balance>

const ZERO = { booked: 0, scheduled: 0, billed: 0, fees: 0, taxes: 0, cash: 0, settled: 0, waiting: 0, different: 0, excess: 0 }
export type Part = keyof typeof ZERO
const PARTS = Object.keys(ZERO) as Part[]

/** Adds up balances of the same month and currency. */
export const addBalances = (balances: Iterable<Balance>): Balance[] => {
  const sums = new Map<string, Balance>()
  for (const each of balances) {
    const key = `${each.month} ${each.currency}`
    const sum = sums.get(key) ?? { month: each.month, currency: each.currency, ...ZERO }
    for (const part of PARTS) sum[part] += each[part]
    sums.set(key, sum)
  }
  return [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum)
}

const BILLED = { sale: 'billed', fee: 'fees', tax: 'taxes' } as const

const partOf = ({ ledger, kind }: Matter['rows'][number]): Part => (ledger === 'billed' ? BILLED[groupOf({ kind })] : ledger)

const part = (on: string, currency: string, name: Part, amount: number): Balance => ({
  month: monthOf(on),
  currency,
  ...ZERO,
  [name]: amount,
})

const ledgerOf = (row: Matter['rows'][number]): Balance[] => {
  const { on, amount, ledger } = row
  const own = part(on, amount.currency, partOf(row), amount.amount)
  return ledger === 'billed' ? [own, part(on, amount.currency, 'settled', amount.amount)] : [own]
}

/** What became of the rows of one currency that are billed or cash. */
const outcomes = ({ currency, settlement, findings }: Payouts): Balance[] => {
  const told = new Set(findings.map(({ key }) => key))
  return Object.values(settlement).flatMap(({ ours, theirs }) => [
    ...ours.flatMap(({ id, on, left }) => [
      part(on, currency, 'settled', -left),
      part(on, currency, told.has(id) ? 'different' : 'waiting', left),
    ]),
    ...theirs.map(({ on, left }) => part(on, currency, 'excess', left)),
  ])
}

/** The ledgers of a matter by month and currency. billed + fees + taxes = settled + waiting + different, in each of them. */
export const balancesOf = ({ rows }: Matter, payouts: Payouts[]): Balance[] =>
  addBalances([...rows.flatMap(ledgerOf), ...payouts.flatMap(outcomes)])
