import { rerateRows } from '../../lib/metrics/commands.ts'
import { stream } from '../../lib/runtime/batch.ts'
import { openRows } from '../bind/metrics.ts'

const rerate = rerateRows(openRows())

export const handler = stream(() => rerate())
