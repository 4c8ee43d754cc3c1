import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Books, bookTerm } from '../../../lib/agreements/booking.ts'
import { handedOver, movesOf, ownedBy } from '../../../lib/agreements/handover.ts'
import { commonOf, isSameOwner, type Owned } from '../../../lib/agreements/owned.ts'
import type { NewTransaction } from '../../../lib/transactions/transaction.ts'
import { usd } from '../../support/usd.ts'
import { awsOffer } from '../offers/aws-offer.ts'
import { agreementOf } from './agreement.ts'

const idOf = (key: string) => `txn_${key}`
const ownerOf = (name: string) => ({ accountId: 'acc_1', offer: awsOffer({ id: `off_${name}`, partnerId: `par_${name}` }) })
const owned = (name: string): Owned => commonOf(agreementOf(), ownerOf(name))
const month = (row: NewTransaction) => `${row.service?.from} ${row.partnerId}`
const sumsBy = (rows: NewTransaction[], keyOf: (row: NewTransaction) => string) => {
  const sums = new Map<string, number>()
  for (const row of rows) sums.set(keyOf(row), (sums.get(keyOf(row)) ?? 0) + row.amount.amount)
  return Object.fromEntries([...sums].filter(([, sum]) => sum !== 0))
}
const byPartner = ({ partnerId = 'nobody' }: NewTransaction) => partnerId

describe('books of a term that go over to another owner', () => {
  it('take every month back from the old one and book it for the new one, under keys of their own', () => {
    const agreement = agreementOf({ service: { from: '2026-11-06', to: '2027-01-06' }, value: usd(101) })
    const before = bookTerm(agreement, ownerOf('wrong'), undefined, '2026-11-06') as Books
    const after = handedOver(agreement, before, owned('right'))
    expect(after).toMatchObject({ revision: before.revision + 1, term: before.term, lines: before.lines, owner: owned('right') })
    expect(after.rows.map(({ providerKey, partnerId, amount, on }) => [providerKey, partnerId, amount.amount, on])).toEqual([
      ['aws:agmt-1:handover:2:back:2026-11-06', 'par_wrong', -51, '2026-11-05'],
      ['aws:agmt-1:handover:2:again:2026-11-06', 'par_right', 51, '2026-11-05'],
      ['aws:agmt-1:handover:2:back:2026-12-06', 'par_wrong', -50, '2026-11-05'],
      ['aws:agmt-1:handover:2:again:2026-12-06', 'par_right', 50, '2026-11-05'],
    ])
  })

  it('leave nothing with the old one, to the cent, whatever changed before', () => {
    const values = fc.array(fc.integer({ min: 1, max: 10_000_000 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 24 }), (given, days) => {
        const rows: NewTransaction[] = []
        let books: Books | undefined
        for (const [at, value] of given.entries()) {
          const day = `2027-0${at + 1}-${String(days).padStart(2, '0')}`
          const read = bookTerm(agreementOf({ value: usd(value) }), ownerOf('wrong'), books, day)
          if (read && read !== books) rows.push(...read.rows)
          books = read
        }
        const after = handedOver(agreementOf(), books as Books, owned('right'))
        const total = sumsBy(rows, () => 'all')
        rows.push(...after.rows)
        expect(new Set(rows.map(({ providerKey }) => providerKey)).size).toBe(rows.length)
        expect(sumsBy(rows, () => 'all')).toEqual(total)
        expect(sumsBy(rows, byPartner)).toEqual(total['all'] ? { par_right: total['all'] } : {})
        // The whole booking stands on its whole service, so months are compared where there is none of it.
        const moved = sumsBy(after.rows, month)
        for (const { from, amount } of after.lines) if (amount) expect(moved[`${from} par_right`]).toBe(amount)
      }),
    )
  })
})

describe('a row that goes over', () => {
  const invoice = ownedBy(owned('c'), {
    ...owned('c'),
    providerKey: 'aws:agmt-1:invoice:i1',
    ledger: 'billed',
    kind: 'contract',
    amount: usd(700),
    on: '2026-11-05',
  })
  const through = (...names: string[]) => names.map((name, number) => ({ owner: owned(name), number }))

  it('is taken back and written again from one owner to the next, each naming what it takes back', () => {
    const moves = movesOf(invoice, through('a', 'b', 'c'), idOf)
    expect(
      moves.map(({ providerKey, partnerId, amount, corrects }) => [providerKey, partnerId, amount.amount, corrects]),
    ).toEqual([
      ['aws:agmt-1:invoice:i1:back:1', 'par_a', -700, 'txn_aws:agmt-1:invoice:i1'],
      ['aws:agmt-1:invoice:i1:again:1', 'par_b', 700, undefined],
      ['aws:agmt-1:invoice:i1:back:2', 'par_b', -700, 'txn_aws:agmt-1:invoice:i1:again:1'],
      ['aws:agmt-1:invoice:i1:again:2', 'par_c', 700, undefined],
    ])
    expect(sumsBy([ownedBy(owned('a'), invoice), ...moves], byPartner)).toEqual({ par_c: 700 })
  })

  it('from nobody to an offer gains its partner', () => {
    const nobody = commonOf(agreementOf(), { accountId: 'acc_7' })
    const moves = movesOf(
      invoice,
      [
        { owner: nobody, number: 0 },
        { owner: owned('c'), number: 1 },
      ],
      idOf,
    )
    expect(moves[0]).not.toHaveProperty('partnerId')
    expect(sumsBy([ownedBy(nobody, invoice), ...moves], byPartner)).toEqual({ par_c: 700 })
  })

  it('is the same owner whatever the order of its fields', () => {
    const { partnerId, ...rest } = owned('a')
    expect(isSameOwner(owned('a'), { ...(partnerId && { partnerId }), ...rest })).toBe(true)
    expect(isSameOwner(owned('a'), owned('b'))).toBe(false)
  })
})
