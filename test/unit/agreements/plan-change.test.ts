import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AgreementSnapshot } from '../../../lib/agreements/agreement.ts'
import { type Books, bookTerm } from '../../../lib/agreements/booking.ts'
import type { Owner } from '../../../lib/agreements/owned.ts'
import { linesOf } from '../../../lib/agreements/term.ts'
import type { AzureOffer } from '../../../lib/offers/offer.ts'
import type { NewTransaction } from '../../../lib/transactions/transaction.ts'
import { usd } from '../../support/usd.ts'
import { azureOffer, percentage, perUser } from '../offers/azure-offer.ts'
import { agreementOf } from './agreement.ts'

const YEAR = { from: '2026-11-06', to: '2027-11-06' }
const NEXT_YEAR = { from: '2027-11-06', to: '2028-11-06' }
const offerOf = (name: string, cents: number, made: (changes: Partial<AzureOffer>) => AzureOffer = azureOffer) =>
  made({ id: `off_${name}`, partnerId: `par_${name}`, price: usd(cents), releasedAt: '2026-11-01T00:00:00.000Z' })

/** 83.34 or 83.33 a month, and 100.00. */
const BASIC: Owner = { accountId: 'acc_1', offer: offerOf('basic', 100_000) }
const PLUS: Owner = { accountId: 'acc_1', offer: offerOf('plus', 120_000) }
/** The same price as BASIC, for another partner. */
const TWIN: Owner = { accountId: 'acc_1', offer: offerOf('twin', 100_000) }
const USERS: Owner = { accountId: 'acc_1', offer: offerOf('users', 1_200_000, perUser) }
const LISTED: Owner = { accountId: 'acc_1' }
const everyPlan = (): Owner => {
  const { basePlanId: _, ...offer } = percentage({ id: 'off_all', partnerId: 'par_all', price: usd(120_000) })
  return { accountId: 'acc_1', offer }
}

type Reading = [planId: string, owner: Owner, day: string, changes?: Partial<AgreementSnapshot>]

const readAll = (readings: Reading[], times = 1) => {
  const rows = new Map<string, NewTransaction>()
  let books: Books | undefined
  for (const [planId, owner, day, changes] of readings) {
    const { value: _, ...told } = agreementOf({ marketplace: 'azure', plan: { id: planId }, service: YEAR, ...changes })
    for (let time = 0; time < times; time++) {
      const after = bookTerm(told, owner, books, day)
      if (after !== books) for (const row of after?.rows ?? []) expect(rows.set(row.providerKey, row).size).toBe(rows.size)
      books = after
    }
  }
  return { rows: [...rows.values()], books }
}

/** What is booked for each month and partner; a whole term as its months. */
const monthsOf = (rows: NewTransaction[]) => {
  const sums: Record<string, number> = {}
  for (const { service = YEAR, amount, partnerId } of rows)
    for (const line of linesOf({ service, amount })) {
      const name = `${line.from} ${partnerId}`
      sums[name] = (sums[name] ?? 0) + line.amount
      if (sums[name] === 0) delete sums[name]
    }
  return sums
}
const toldOf = ({ rows }: { rows: NewTransaction[] }) =>
  Object.entries(monthsOf(rows))
    .toSorted()
    .map(([month, amount]) => `${month.replace(/^\d\d(\d\d-\d\d)-06 par_/, '$1 ')} ${amount}`)

const BEGUN = ['26-11 basic 8334', '26-12 basic 8334', '27-01 basic 8333', '27-02 basic 8333']

it('a month that a change cuts short is a row beside the one that takes its whole back', () => {
  const until = (to: string) => ({ service: { from: '2026-11-01', to } })
  const { rows, books } = readAll([
    ['basic', BASIC, '2026-11-01', until('2027-11-01')],
    ['basic', BASIC, '2027-02-07', until('2027-10-20')],
  ])
  const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0)
  expect(sum(rows.map(({ amount }) => amount.amount))).toBe(sum((books?.lines ?? []).map(({ amount }) => amount)))
  expect(rows.filter(({ service }) => service?.from === '2027-10-01')).toHaveLength(2)
})

