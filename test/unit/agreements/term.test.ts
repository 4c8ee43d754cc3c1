import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AgreementSnapshot } from '../../../lib/agreements/agreement.ts'
import { type Books, bookTerm } from '../../../lib/agreements/booking.ts'
import { amendedOn, differenceOf, endedOn, type Line, linesOf } from '../../../lib/agreements/term.ts'
import { addDays, addMonths, dayNumber, monthIndex } from '../../../lib/core/period.ts'
import { partsOf } from '../../../lib/metrics/mrr.ts'
import { usd } from '../../support/usd.ts'
import { awsOffer } from '../offers/aws-offer.ts'
import { agreementOf } from './agreement.ts'

const OWNER = { accountId: 'acc_1', offer: awsOffer() }
const YEAR = { service: { from: '2026-11-06', to: '2027-11-06' }, amount: usd(1_200_00) }

type Booking = { amount: { amount: number }; service?: { from: string; to: string } | undefined }
/** What the metrics make of bookings, month by month. */
const monthsOf = (rows: Booking[]) => {
  const months = new Map<number, number>()
  for (const { amount, service } of rows) {
    const days = service && { from: dayNumber(service.from), to: dayNumber(service.to) }
    const { first, amounts } = partsOf({ amount: amount.amount, day: 0, service: days } as Parameters<typeof partsOf>[0])
    for (const [index, part] of amounts.entries()) months.set(first + index, (months.get(first + index) ?? 0) + part)
  }
  return new Map([...months].filter(([, part]) => part !== 0).sort(([a], [b]) => a - b))
}
const asBookings = (lines: Line[]) => lines.map(({ from, to, amount }) => ({ amount: { amount }, service: { from, to } }))

describe('the lines of a term', () => {
  it('are its months, each with its part of the whole', () => {
    const lines = linesOf({ ...YEAR, amount: usd(1_000_00) })
    expect(lines).toHaveLength(12)
    expect(lines[0]).toEqual({ from: '2026-11-06', to: '2026-12-06', amount: 83_34 })
    expect(lines[11]).toEqual({ from: '2027-10-06', to: '2027-11-06', amount: 83_33 })
  })
  it('go by the days of calendar months when the term is no whole months', () => {
    expect(linesOf({ service: { from: '2027-01-20', to: '2027-03-02' }, amount: usd(41_00) })).toEqual([
      { from: '2027-01-20', to: '2027-02-01', amount: 12_00 },
      { from: '2027-02-01', to: '2027-03-01', amount: 28_00 },
      { from: '2027-03-01', to: '2027-03-02', amount: 1_00 },
    ])
  })
  it('stay when their month has begun, and go when the term ends before', () => {
    expect(endedOn(linesOf(YEAR), '2027-02-06').map(({ from }) => from)).toEqual(['2026-11-06', '2026-12-06', '2027-01-06'])
    expect(endedOn(linesOf(YEAR), '2027-02-07')).toHaveLength(4)
  })
  it.each([
    ['more for the same time', { ...YEAR, amount: usd(1_500_00) }, 12, 150_00],
    ['the same for longer', { service: { from: '2026-11-06', to: '2028-11-06' }, amount: usd(1_200_00) }, 24, 33_34],
    ['less', { ...YEAR, amount: usd(600_00) }, 12, 0],
  ])('of an amendment to %s spread the rest over the months to come', (_, term, count, part) => {
    const lines = amendedOn(linesOf(YEAR), term, '2027-05-01')
    expect(lines.filter(({ from }) => from < '2027-05-01')).toEqual(linesOf(YEAR).slice(0, 6))
    expect(lines).toHaveLength(count)
    expect(lines[6]).toMatchObject({ from: '2027-05-06', amount: part })
  })
  it('take the rest into the last month when an amendment leaves none to come', () => {
    const lines = amendedOn(linesOf(YEAR), { ...YEAR, amount: usd(1_300_00) }, '2027-10-20')
    expect(lines.at(-1)).toMatchObject({ from: '2027-10-06', amount: 200_00 })
  })
})

const aTerm = fc
  .record({
    day: fc.integer({ min: 0, max: 800 }),
    months: fc.integer({ min: 1, max: 60 }),
    odd: fc.integer({ min: 0, max: 40 }),
    amount: fc.integer({ min: 1, max: 2 ** 40 }),
    grid: fc.boolean(),
  })
  .map(({ day, months, odd, amount, grid }) => {
    const from = addDays('2026-01-01', day)
    const to = addMonths(from, months)
    return { service: { from, to: grid ? to : addDays(to, odd) }, amount: usd(amount) }
  })

