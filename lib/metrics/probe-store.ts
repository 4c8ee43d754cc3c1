import type { Table } from '../runtime/table.ts'
import { pack, rowKey } from './row-store.ts'
import { probeKey } from './watermark.ts'

// access patterns: the answers to a set of probes.

// They spread over the shards of the stream by the hash of their keys: that one of a hundred shards gets none is less likely than 1 in 200.
const PROBES = 1024
const DAY_S = 86_400
const probedPartition = (probeId: string) => `PROBED#${probeId}`

/** `probes`: how many empty rows ask whether the sums follow. */
export const probeStore = (table: Table, probes = PROBES) => ({
  /** Writes rows without facts: once all are answered, every change of a row before them is in the sums. `now` in seconds since 1970. */
  sendProbes: async (probeId: string, now: number): Promise<void> => {
    const row = { facts: pack([]), version: 1, rates: 0, converts: false, ttl: now + DAY_S }
    await table.putAll(Array.from({ length: probes }, (_, n) => ({ ...rowKey(probeKey(probeId, n)), ...row })))
  },

  answerProbes: async (rows: { key: string; at: number }[]): Promise<void> =>
    table.putAll(
      rows.map(({ key, at }) => {
        const [, probeId = '', n = ''] = key.split('#')
        return { pk: probedPartition(probeId), sk: n, ttl: Math.ceil(at) + DAY_S }
      }),
    ),

  /** Whether all probes came through. */
  areAnswered: async (probeId: string): Promise<boolean> => {
    const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': probedPartition(probeId) } }
    let answers = 0
    for await (const _ of table.query(query)) answers++
    return answers === probes
  },
})
