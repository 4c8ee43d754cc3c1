import { metricsStore, rowChangeOf } from '../../lib/metrics/store.ts'
import { sumContributions } from '../../lib/metrics/sum.ts'
import { stream } from '../../lib/runtime/batch.ts'
import { env } from '../../lib/runtime/env.ts'
import { openTable } from '../../lib/runtime/table.ts'

const currency = env('REPORTING_CURRENCY')
const sum = sumContributions({ store: metricsStore(openTable(env('METRICS_TABLE')), currency), currency })

export const handler = stream((records, shard) => sum(shard, records.map(rowChangeOf)))
