import { describe, expect, it } from 'vitest'
import { emit } from '../../../events/envelope.ts'
import type { Actor, Context, Role } from '../../../lib/core/context.ts'
import { conflict, notFound } from '../../../lib/core/errors.ts'
import {
  type Dependencies,
  type ImportDependencies,
  importTransaction,
  listTransactions,
  recordTransaction,
} from '../../../lib/transactions/commands.ts'
import type { NewTransaction, Transaction } from '../../../lib/transactions/transaction.ts'

const context: Context = { now: '2026-11-02T09:00:00.000Z', newId: (prefix) => `${prefix}_1` }
const actor = (role: Role): Actor => ({ subject: 'mia', role, scopes: [] })
const SALE: NewTransaction = {
  providerKey: 'inv-1',
  ledger: 'billed',
  kind: 'contract',
  accountId: 'acc-1',
  productId: 'prod-1',
  marketplace: 'direct',
  partnerId: 'ptn-1',
  amount: { amount: 1200, currency: 'USD' },
  on: '2026-10-31',
}

const setting = ({ lost = false } = {}) => {
  const kept = new Map<string, Transaction>()
  const done: string[] = []
  const known = (id: string) => async (asked: string) => {
    if (asked !== id) throw notFound('thing', asked)
  }
  const store: Dependencies['store'] = {
    known: async (row) => {
      const before = kept.get(row.providerKey ?? '')
      return before && (JSON.stringify(before) === JSON.stringify(row) ? 'same' : 'other')
    },
    save: async (row, events) => {
      if (lost) kept.set(row.providerKey ?? '', row)
      if (kept.has(row.providerKey ?? '')) throw conflict('taken')
      kept.set(row.providerKey ?? '', row)
      done.push(`saved ${row.transactionId}`, ...events.slice(1).map(({ type }) => type))
    },
    list: async () => ({ items: [] }),
  }
  const joining: ImportDependencies['joining'] = async (accountId, partnerId, from, { now }) =>
    emit(context, 'account.attached.v1', accountId, { accountId, partnerId, role: 'sourced' as const, from }, { happened: now })
  const dependencies = {
    store,
    hash: (text: string) => text,
    accounts: { get: known('acc-1') },
    partners: { get: known('ptn-1') },
    joining,
  }
  return { record: recordTransaction(dependencies), dependencies, done }
}

describe('recording a row', () => {
  it('keeps it and attaches nobody: an invoice of an agreement is no new sale', async () => {
    const { record, done } = setting()
    await record(SALE, context)
    expect(done).toEqual(['saved txn_inv-1'])
  })

  it('a second time does nothing and answers alike', async () => {
    const { record, done } = setting()
    const first = await record(SALE, context)
    expect(await record(SALE, context)).toEqual(first)
    expect(done).toHaveLength(1)
  })

  it('with another content is refused', async () => {
    const { record } = setting()
    await record(SALE, context)
    const other = record({ ...SALE, on: '2026-10-30' }, context)
    await expect(other).rejects.toMatchObject({ code: 'conflict', target: 'providerKey' })
  })

  it('that another one recorded between look and write is answered alike', async () => {
    const { record, done } = setting({ lost: true })
    await expect(record(SALE, context)).resolves.toMatchObject({ transactionId: 'txn_inv-1' })
    expect(done).toEqual([])
  })

  it('of unknown account and partner touches nothing', async () => {
    const { record, done } = setting()
    await expect(record({ ...SALE, accountId: 'x', partnerId: 'y' }, context)).rejects.toMatchObject({
      code: 'not_found',
      details: [{ target: 'accountId' }, { target: 'partnerId' }],
    })
    expect(done).toEqual([])
  })
})

describe('importing a row', () => {
  const finance = actor('finance')

  it('attaches the partner that it names in the same transaction', async () => {
    const { dependencies, done } = setting()
    await importTransaction(dependencies)(finance, SALE, context)
    await importTransaction(dependencies)(finance, SALE, context)
    expect(done).toEqual(['saved txn_inv-1', 'account.attached.v1'])
  })

  it('goes on without attaching where another request attached the partner meanwhile', async () => {
    const { dependencies, done } = setting()
    const { store } = dependencies
    const raced = async (...[row, events, at]: Parameters<typeof store.save>) => {
      if (events.length > 1) throw conflict('event evt_attach is recorded already')
      await store.save(row, events, at)
    }
    await importTransaction({ ...dependencies, store: { ...store, save: raced } })(finance, SALE, context)
    expect(done).toEqual(['saved txn_inv-1'])
  })

  it('that is refused attaches nobody', async () => {
    const { dependencies, done } = setting()
    await importTransaction(dependencies)(finance, { ...SALE, partnerId: 'ptn-9' }, context).catch(() => {})
    expect(done).toEqual([])
  })

  it('that names nobody, or takes back another row, attaches nobody', async () => {
    const { dependencies, done } = setting()
    const { partnerId: _, ...direct } = SALE
    await importTransaction(dependencies)(finance, direct, context)
    const amount = { amount: -1, currency: 'USD' }
    const refund = { ...SALE, providerKey: 'ref-1', kind: 'refund' as const, amount, corrects: 'txn_inv-1' }
    await importTransaction(dependencies)(finance, refund, context)
    expect(done).toEqual(['saved txn_inv-1', 'saved txn_ref-1'])
  })
})

describe('the books', () => {
  it.each<[Role, boolean, boolean]>([
    ['partner', false, false],
    ['manager', false, true],
    ['finance', true, true],
    ['platform', true, true],
  ])('are open to a %s: writing %s, reading %s', async (role, writes, reads) => {
    const { dependencies } = setting()
    const writing = importTransaction(dependencies)(actor(role), SALE, context)
    const reading = listTransactions(dependencies)(actor(role), { accountId: 'acc-1', limit: 50 })
    const isAllowed = async (call: Promise<unknown>) =>
      call.then(
        () => true,
        (error) => error.code !== 'forbidden',
      )
    expect([await isAllowed(writing), await isAllowed(reading)]).toEqual([writes, reads])
  })
})
