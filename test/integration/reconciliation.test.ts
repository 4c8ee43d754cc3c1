import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DomainEvent } from '../../events/index.ts'
import { createTables } from '../../infra/local/dynamodb.ts'
import { accountStore } from '../../lib/accounts/store.ts'
import { agreementStore } from '../../lib/agreements/store.ts'
import type { Actor } from '../../lib/core/context.ts'
import type { Offer } from '../../lib/offers/offer.ts'
import { offerStore } from '../../lib/offers/store.ts'
import { acceptException, assignException, getClosable, getReport, listExceptions } from '../../lib/reconciliation/commands.ts'
import { reconcileBooks } from '../../lib/reconciliation/run.ts'
import { reconciliationStore } from '../../lib/reconciliation/store.ts'
import { eventIn, eventsOf } from '../../lib/runtime/journal.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { hashOf, transactionStore } from '../../lib/transactions/store.ts'
import { book, type NewTransaction } from '../../lib/transactions/transaction.ts'
import { openEngine, type TestEngine } from '../support/engine.ts'
import { ann, contextAt, fay, mia } from '../support/offers.ts'
import { usd } from '../support/usd.ts'
import { awsOffer } from '../unit/offers/aws-offer.ts'
import { RULE, YEAR } from '../unit/reconciliation/setting.ts'

let engine: TestEngine
let table: ReturnType<typeof openTable>
const store = () => reconciliationStore(table)

beforeAll(async () => {
  engine = await openEngine()
  await createTables()
  table = openTable('records')
  for (const id of ['acc-a', 'acc-b', 'acc-c'])
    await accountStore(table).create(
      { id, version: 0, name: id, buyerIds: [], createdAt: '2026-11-01T00:00:00Z' },
      [],
      contextAt(),
    )
  await sold('acc-a', 'agmt-a')
  await sold('acc-c', 'agmt-c')
})
afterAll(() => engine.stop())

const recorded = (input: Omit<NewTransaction, 'productId' | 'marketplace'>) => {
  const { transaction, event } = book({ productId: 'prod-1', marketplace: 'aws', ...input }, hashOf, contextAt())
  return transactionStore(table).save(transaction, [event], contextAt())
}
const paid = (accountId: string, agreementId: string, amount: number, key = 'paid') =>
  recorded({
    ...{ accountId, agreementId, providerKey: `${agreementId}:${key}`, ledger: 'cash', kind: 'contract' },
    ...{ amount: usd(amount), on: '2027-01-10' },
  })

/** An accepted offer with its agreement, booked and billed, of 1,000 dollars. */
const sold = async (accountId: string, agreementId: string) => {
  const offer = {
    ...awsOffer({ status: 'accepted', agreementId, acceptedAt: '2026-11-05T14:00:00.000Z' }),
    ...{ id: `off-${agreementId}`, version: 0, accountId, price: usd(100_000), externalId: agreementId },
  } as Offer
  await offerStore(table).save({ offer, events: [] }, offer, contextAt())
  const common = { accountId, agreementId, offerId: offer.id, kind: 'contract' as const, amount: usd(100_000) }
  await recorded({ ...common, providerKey: `${agreementId}:booked`, ledger: 'booked', on: '2026-11-05', service: YEAR })
  await recorded({ ...common, providerKey: `${agreementId}:invoice`, ledger: 'billed', on: '2026-11-06' })
  const owner = { accountId, productId: 'prod-1', marketplace: 'aws' as const, agreementId }
  const lines = [{ ...YEAR, amount: 100_000 }]
  const books = { term: { service: YEAR, amount: usd(100_000) }, lines, revision: 1, rows: [], owner }
  await agreementStore(table).keepBooks('aws', agreementId, books, undefined)
}

type Limits = { failing?: string; accounts?: number }