describe('the books of a subscription that gets another plan', () => {
  const first: Reading = ['basic', BASIC, '2026-11-06']
  const short = { service: { from: '2026-11-06', to: '2027-05-06' } }
  // 500.00 and 600.00 for six months of the offers' twelve.
  const begun = (reading: Reading): Reading => [reading[0], reading[1], reading[2], { ...short, ...reading[3] }]

  it.each<[string, Reading[], string[]]>([
    [
      'of another offer: from the next month on they hold its price, for its partner',
      [first, ['plus', PLUS, '2027-02-07']],
      [...BEGUN, '27-03 plus 10000', '27-04 plus 10000'],
    ],
    ['of no offer: the months to come leave them', [first, ['listed', LISTED, '2027-02-07']], BEGUN],
    [
      'of no offer, on the day on which a month begins: that one too',
      [first, ['listed', LISTED, '2027-02-06']],
      BEGUN.slice(0, 3),
    ],
    [
      'and the old one again: the months between stay without it',
      [first, ['listed', LISTED, '2027-01-07'], ['basic', BASIC, '2027-03-07']],
      [...BEGUN.slice(0, 3), '27-04 basic 8333'],
    ],
    [
      'and the old one again within the month: nothing is lost',
      [first, ['listed', LISTED, '2027-02-07'], ['basic', BASIC, '2027-02-08']],
      [...BEGUN, '27-03 basic 8333', '27-04 basic 8333'],
    ],
    [
      'and the old one again on its first day: all of it is booked again',
      [first, ['listed', LISTED, '2026-11-06'], ['basic', BASIC, '2026-11-06']],
      [...BEGUN, '27-03 basic 8333', '27-04 basic 8333'],
    ],
    [
      'on its first day, and the old one again later: the months to come are booked again, those that began without it are not',
      [first, ['listed', LISTED, '2026-11-06'], ['basic', BASIC, '2027-01-07']],
      ['27-02 basic 8333', '27-03 basic 8333', '27-04 basic 8333'],
    ],
    [
      'and begins its term anew: a month that has begun counts once',
      [first, ['plus', PLUS, '2027-02-20', { service: { from: '2027-02-20', to: '2027-08-20' } }]],
      [...BEGUN, ...['03', '04', '05', '06', '07'].map((month) => `2027-${month}-20 par_plus 10000`)],
    ],
    [
      "of another partner at the same price: it is that one's from then on",
      [first, ['twin', TWIN, '2027-02-07']],
      [...BEGUN, '27-03 twin 8333', '27-04 twin 8333'],
    ],
    [
      'with users: as many as were bought',
      [first, ['users', USERS, '2027-02-07', { quantity: 30 }]],
      [...BEGUN, '27-03 users 30000', '27-04 users 30000'],
    ],
    [
      'and ends before anybody has seen that: they lose what the old plan was to bring',
      [first, ['listed', LISTED, '2027-02-07', { status: 'ended', endedOn: '2027-02-07' }]],
      BEGUN,
    ],
    [
      'and ends later: what had begun by then stays',
      [first, ['listed', LISTED, '2027-01-07'], ['listed', LISTED, '2027-02-07', { status: 'ended', endedOn: '2027-02-07' }]],
      BEGUN.slice(0, 3),
    ],
    [
      'of an offer, after it began with none: from the next month on',
      [
        ['listed', LISTED, '2026-11-06'],
        ['plus', PLUS, '2027-02-07'],
      ],
      ['27-03 plus 10000', '27-04 plus 10000'],
    ],
    [
      'that is of an offer only as we learn now: from its beginning on',
      [
        ['plus', LISTED, '2026-11-06'],
        ['plus', PLUS, '2026-11-07'],
      ],
      ['26-11 plus 10000', '26-12 plus 10000', '27-01 plus 10000', '27-02 plus 10000', '27-03 plus 10000', '27-04 plus 10000'],
    ],
  ])('%s', (_, readings, told) => {
    expect(toldOf(readAll(readings.map(begun)))).toEqual(told)
  })

  it.each<[string, Reading[], number]>([
    [
      'is worth the price while the plan is the one that was bought',
      [
        ['a', everyPlan(), '2026-11-06'],
        ['a', everyPlan(), '2027-02-07'],
      ],
      120_000,
    ],
    [
      'tells no price of another one',
      [
        ['a', everyPlan(), '2026-11-06'],
        ['b', everyPlan(), '2027-02-07'],
      ],
      40_000,
    ],
    [
      'tells it again once the plan is back',
      [
        ['a', everyPlan(), '2026-11-06'],
        ['b', everyPlan(), '2027-02-07'],
        ['a', everyPlan(), '2027-04-07'],
      ],
      100_000,
    ],
  ])('an offer for every plan %s', (_, readings, sum) => {
    expect(Object.values(monthsOf(readAll(readings).rows)).reduce((all, amount) => all + amount, 0)).toBe(sum)
  })

  it("take back in the old partner's name, and book in the new one's, under keys of their own", () => {
    const { rows } = readAll([first, ['plus', PLUS, '2027-09-07']])
    expect(
      rows.slice(1).map(({ providerKey, partnerId, offerId, amount, on }) => [providerKey, partnerId, offerId, amount, on]),
    ).toEqual([
      ['azure:agmt-1:change:2:back:2027-10-06:2027-11-06', 'par_basic', 'off_basic', usd(-8333), '2027-09-07'],
      ['azure:agmt-1:change:2:again:2027-10-06:2027-11-06', 'par_plus', 'off_plus', usd(10_000), '2027-09-07'],
    ])
  })

  it("hold nothing of a renewal on a plan of no offer, and the rest of it once the plan is an offer's", () => {
    const renewed = { service: NEXT_YEAR }
    const { rows } = readAll([first, ['listed', LISTED, '2027-11-06', renewed], ['plus', PLUS, '2028-08-07', renewed]])
    expect(monthsOf(rows.slice(1))).toEqual({ '2028-09-06 par_plus': 10_000, '2028-10-06 par_plus': 10_000 })
  })
})

