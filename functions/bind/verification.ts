import { feedStore } from '../../lib/feed/store.ts'
import { correctRow, projectFacts, rerateRows } from '../../lib/metrics/commands.ts'
import { rateTables } from '../../lib/metrics/rates.ts'
import { metricsStore } from '../../lib/metrics/store.ts'
import type { Table } from '../../lib/runtime/table.ts'
import type { Dependencies } from '../../lib/verification/run.ts'
import { verificationStore } from '../../lib/verification/store.ts'

const PAUSE_MS = 2000

/** What a verification needs of the two tables. */
export const openVerification = (records: Table, metrics: Table, currency: string, probes?: number): Dependencies => {
  const store = metricsStore(metrics, currency, probes)
  const derived = { store, currency }
  return {
    store: verificationStore(records),
    derived: store,
    ratesAt: rateTables(store.ratesAt, currency),
    events: feedStore(records).all,
    repair: {
      correct: store.correct,
      project: projectFacts(derived),
      correctRow: correctRow(derived),
      rerate: rerateRows(derived),
    },
    pause: () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS)),
  }
}
