import { addDays } from '../core/period.ts'
import type { Table } from '../runtime/table.ts'
import type { AgreementSnapshot } from './agreement.ts'
import type { Owned } from './booking.ts'

// access patterns: one agreement · the agreements to be read again, by the time of their last reading (gsi2) · a marketplace's cycle
type Name = AgreementSnapshot['marketplace']

const key = (marketplace: Name, id: string) => ({ pk: `AGREEMENT#${marketplace}#${id}`, sk: 'AGREEMENT' })
const cycleKey = (marketplace: Name) => ({ pk: `CYCLE#agreements#${marketplace}`, sk: 'CYCLE' })
const active = (marketplace: Name) => `AGREEMENT#${marketplace}#active`

const READ_AGAIN = 'agreementId = :id, gsi2pk = :active, gsi2sk = :at'
const BEGINNING = '2020-01-01T00:00:00Z'

/** Invoices in arrears and credit memos come after the end; for so long an agreement is still read. */
const AFTERMATH_DAYS = 180

const isOver = ({ status, service }: AgreementSnapshot, at: string) =>
  status === 'ended' && addDays(service?.to ?? at.slice(0, 10), AFTERMATH_DAYS) < at.slice(0, 10)

export const agreementStore = (table: Table) => ({
  /** Notes that an agreement was read, whose it is, and that its rows are in the books. */
  synced: async (agreement: AgreementSnapshot, owner: Owned, at: string): Promise<void> => {
    const { marketplace, id, status } = agreement
    const over = isOver(agreement, at)
    await table.update({
      Key: key(marketplace, id),
      UpdateExpression: `SET #status = :status, syncedAt = :at, #owner = :owner${over ? '' : `, ${READ_AGAIN}`} REMOVE reason${over ? ', gsi2pk, gsi2sk' : ''}`,
      ExpressionAttributeNames: { '#status': 'status', '#owner': 'owner' },
      ExpressionAttributeValues: {
        ':status': status,
        ':at': at,
        ':owner': owner,
        ...(!over && { ':id': id, ':active': active(marketplace) }),
      },
    })
  },

  /** Whose an agreement is; undefined: it was never taken in. */
  ownerOf: async (marketplace: Name, id: string): Promise<Owned | undefined> =>
    (await table.get(key(marketplace, id)))?.['owner'] as Owned | undefined,

  /** Notes that an agreement could not be taken in, and why; it is tried again by the next run, or a day after `at`. */
  unsettled: async (marketplace: Name, id: string, reason: string, at = BEGINNING): Promise<void> => {
    await table.update({
      Key: key(marketplace, id),
      UpdateExpression: `SET #status = :status, reason = :reason, syncedAt = :at, ${READ_AGAIN}`,
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: {
        ':status': 'unsettled',
        ':reason': reason,
        ':at': at,
        ':id': id,
        ':active': active(marketplace),
      },
    })
  },

  /** When an agreement was last read; empty: never. */
  syncedAt: async (marketplace: Name, id: string): Promise<string> =>
    String((await table.get(key(marketplace, id)))?.['syncedAt'] ?? ''),

  syncedBefore: async function* (marketplace: Name, instant: string): AsyncIterable<string> {
    const query = {
      IndexName: 'gsi2',
      KeyConditionExpression: 'gsi2pk = :active AND gsi2sk < :before',
      ExpressionAttributeValues: { ':active': active(marketplace), ':before': instant },
    }
    for await (const item of table.query(query)) yield String(item['agreementId'])
  },

  /** The cycle that an earlier run left open, or a new one; `since` is the start of the last that was ended. */
  beginCycle: async (marketplace: Name, now: string): Promise<{ since: string; startedAt: string }> => {
    const cycle = await table.get(cycleKey(marketplace))
    const since = String(cycle?.['endedFor'] ?? BEGINNING)
    if (cycle?.['startedAt']) return { since, startedAt: String(cycle['startedAt']) }
    await table.update({
      Key: cycleKey(marketplace),
      UpdateExpression: 'SET startedAt = :now',
      ExpressionAttributeValues: { ':now': now },
    })
    return { since, startedAt: now }
  },

  endCycle: async (marketplace: Name, startedAt: string): Promise<void> => {
    await table.update({
      Key: cycleKey(marketplace),
      UpdateExpression: 'SET endedFor = :startedAt REMOVE startedAt',
      ExpressionAttributeValues: { ':startedAt': startedAt },
    })
  },
})
export type AgreementStore = ReturnType<typeof agreementStore>