describe('whatever plans are read, in whatever order and how often', () => {
  const PLANS: [string, Owner][] = [
    ['basic', BASIC],
    ['plus', PLUS],
    ['twin', TWIN],
    ['listed', LISTED],
  ]
  const step = fc.record({ plan: fc.nat({ max: 3 }), later: fc.integer({ min: 0, max: 90 }) })

  const readingsOf = (steps: { plan: number; later: number }[]): Reading[] => {
    let day = 0
    return steps.map(({ plan, later }) => {
      day += later
      const [planId, owner] = PLANS[plan] ?? ['listed', LISTED]
      return [planId, owner, new Date(Date.parse(YEAR.from) + day * 86_400_000).toISOString().slice(0, 10)]
    })
  }

  /** Each month costs what the last reading said that was made before it began; the first one speaks for what had begun as well. */
  const expectedOf = ([first, ...others]: Reading[]) => {
    const sums: Record<string, number> = {}
    for (const { from } of linesOf({ service: YEAR, amount: usd(0) })) {
      const { offer } = (others.findLast(([, , day]) => day <= from) ?? first)?.[1] ?? {}
      const line = offer && linesOf({ service: YEAR, amount: offer.price }).find((each) => each.from === from)
      if (line) sums[`${from} ${offer?.partnerId}`] = line.amount
    }
    return sums
  }

  it('the books hold of each month what the last reading before it said, and nothing twice', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 7 }), fc.integer({ min: 1, max: 3 }), (steps, times) => {
        const readings = readingsOf([{ plan: 0, later: 0 }, ...steps])
        const { rows, books } = readAll(readings, times)
        expect(monthsOf(rows)).toEqual(expectedOf(readings))
        const lines = (books?.lines ?? []).reduce((sum, { amount }) => sum + amount, 0)
        expect(rows.reduce((sum, { amount }) => sum + amount.amount, 0)).toBe(lines)
      }),
    )
  })
})
