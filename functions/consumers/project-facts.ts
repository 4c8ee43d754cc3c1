import { projectFacts } from '../../lib/metrics/commands.ts'
import { stream } from '../../lib/runtime/batch.ts'
import { eventOfRecord } from '../../lib/runtime/stream-record.ts'
import { openRows } from '../bind/metrics.ts'

const project = projectFacts(openRows())

export const handler = stream((records) => project(records.map(eventOfRecord)))
