import { rowChangeOf } from '../../lib/metrics/row-store.ts'
import { sumContributions } from '../../lib/metrics/sum.ts'
import { stream } from '../../lib/runtime/batch.ts'
import { openRows } from '../bind/metrics.ts'

const sum = sumContributions(openRows())

export const handler = stream((records, shard) => sum(shard, records.map(rowChangeOf)))
