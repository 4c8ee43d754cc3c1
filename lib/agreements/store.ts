import { addDays } from '../core/period.ts'
import type { Table } from '../runtime/table.ts'
import type { AgreementSnapshot } from './agreement.ts'
import type { Books } from './booking.ts'
import { initialOf, Link, linkOf } from './chain.ts'
import type { Owned } from './owned.ts'
import { RunningAgreement } from './running.ts'

// access patterns: one agreement · the agreements to be read again, by the time of their last reading (gsi2)
// those in force by their last day (gsi1) · those of one chain · a marketplace's cycle
type Name = AgreementSnapshot['marketplace']

const key = (marketplace: Name, id: string) => ({ pk: `AGREEMENT#${marketplace}#${id}`, sk: 'AGREEMENT' })
const chainKey = (marketplace: Name, initialId: string) => `CHAIN#${marketplace}#${initialId}`
const cycleKey = (marketplace: Name) => ({ pk: `CYCLE#agreements#${marketplace}`, sk: 'CYCLE' })
const active = (marketplace: Name) => `AGREEMENT#${marketplace}#active`

const READ_AGAIN = 'agreementId = :id, gsi2pk = :active, gsi2sk = :at'
const TERM = 'AGREEMENT#term'
const INDEXED = ['gsi1pk', 'gsi1sk', 'running', 'gsi2pk', 'gsi2sk']
const BEGINNING = '2020-01-01T00:00:00Z'

/** Invoices in arrears and credit memos come after the end; for so long an agreement is still read. */
const AFTERMATH_DAYS = 180

const isOver = ({ status, service }: AgreementSnapshot, at: string) =>
  status === 'ended' && addDays(service?.to ?? at.slice(0, 10), AFTERMATH_DAYS) < at.slice(0, 10)

/** What is kept of an agreement beside its status. */
type Known = { owner: Owned; item?: number | undefined; running?: RunningAgreement | undefined }

/** Whose an agreement was at its last reading, and which plan it had, by which of the offer's items. */
export type LastKnown = { owner: Owned; planId?: string; item?: number }

