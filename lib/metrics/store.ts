import type { Table } from '../runtime/table.ts'
import { logStore } from './log-store.ts'
import { probeStore } from './probe-store.ts'
import { rowStore } from './row-store.ts'
import { sumStore } from './sum-store.ts'

/** The table of what is derived from events: rows, what waits to be summed, and sums. It may be wiped. */
export const metricsStore = (table: Table, currency: string, probes?: number) => {
  const log = logStore(table)
  return { ...rowStore(table, currency), ...log, ...sumStore(table, log.log), ...probeStore(table, probes) }
}
export type MetricsStore = ReturnType<typeof metricsStore>
