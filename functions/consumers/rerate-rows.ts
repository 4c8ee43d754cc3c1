import { rerateRows } from '../../lib/metrics/commands.ts'
import { metricsStore } from '../../lib/metrics/store.ts'
import { stream } from '../../lib/runtime/batch.ts'
import { env } from '../../lib/runtime/env.ts'
import { openTable } from '../../lib/runtime/table.ts'

const currency = env('REPORTING_CURRENCY')
const rerate = rerateRows({ store: metricsStore(openTable(env('METRICS_TABLE')), currency), currency })

export const handler = stream(() => rerate())
