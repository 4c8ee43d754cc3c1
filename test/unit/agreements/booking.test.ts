import { describe, expect, it } from 'vitest'
import type { AgreementSnapshot } from '../../../lib/agreements/agreement.ts'
import { transactionsOf } from '../../../lib/agreements/billing.ts'
import { bookTerm } from '../../../lib/agreements/booking.ts'
import type { Owner } from '../../../lib/agreements/owned.ts'
import { NewTransaction } from '../../../lib/transactions/transaction.ts'
import { usd } from '../../support/usd.ts'
import { awsOffer } from '../offers/aws-offer.ts'
import { csp, perUser } from '../offers/azure-offer.ts'
import { agreementOf } from './agreement.ts'

const OWNER: Owner = { accountId: 'acc_1', offer: awsOffer() }
const idOf = (key: string) => `txn_${key}`
const DAY = '2026-11-06'
const rowsAt = (agreement: AgreementSnapshot, owner = OWNER) => [
  ...(bookTerm(agreement, owner, undefined, DAY)?.rows ?? []),
  ...transactionsOf(agreement, owner, idOf),
]
const rowsOf = (changes: Partial<AgreementSnapshot> = {}, owner = OWNER) => rowsAt(agreementOf(changes), owner)

describe('the term of an agreement', () => {
  it('is booked once, as the contract of the offer, the partner and the account', () => {
    expect(rowsOf()).toEqual([
      {
        providerKey: 'aws:agmt-1:booked:2026-11-06',
        ledger: 'booked',
        kind: 'contract',
        accountId: 'acc_1',
        partnerId: 'par_1',
        offerId: 'off_1',
        agreementId: 'agmt-1',
        marketplace: 'aws',
        productId: 'prod-cosell0ledger',
        amount: usd(10_000_000),
        on: '2026-11-05',
        service: { from: '2026-11-06', to: '2027-11-06' },
      },
    ])
  })
  it('bought without an offer is of nobody, under the name of the purchase', () => {
    const [row] = rowsOf({}, { accountId: 'acc_7' })
    expect(row).toMatchObject({ accountId: 'acc_7', productId: 'prod-at-purchase' })
    expect(row).not.toHaveProperty('partnerId')
    expect(row).not.toHaveProperty('offerId')
  })
  it.each([
    ['aws', '2026-11-05'],
    ['azure', '2026-11-06'],
  ] as const)('is booked when %s knows it: on %s', (marketplace, on) => {
    expect(rowsOf({ marketplace })[0]?.on).toBe(on)
  })
  it('that follows another one of the same agreement is booked beside it', () => {
    const later = rowsOf({ marketplace: 'azure', service: { from: '2027-11-06', to: '2028-11-06' } })
    expect(later.map(({ providerKey, on }) => [providerKey, on])).toEqual([['azure:agmt-1:booked:2027-11-06', '2027-11-06']])
  })
  it('is worth the price of the offer where the marketplace tells none', () => {
    const { value: _, ...untold } = agreementOf()
    expect(rowsAt(untold, { accountId: 'acc_1', offer: awsOffer({ price: usd(42) }) })[0]?.amount).toEqual(usd(42))
    expect(rowsAt(untold, { accountId: 'acc_1' })).toEqual([])
  })
  it('without a beginning, or worth nothing, is not booked', () => {
    const { service: _, ...pending } = agreementOf()
    expect(rowsAt(pending)).toEqual([])
    expect(rowsOf({ value: usd(0) })).toEqual([])
  })
})

describe('the term of an agreement on Azure', () => {
  const read = (quantity: number, changes: Partial<AgreementSnapshot> = {}) => {
    const { value: _, ...agreement } = agreementOf({ marketplace: 'azure', quantity, ...changes })
    return agreement
  }

  it('is worth the users that were bought, and from the month on in which there are others, theirs', () => {
    const owner = { accountId: 'acc_1', offer: perUser() }
    const begun = bookTerm(read(20), owner, undefined, '2026-11-06')
    expect(begun?.rows.map(({ amount }) => amount)).toEqual([usd(960_000)])
    const grown = bookTerm(read(30), owner, begun, '2027-05-01')
    expect(grown?.rows.map(({ service, amount }) => [service?.from, amount.amount])).toEqual(
      ['2027-05-06', '2027-06-06', '2027-07-06', '2027-08-06', '2027-09-06', '2027-10-06'].map((from) => [from, 40_000]),
    )
    expect(bookTerm(read(30), owner, grown, '2027-05-02')).toBe(grown)
    const shrunk = bookTerm(read(20), owner, grown, '2027-10-01')
    expect(shrunk?.rows.map(({ service, amount }) => [service?.from, amount.amount])).toEqual([['2027-10-06', -40_000]])
  })

  it('that a reseller bought is booked by nobody: only files tell what it brings', () => {
    expect(rowsAt(read(1), { accountId: 'acc_1', offer: csp() })).toEqual([])
  })
})

it('the installments are scheduled on their days, under keys of their own', () => {
  const schedule = [
    { on: '2026-12-01', amount: usd(4_000_000) },
    { on: '2027-03-01', amount: usd(6_000_000) },
  ]
  const scheduled = rowsOf({ schedule }).filter(({ ledger }) => ledger === 'scheduled')
  expect(scheduled.map(({ providerKey, kind, on, amount }) => [providerKey, kind, on, amount.amount])).toEqual([
    ['aws:agmt-1:scheduled:2026-12-01', 'contract', '2026-12-01', 4_000_000],
    ['aws:agmt-1:scheduled:2027-03-01', 'contract', '2027-03-01', 6_000_000],
  ])
})

it('invoices are billed, and a credit names the invoice that it takes back', () => {
  const invoices = [
    { id: 'inv-1', type: 'invoice' as const, issuedOn: '2026-12-01', amount: usd(4_000_000) },
    { id: 'inv-2', type: 'credit' as const, issuedOn: '2026-12-09', amount: usd(-500), corrects: 'inv-1' },
    { id: 'inv-3', type: 'credit' as const, issuedOn: '2026-12-10', amount: usd(-7) },
  ]
  const [, first, second, third] = rowsOf({ invoices })
  expect(first).toMatchObject({ providerKey: 'aws:agmt-1:invoice:inv-1', ledger: 'billed', kind: 'contract', on: '2026-12-01' })
  expect(first).not.toHaveProperty('corrects')
  expect(second).toMatchObject({ kind: 'credit', amount: usd(-500), corrects: idOf(first?.providerKey ?? '') })
  expect(third).toMatchObject({ kind: 'credit', amount: usd(-7) })
  expect(third).not.toHaveProperty('corrects')
})

it('read again after more has happened, an agreement gives the same rows and the new ones', () => {
  const invoice = { id: 'inv-1', type: 'invoice' as const, issuedOn: '2026-12-01', amount: usd(4) }
  const before = rowsOf({ schedule: [{ on: '2026-12-01', amount: usd(4) }] })
  const after = rowsOf({ schedule: [{ on: '2026-12-01', amount: usd(4) }], status: 'ended', invoices: [invoice] })
  expect(after.slice(0, before.length)).toEqual(before)
  expect(after).toHaveLength(before.length + 1)
  for (const row of after) expect(NewTransaction.parse(row)).toEqual(row)
  expect(new Set(after.map(({ providerKey }) => providerKey)).size).toBe(after.length)
})