/** A nightly run; `accounts`: its time is over after so many. Returns the accounts that it read. */
const run = async (now: string, { failing, accounts = 99 }: Limits = {}) => {
  const read: string[] = []
  const errors: string[] = []
  const transactions = transactionStore(table)
  await reconcileBooks({
    store: store(),
    accounts: accountStore(table),
    transactions: {
      ofAccount: (id) => {
        if (id === failing) throw new Error('a row that cannot be read')
        read.push(id)
        return transactions.ofAccount(id)
      },
    },
    offers: offerStore(table),
    agreements: agreementStore(table),
    rule: RULE,
    hash: hashOf,
  })({
    context: () => contextAt(now),
    isOver: () => read.length >= accounts,
    onError: async (error, id) => void errors.push(`${id}: ${String(error)}`),
  })
  return { read, errors }
}

const list = async (query: object = {}, actor: Actor = mia, now = '2027-02-01T09:00:00Z') =>
  listExceptions({ store: store() })(actor, { limit: 50, ...query }, contextAt(now))
const told = async (query?: object) =>
  (await list(query)).items.map(({ kind, agreementId, state }) => `${kind} ${agreementId} ${state}`)
const idOf = async (agreementId: string) =>
  (await list()).items.find((each) => each.agreementId === agreementId)?.id ?? expect.fail(`nothing of ${agreementId}`)
const eventsAbout = async (id: string) => {
  const events: DomainEvent[] = []
  for await (const item of table.query(eventsOf(`EXCEPTION#${id}`))) events.push(eventIn(item))
  return events.map(({ type }) => type).toSorted()
}

describe('the nightly run', () => {
  it('finds nothing while there is time to pay', async () => {
    expect(await run('2026-12-01T00:20:00Z')).toEqual({ read: ['acc-a', 'acc-b', 'acc-c'], errors: [] })
    expect(await list()).toEqual({ items: [], totals: [] })
    expect(await run('2026-12-01T01:20:00Z')).toEqual({ read: [], errors: [] })
  })

  it('opens what is not paid out in time, goes on where its time was over, and counts nothing twice', async () => {
    expect((await run('2027-02-01T00:20:00Z', { accounts: 1 })).read).toEqual(['acc-a'])
    expect(await told()).toEqual(['payout-missing agmt-a open'])
    expect((await run('2027-02-01T01:20:00Z')).read).toEqual(['acc-b', 'acc-c'])
    expect(await told()).toEqual(['payout-missing agmt-a open', 'payout-missing agmt-c open'].toSorted())
    const report = await getReport({ store: store() })(mia, {}, contextAt('2027-02-01T09:00:00Z'))
    expect(report).toMatchObject({
      ...{ asOf: '2027-02-01T00:20:00Z', accounts: 3, agreements: 2 },
      open: [{ kind: 'payout-missing', currency: 'USD', count: 2, amount: 200_000, oldestSince: '2027-01-20', oldestDays: 12 }],
      ledgers: [{ currency: 'USD', booked: 200_000, billed: 200_000, cash: 0, settled: 0, waiting: 0, different: 200_000 }],
    })
  })

  it('that died before it noted an account does it again and changes nothing', async () => {
    const before = await list()
    const cycle = await store().cycle()
    const { startedAt } = cycle.last ?? expect.fail()
    const sums = { accounts: 0, agreements: 0, failed: 0, balances: [] }
    await store().keepCycle({ ...cycle, running: { startedAt, after: '', sums } })
    expect((await run('2027-02-01T02:20:00Z')).read).toHaveLength(3)
    expect(await list()).toEqual(before)
    expect(await eventsAbout(await idOf('agmt-a'))).toEqual(['exception.opened.v1'])
    expect((await store().cycle()).last?.sums).toEqual(cycle.last?.sums)
  })

  it('does not take part in another one', async () => {
    const [one, two] = await Promise.all([run('2027-02-02T00:20:00Z'), run('2027-02-02T00:20:00Z')])
    expect([...one.errors, ...two.errors]).toEqual([])
    await run('2027-02-02T01:20:00Z')
    expect((await store().cycle()).last?.sums).toMatchObject({ accounts: 3, agreements: 2, failed: 0 })
    expect(await told()).toHaveLength(2)
  })
})