/** An update that sets attributes, and removes those of `others` that it does not set. */
const changeTo = (attributes: Record<string, unknown>, others: readonly string[]) => {
  const names = Object.keys(attributes)
  const removed = others.filter((name) => !(name in attributes))
  const set = `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`
  return {
    UpdateExpression: removed.length > 0 ? `${set} REMOVE ${removed.map((name) => `#${name}`).join(', ')}` : set,
    ExpressionAttributeNames: Object.fromEntries([...names, ...removed].map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(names.map((name) => [`:${name}`, attributes[name]])),
  }
}

export const agreementStore = (table: Table) => ({
  /** What stands in the books for the agreement's term. */
  books: async (marketplace: Name, id: string): Promise<Books | undefined> => {
    const item = await table.get(key(marketplace, id))
    // Books were once kept without their owner: then it is the one of the last reading.
    return item?.['books'] ? ({ owner: item['owner'], ...item['books'] } as Books) : undefined
  },

  /** What the last reading left: its status, and its books; undefined: it was never read. */
  standing: async (marketplace: Name, id: string): Promise<{ status: string; books?: Books } | undefined> => {
    const item = await table.get(key(marketplace, id))
    if (!item) return undefined
    const books = item['books'] as Books | undefined
    return { status: String(item['status']), ...(books && { books }) }
  },

  /** Keeps the books as they are to be; `stale_version` when another reading was faster. */
  keepBooks: async (marketplace: Name, id: string, books: Books, before: Books | undefined): Promise<void> => {
    await table.update({
      Key: key(marketplace, id),
      UpdateExpression: 'SET books = :books',
      ConditionExpression: before ? 'books.revision = :revision' : 'attribute_not_exists(books)',
      ExpressionAttributeValues: { ':books': books, ...(before && { ':revision': before.revision }) },
    })
  },

  /** Every owner that the agreement was read with, in order. */
  owners: async (marketplace: Name, id: string): Promise<Owned[]> =>
    ((await table.get(key(marketplace, id)))?.['owners'] ?? []) as Owned[],

  /** Keeps them as they are to be; `stale_version` when another reading was faster. */
  keepOwners: async (marketplace: Name, id: string, owners: Owned[], before: Owned[]): Promise<void> => {
    await table.update({
      Key: key(marketplace, id),
      UpdateExpression: 'SET #owners = :owners',
      ConditionExpression: before.length > 0 ? 'size(#owners) = :count' : 'attribute_not_exists(#owners)',
      ExpressionAttributeNames: { '#owners': 'owners' },
      ExpressionAttributeValues: { ':owners': owners, ...(before.length > 0 && { ':count': before.length }) },
    })
  },

  /** Notes that an agreement was read and its rows are in the books: whose it is, and what is to be known of it until its end. */
  synced: async (agreement: AgreementSnapshot, { owner, item, running }: Known, at: string): Promise<void> => {
    const { marketplace, id, status, plan } = agreement
    const initialId = initialOf(agreement)
    // First, so that a reading which dies between is repeated.
    await table.update({
      Key: { pk: chainKey(marketplace, initialId), sk: id },
      ...changeTo({ link: linkOf(agreement, owner) }, []),
    })
    const kept = {
      status,
      owner,
      initialId,
      ...(plan && { planId: plan.id }),
      ...(item !== undefined && { item }),
      syncedAt: at,
      ...(!isOver(agreement, at) && { agreementId: id, gsi2pk: active(marketplace), gsi2sk: at }),
      ...(running && { running, gsi1pk: TERM, gsi1sk: `${running.lastDay}#${marketplace}#${id}` }),
    }
    await table.update({ Key: key(marketplace, id), ...changeTo(kept, ['reason', 'item', ...INDEXED]) })
  },

  /** The agreements that go on with each other, this being one of them; none where it was never read. */
  chain: async (marketplace: Name, id: string): Promise<Link[]> => {
    const initialId = (await table.get(key(marketplace, id)))?.['initialId']
    if (!initialId) return []
    const query = {
      KeyConditionExpression: 'pk = :chain',
      ExpressionAttributeValues: { ':chain': chainKey(marketplace, String(initialId)) },
    }
    return (await Array.fromAsync(table.query(query))).map((item) => Link.parse(item['link']))
  },

  /** Notes whose an agreement is that only another seller can read: it is never read, but money may name it. */
  resold: async (marketplace: Name, id: string, owner: Owned): Promise<void> => {
    await table.update({ Key: key(marketplace, id), ...changeTo({ status: 'resold', owner }, ['reason', ...INDEXED]) })
  },

  /** Whose an agreement is; undefined: it was never taken in. */
  ownerOf: async (marketplace: Name, id: string): Promise<Owned | undefined> =>
    (await table.get(key(marketplace, id)))?.['owner'] as Owned | undefined,

  /** The same with its plan. */
  lastKnown: async (marketplace: Name, id: string): Promise<LastKnown | undefined> => {
    const item = await table.get(key(marketplace, id))
    if (!item?.['owner']) return undefined
    return {
      owner: item['owner'] as Owned,
      ...(item['planId'] ? { planId: String(item['planId']) } : {}),
      ...(item['item'] === undefined ? {} : { item: Number(item['item']) }),
    }
  },

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

  /** An agreement in force; undefined: it is not, or has no end. */
  running: async (marketplace: Name, id: string): Promise<RunningAgreement | undefined> => {
    const running = (await table.get(key(marketplace, id)))?.['running']
    return running ? RunningAgreement.parse(running) : undefined
  },

  /** The agreements in force whose last day is within these days. */
  ending: async function* (from: string, to: string): AsyncIterable<RunningAgreement> {
    const query = {
      IndexName: 'gsi1',
      KeyConditionExpression: 'gsi1pk = :term AND gsi1sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':term': TERM, ':from': from, ':to': `${to}~` },
    }
    for await (const item of table.query(query)) yield RunningAgreement.parse(item['running'])
  },

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
