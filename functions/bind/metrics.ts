import { marginUnits } from '../../lib/metrics/margin.ts'
import { metricsStore } from '../../lib/metrics/store.ts'
import { env } from '../../lib/runtime/env.ts'
import { openTable } from '../../lib/runtime/table.ts'

/** The derived table, and the currency that it is reported in. */
export const openRows = () => {
  const currency = env('REPORTING_CURRENCY')
  return { store: metricsStore(openTable(env('METRICS_TABLE')), currency), currency }
}

/** The same with the gross margin in ten-thousandths: all that metrics are read with. */
export const openMetrics = () => ({ ...openRows(), grossMargin: marginUnits(env('GROSS_MARGIN')) })