describe('an exception', () => {
  it('is given to an owner and accepted by finance only, under the version that was seen', async () => {
    const id = await idOf('agmt-a')
    const now = contextAt('2027-02-02T09:00:00Z')
    const body = { owner: 'receivables', note: 'asked AWS' }
    const assign = assignException({ store: store() })
    await expect(assign(mia, { id, body, expected: undefined }, now)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(assign(fay, { id, body, expected: 7 }, now)).rejects.toMatchObject({ code: 'stale_version' })
    await expect(assign(fay, { id: 'exc_none', body, expected: undefined }, now)).rejects.toMatchObject({ code: 'not_found' })
    const assigned = await assign(fay, { id, body, expected: 1 }, now)
    expect(assigned).toMatchObject({ state: 'assigned', owner: 'receivables', version: 2, ageDays: 13 })
    expect(await store().get(id)).toMatchObject({ state: 'assigned', version: 2 })
    await acceptException({ store: store() })(fay, { id, body: { note: 'they pay in May' }, expected: undefined }, now)
    expect(await eventsAbout(id)).toEqual(['exception.accepted.v1', 'exception.assigned.v1', 'exception.opened.v1'])
  })

  it('is listed by state, kind, owner and marketplace, in pages, with the totals of all that match', async () => {
    expect(await told({ state: 'accepted' })).toEqual(['payout-missing agmt-a accepted'])
    expect(await told({ owner: 'receivables' })).toEqual(['payout-missing agmt-a accepted'])
    for (const none of [{ kind: 'overbilled' }, { marketplace: 'azure' }, { state: 'resolved' }])
      expect(await told(none)).toEqual([])
    const first = await list({ limit: 1 })
    expect(first).toMatchObject({ items: [{ state: 'accepted' }], totals: [{ currency: 'USD', count: 2, amount: 200_000 }] })
    const second = await list({ limit: 1, cursor: first.cursor })
    expect(second.items).toMatchObject([{ agreementId: 'agmt-c' }])
    expect(second).not.toHaveProperty('totals')
    await expect(list({}, ann)).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('that a person accepted stays so until its amount changes, and is resolved when the money comes', async () => {
    await run('2027-02-03T00:20:00Z')
    expect(await told({ state: 'accepted' })).toHaveLength(1)
    await paid('acc-c', 'agmt-c', 99_999)
    await paid('acc-a', 'agmt-a', 100_000)
    await run('2027-02-04T00:20:00Z')
    expect(await told()).toEqual([
      'payout-differs agmt-c open',
      'payout-missing agmt-a resolved',
      'payout-missing agmt-c resolved',
    ])
    await paid('acc-c', 'agmt-c', 1, 'rest')
    await run('2027-02-05T00:20:00Z')
    expect((await told()).every((each) => each.endsWith('resolved'))).toBe(true)
    await paid('acc-a', 'agmt-a', -100_000, 'back')
    await run('2027-02-06T00:20:00Z')
    expect(await told({ state: 'assigned' })).toEqual(['payout-missing agmt-a assigned'])
    expect((await list({ state: 'assigned' })).items).toMatchObject([{ owner: 'receivables', times: 2 }])
  })

  it('holds up the close of a month while it is open', async () => {
    const closable = (period: string, threshold = 0) =>
      getClosable({ store: store() })(fay, { period, threshold }, contextAt('2027-02-06T09:00:00Z'))
    expect(await closable('2027-01')).toMatchObject({ closable: false, count: 1, hindering: [{ agreementId: 'agmt-a' }] })
    expect(await closable('2027-01', 100_000)).toMatchObject({ closable: true, count: 0 })
    expect(await closable('2026-12')).toMatchObject({ closable: true })
    expect(await closable('2027-02', 100_000)).toMatchObject({
      closable: false,
      reasons: [expect.stringContaining('2027-02-28')],
    })
  })

  it('of an account that cannot be read stays, the others go on, and no month may be closed', async () => {
    const { read, errors } = await run('2027-02-07T00:20:00Z', { failing: 'acc-a' })
    expect(read).toEqual(['acc-b', 'acc-c'])
    expect(errors).toEqual([expect.stringContaining('acc-a: Error: a row that cannot be read')])
    expect(await told({ state: 'assigned' })).toHaveLength(1)
    const asked = getClosable({ store: store() })(fay, { period: '2026-12', threshold: 0 }, contextAt('2027-02-07T09:00:00Z'))
    expect(await asked).toMatchObject({ closable: false, failedAccounts: 1 })
  })
})
