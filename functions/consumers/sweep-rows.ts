import type { Context as LambdaContext, ScheduledEvent } from 'aws-lambda'
import { linkCorrections, rerateRows } from '../../lib/metrics/commands.ts'
import { isOfRates, searchedIn } from '../../lib/metrics/row-store.ts'
import { type StreamEvent, stream } from '../../lib/runtime/batch.ts'
import { openRows } from '../bind/metrics.ts'

const dependencies = openRows()
const [rerate, link] = [rerateRows(dependencies), linkCorrections(dependencies)]

const sweep = stream(async (records) => {
  if (records.some(isOfRates)) await rerate()
  const searched = records.map(searchedIn).filter((id) => id !== undefined)
  if (searched.length > 0) await link(searched)
})

/** The stream brings new rates, and corrections whose other row is to be found at once; the schedule has all corrections looked at. */
export const handler = async (event: StreamEvent | ScheduledEvent, lambda: LambdaContext) =>
  'Records' in event ? sweep(event, lambda) : link()
