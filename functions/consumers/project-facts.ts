import { projectFacts } from '../../lib/metrics/commands.ts'
import { metricsStore } from '../../lib/metrics/store.ts'
import { stream } from '../../lib/runtime/batch.ts'
import { env } from '../../lib/runtime/env.ts'
import { eventOfRecord } from '../../lib/runtime/stream-record.ts'
import { openTable } from '../../lib/runtime/table.ts'

const currency = env('REPORTING_CURRENCY')
const project = projectFacts({ store: metricsStore(openTable(env('METRICS_TABLE')), currency), currency })

export const handler = stream((records) => project(records.map(eventOfRecord)))
