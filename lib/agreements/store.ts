import type { Table } from '../runtime/table.ts'
import type { AgreementSnapshot } from './agreement.ts'

// access patterns: one agreement · the agreements to be read again, by the time of their last reading (gsi2) · when a marketplace was reconciled
type Name = AgreementSnapshot['marketplace']

const key = (marketplace: Name, id: string) => ({ pk: `AGREEMENT#${marketplace}#${id}`, sk: 'AGREEMENT' })
const cursorKey = (marketplace: Name) => ({ pk: `CURSOR#agreements#${marketplace}`, sk: 'CURSOR' })
const active = (marketplace: Name) => `AGREEMENT#${marketplace}#active`

const READ_AGAIN = 'agreementId = :id, gsi2pk = :active, gsi2sk = :at'

export const agreementStore = (table: Table) => ({
  /** Notes that an agreement was read and its rows are in the books; one that has ended is not read again by itself. */
  synced: async ({ marketplace, id, status }: AgreementSnapshot, at: string): Promise<void> => {
    const ended = status === 'ended'
    await table.update({
      Key: key(marketplace, id),
      UpdateExpression: `SET #status = :status, syncedAt = :at${ended ? '' : `, ${READ_AGAIN}`} REMOVE reason${ended ? ', gsi2pk, gsi2sk' : ''}`,
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':status': status, ':at': at, ...(!ended && { ':id': id, ':active': active(marketplace) }) },
    })
  },

  /** Notes that an agreement could not be taken in, and why. */
  unsettled: async (marketplace: Name, id: string, reason: string, at: string): Promise<void> => {
    await table.update({
      Key: key(marketplace, id),
      UpdateExpression: `SET #status = :status, reason = :reason, ${READ_AGAIN}`,
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

  activeSyncedBefore: async function* (marketplace: Name, instant: string): AsyncIterable<string> {
    const query = {
      IndexName: 'gsi2',
      KeyConditionExpression: 'gsi2pk = :active AND gsi2sk < :before',
      ExpressionAttributeValues: { ':active': active(marketplace), ':before': instant },
    }
    for await (const item of table.query(query)) yield String(item['agreementId'])
  },

  reconciledAt: async (marketplace: Name): Promise<string | undefined> => {
    const item = await table.get(cursorKey(marketplace))
    return item && String(item['at'])
  },

  reconciled: async (marketplace: Name, at: string): Promise<void> => {
    await table.update({
      Key: cursorKey(marketplace),
      UpdateExpression: 'SET #at = :at',
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: { ':at': at },
    })
  },
})
export type AgreementStore = ReturnType<typeof agreementStore>