describe('bookings of a changed term', () => {
  it('begin as what the metrics make of the whole term', () => {
    fc.assert(
      fc.property(aTerm, (term) => {
        expect(monthsOf(asBookings(linesOf(term)))).toEqual(monthsOf([term]))
      }),
    )
  })
  it('add up, month by month, to what the changes leave, in whatever order ends and amendments come', () => {
    const change = fc.record({ term: fc.option(aTerm, { nil: undefined }), later: fc.integer({ min: 0, max: 400 }) })
    fc.assert(
      fc.property(aTerm, fc.array(change, { maxLength: 4 }), (term, changes) => {
        let [lines, day] = [linesOf(term), term.service.from]
        const rows: Line[] = [...lines]
        for (const { term: amount, later } of changes) {
          day = addDays(day, later)
          const next = amount ? amendedOn(lines, { ...term, amount: amount.amount }, day) : endedOn(lines, day)
          rows.push(...differenceOf(lines, next))
          lines = next
        }
        expect(monthsOf(asBookings(rows))).toEqual(monthsOf(asBookings(lines)))
      }),
    )
  })
  it('take nothing from a month that has begun', () => {
    fc.assert(
      fc.property(aTerm, fc.integer({ min: 0, max: 2000 }), (term, later) => {
        const day = addDays(term.service.from, later)
        const taken = differenceOf(linesOf(term), endedOn(linesOf(term), day))
        expect(taken.every(({ from, amount }) => from >= day && amount < 0)).toBe(true)
        expect(taken.every(({ from }) => monthIndex(from) >= monthIndex(day))).toBe(true)
      }),
    )
  })
})

const read = (changes: Partial<AgreementSnapshot>, before?: Books, day = '2026-11-06') =>
  bookTerm(agreementOf({ service: YEAR.service, value: YEAR.amount, ...changes }), OWNER, before, day)

describe('the books of an agreement', () => {
  it('are the same after reading it again', () => {
    const books = read({})
    expect(read({}, books, '2027-01-01')).toBe(books)
    expect(read({ status: 'ended' }, books, '2028-01-01')).toBe(books)
  })
  it('lose the months to come when it is cancelled, once', () => {
    const before = read({})
    const after = read({ status: 'ended', endedOn: '2027-09-01' }, before, '2027-09-02')
    expect(after?.rows).toEqual([
      expect.objectContaining({
        providerKey: 'aws:agmt-1:change:2:2027-09-06:2027-10-06',
        ledger: 'booked',
        kind: 'contract',
        on: '2027-09-01',
        amount: usd(-100_00),
        service: { from: '2027-09-06', to: '2027-10-06' },
      }),
      expect.objectContaining({ providerKey: 'aws:agmt-1:change:2:2027-10-06:2027-11-06', amount: usd(-100_00) }),
    ])
    expect(read({ status: 'ended', endedOn: '2027-09-01' }, after, '2027-09-03')).toBe(after)
    expect(read({ status: 'ended', endedOn: '2027-10-20' }, after, '2027-10-20')).toBe(after)
  })
  it('hold the whole and its loss when it is heard of only after its end', () => {
    const books = read({ status: 'ended', endedOn: '2026-11-06' }, undefined, '2027-01-01')
    expect(monthsOf(books?.rows ?? [])).toEqual(new Map())
    expect(books?.rows).toHaveLength(13)
  })
  it('follow another value from the next month day on', () => {
    const after = read({ value: usd(1_800_00) }, read({}), '2027-05-01')
    expect(after?.rows.map(({ service, amount }) => [service?.from, amount.amount])).toEqual(
      ['2027-05-06', '2027-06-06', '2027-07-06', '2027-08-06', '2027-09-06', '2027-10-06'].map((from) => [from, 100_00]),
    )
  })
  it('begin anew with a later term of the same agreement', () => {
    const before = read({ marketplace: 'azure' })
    const service = { from: '2027-11-06', to: '2028-11-06' }
    const after = read({ marketplace: 'azure', service }, before, '2027-11-06')
    expect(after?.rows).toMatchObject([{ providerKey: 'azure:agmt-1:booked:2027-11-06', amount: YEAR.amount }])
  })
})
