import * as z from '../core/schema.ts'
import { addBalances, Balance } from './balance.ts'

const Sums = z.object({ accounts: z.int(), agreements: z.int(), failed: z.int(), balances: z.array(Balance) })

/** A whole run over all accounts: once a day, in as many parts as it needs. */
export const Cycle = z.object({
  version: z.int(),
  /** The run that goes on: everything up to and with the account `after` is in its sums. */
  running: z.optional(z.object({ startedAt: z.string(), after: z.string(), sums: Sums })),
  /** The last run that came to its end. */
  last: z.optional(z.object({ startedAt: z.string(), sums: Sums })),
})
export type Cycle = z.infer<typeof Cycle>
export type Running = NonNullable<Cycle['running']>

export const NO_CYCLE: Cycle = { version: 0 }

/** The run to go on with: the one that was left, or today's; undefined: today's is done. */
export const runningOf = ({ running, last }: Cycle, now: string): Running | undefined => {
  if (running) return running
  if (last && last.startedAt.slice(0, 10) >= now.slice(0, 10)) return undefined
  return { startedAt: now, after: '', sums: { accounts: 0, agreements: 0, failed: 0, balances: [] } }
}

/** What reconciling one account came to; undefined: it failed. */
export type Outcome = { agreements: number; balances: Balance[] } | undefined

export const advance = ({ startedAt, sums }: Running, accountId: string, outcome: Outcome): Running => {
  const { accounts, agreements, failed, balances } = sums
  const next = {
    accounts: accounts + 1,
    agreements: agreements + (outcome?.agreements ?? 0),
    failed: failed + (outcome ? 0 : 1),
    balances: addBalances([...balances, ...(outcome?.balances ?? [])]),
  }
  return { startedAt, after: accountId, sums: next }
}
