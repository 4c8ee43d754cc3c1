import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TransactionData } from '../../../events/metrics.ts'
import type { Offer } from '../../../lib/offers/offer.ts'
import type { Kind } from '../../../lib/reconciliation/finding.ts'
import { acceptedOf, type Matter } from '../../../lib/reconciliation/matter.ts'
import { mattersOf, reconcile } from '../../../lib/reconciliation/reconciliation.ts'
import { usd } from '../../support/usd.ts'
import { awsOffer } from '../offers/aws-offer.ts'
import { azureOffer, sellingPartner } from '../offers/azure-offer.ts'
import { BOOKED, BOOKS, FEE, INVOICE, matterOf, OFFER, PAID, PAID_FEE, RULE, row, SETTLED, YEAR } from './setting.ts'

const DAY = '2027-06-01'
const found = (matter: Matter, day = DAY) =>
  reconcile(matter, RULE, day).findings.map(({ kind, amount, since }) => `${kind} ${amount.amount} ${amount.currency} ${since}`)

const without = (...rows: TransactionData[]) => SETTLED.filter((each) => !rows.includes(each))
const instead = (old: TransactionData, ...rows: TransactionData[]) => [...without(old), ...rows]
const amounted = (old: TransactionData, amount: number): TransactionData => ({ ...old, amount: usd(amount) })
const installments = (...amounts: number[]) =>
  amounts.map((amount, at) => row(`due-${at}`, 'scheduled', 'contract', amount, `2026-1${at + 1}-10`))
const EUR = { currency: 'EUR' }
const azure = (rows: TransactionData[], changes: Partial<Matter> = {}) =>
  matterOf(
    rows.map((each) => ({ ...each, marketplace: 'azure' as const })),
    { marketplace: 'azure', offer: { ...OFFER, marketplace: 'azure' }, ...changes },
  )

describe('a deal whose ledgers agree', () => {
  it.each<[string, Matter]>([
    ['settled', matterOf(SETTLED)],
    ['paid in two parts', matterOf(instead(PAID, amounted(PAID, 60_000), { ...amounted(PAID, 40_000), transactionId: 'rest' }))],
    [
      'billed by its installments',
      matterOf(
        [...SETTLED, ...installments(60_000, 40_000)]
          .filter((each) => each !== INVOICE)
          .concat(amounted({ ...INVOICE, transactionId: 'i1' }, 60_000), amounted({ ...INVOICE, transactionId: 'i2' }, 40_000))
          .filter((each) => each !== FEE && each !== PAID_FEE),
      ),
    ],
    ['with usage that nobody booked', matterOf([...SETTLED, row('u', 'billed', 'usage', 700, '2027-05-20', { service: YEAR })])],
    [
      'refunded in full',
      matterOf([
        ...SETTLED,
        row('memo', 'billed', 'credit', -100_000, '2027-01-03', { corrects: 'invoice' }),
        row('back', 'cash', 'refund', -100_000, '2027-02-03'),
      ]),
    ],
    [
      'whose fee was restated',
      matterOf([...instead(FEE, amounted(FEE, -2_995)), row('more', 'billed', 'fee', -5, '2026-12-01', { corrects: 'fee' })]),
    ],
    [
      'renewed by the marketplace under another agreement, with the lower fee',
      matterOf([BOOKED, INVOICE, amounted(FEE, -1_500), PAID, amounted(PAID_FEE, -1_500)], {
        offer: { ...OFFER, price: usd(90_000), agreementId: 'agmt-0' },
      }),
    ],
    [
      'whose fee Microsoft halves, since a renewal was attested',
      azure([BOOKED, INVOICE, amounted(FEE, -1_500), PAID, amounted(PAID_FEE, -1_500)], {
        offer: { ...OFFER, marketplace: 'azure', isRenewal: true },
      }),
    ],
    [
      'that Microsoft restated, with its fee',
      azure([
        ...[BOOKED, INVOICE, row('less', 'billed', 'credit', -20_000, '2026-11-06', { corrects: 'invoice' })],
        ...[FEE, row('less-fee', 'billed', 'fee', 600, '2026-11-06', { corrects: 'fee' })],
        ...[amounted(PAID, 80_000), amounted(PAID_FEE, -2_400)],
      ]),
    ],
    ['of a price that the buyer chose', matterOf(SETTLED, { offer: { ...OFFER, price: usd(90_000), isOpen: true } })],
    [
      'in euros, which Microsoft states in dollars',
      azure([{ ...BOOKED, amount: { amount: 90_000, ...EUR } }, INVOICE, PAID], {
        offer: { ...OFFER, marketplace: 'azure', price: { amount: 90_000, ...EUR } },
        standing: undefined,
      }),
    ],
  ])('%s has no exception', (_, matter) => {
    expect(found(matter)).toEqual([])
  })

  it('has none while everybody is in time', () => {
    expect(found(matterOf([BOOKED]), '2026-11-11')).toEqual([])
    expect(found(matterOf([BOOKED, INVOICE, FEE]), '2027-01-20')).toEqual([])
    expect(found(matterOf([], { standing: undefined }), '2026-11-07')).toEqual([])
  })
})

describe('a difference is told with its amount and its day:', () => {
  it.each<[Kind, string, Matter, string[]]>([
    [
      'agreement-without-offer',
      'an agreement that Cosell offered to nobody',
      matterOf(
        [BOOKED, INVOICE, PAID].map(({ offerId: _, ...each }) => each),
        { offer: undefined },
      ),
      ['agreement-without-offer 100000 USD 2026-11-05'],
    ],
    [
      'agreement-missing',
      'an accepted offer that nobody bought',
      matterOf([], { agreementId: undefined, standing: undefined }),
      ['agreement-missing 100000 USD 2026-11-07'],
    ],
    [
      'not-booked',
      'an agreement that is not in the books',
      matterOf([], { standing: undefined }),
      ['not-booked 100000 USD 2026-11-07'],
    ],
    [
      'accepted-value-differs',
      'another price than was offered',
      matterOf(SETTLED, { offer: { ...OFFER, price: usd(99_999) } }),
      ['accepted-value-differs 1 USD 2026-11-05'],
    ],
    [
      'booked-differs',
      'a row that was not written yet',
      matterOf(SETTLED, { standing: { status: 'active', books: { ...BOOKS, lines: [{ ...YEAR, amount: 120_000 }] } } }),
      ['booked-differs -20000 USD 2026-11-06'],
    ],
    [
      'schedule-differs',
      'an installment that is missing',
      matterOf([...SETTLED, ...installments(60_000)]),
      ['schedule-differs -40000 USD 2026-11-10'],
    ],
    [
      'not-billed',
      'an installment without an invoice',
      matterOf([BOOKED, ...installments(60_000, 40_000), amounted(INVOICE, 60_000), amounted(PAID, 60_000)]),
      ['not-billed 40000 USD 2026-12-15'],
    ],
    ['not-billed', 'a whole contract without an invoice', matterOf([BOOKED]), ['not-billed 100000 USD 2026-11-11']],
    [
      'billed-without-contract',
      'an invoice of nothing',
      matterOf([INVOICE, PAID, FEE, PAID_FEE], { offer: undefined, agreementId: undefined, standing: undefined }),
      ['billed-without-contract 100000 USD 2026-11-06'],
    ],
    [
      'overbilled',
      'an invoice too many',
      matterOf([...SETTLED, row('i2', 'billed', 'contract', 5_000, '2027-05-20')]),
      ['overbilled 5000 USD 2027-05-20'],
    ],
    [
      'payout-missing',
      'an invoice that was not paid out',
      matterOf(without(PAID, PAID_FEE)),
      ['payout-missing 100000 USD 2027-01-20'],
    ],
    [
      'payout-missing',
      'the same, with the days that the offer gives the buyer',
      matterOf(without(PAID, PAID_FEE), { offer: { ...OFFER, netDays: 90 } }),
      ['payout-missing 100000 USD 2027-03-21'],
    ],
    ['payout-differs', 'a cent too little', matterOf(instead(PAID, amounted(PAID, 99_999))), ['payout-differs 1 USD 2026-12-20']],
    ['payout-differs', 'a cent too much', matterOf(instead(PAID, amounted(PAID, 100_001))), ['payout-differs -1 USD 2026-12-20']],
    [
      'payout-without-invoice',
      'money for nothing',
      matterOf([...SETTLED, row('gift', 'cash', 'contract', 4_200, '2027-01-02')]),
      ['payout-without-invoice -4200 USD 2027-01-02'],
    ],
    [
      'fee-differs',
      'a cent more withheld than stated',
      matterOf(instead(PAID_FEE, amounted(PAID_FEE, -3_001))),
      ['fee-differs 1 USD 2026-12-20'],
    ],
    ['fee-differs', 'a fee that no payout withheld', matterOf(without(PAID_FEE)), ['fee-differs -3000 USD 2026-11-06']],
    [
      'tax-differs',
      'a tax that only the payout knows',
      matterOf([...SETTLED, row('tax', 'cash', 'tax', 700, '2026-12-20')]),
      ['tax-differs -700 USD 2026-12-20'],
    ],
    [
      'fee-unexpected',
      'a fee of 5 instead of 3 %',
      matterOf([...without(FEE, PAID_FEE), amounted(FEE, -5_000), amounted(PAID_FEE, -5_000)]),
      ['fee-unexpected -2000 USD 2026-11-06'],
    ],
    [
      'fee-unexpected',
      "a fee of 5 instead of Microsoft's 3 %",
      azure([...without(FEE, PAID_FEE), amounted(FEE, -5_000), amounted(PAID_FEE, -5_000)]),
      ['fee-unexpected -2000 USD 2026-11-06'],
    ],
    [
      'fee-differs',
      'a fee whose sale no file of Microsoft has told yet: it is not paid, but not compared either',
      azure([BOOKED, amounted(FEE, -5_000)]),
      ['fee-differs -5000 USD 2026-11-06'],
    ],
    [
      'fee-unexpected',
      'half a fee of an offer that was made before Microsoft halved any',
      azure([...without(FEE, PAID_FEE), amounted(FEE, -1_500), amounted(PAID_FEE, -1_500)], {
        offer: { ...OFFER, marketplace: 'azure', isRenewal: true, offeredOn: '2024-09-30' },
      }),
      ['fee-unexpected 1500 USD 2026-11-06'],
    ],
    [
      'currency-differs',
      'an invoice in another currency',
      matterOf([...SETTLED, row('odd', 'billed', 'contract', 500, '2027-05-20', { amount: { amount: 500, ...EUR } })]),
      ['currency-differs 500 EUR 2027-05-20'],
    ],
  ])('%s, %s', (_, __, matter, expected) => {
    expect(found(matter)).toEqual(expected)
  })

  it('each with a sentence that names the amounts and a remedy', () => {
    const [finding] = reconcile(matterOf(instead(PAID, amounted(PAID, 99_999))), RULE, DAY).findings
    expect(finding).toMatchObject({ key: 'invoice', rows: ['invoice', 'paid'] })
    expect(finding?.message).toBe(
      'invoice row invoice of agreement agmt-1 over 1000.00 USD is paid out but for 0.01 USD: ask the marketplace for the rest, or accept the difference with the reason',
    )
  })
})

describe('a subscription that got another plan', () => {
  const month = { from: '2027-10-06', to: '2027-11-06' }
  const back = row('back', 'booked', 'contract', -8_333, '2027-09-07', { service: month })
  const again = row('again', 'booked', 'contract', 10_000, '2027-09-07', { service: month, offerId: 'off_2' })
  const plus = { ...OFFER, id: 'off_2', marketplace: 'azure' as const, price: usd(120_000), acceptedOn: '2027-09-01' }
  const basic = { ...OFFER, marketplace: 'azure' as const }
  const azureRows = (...rows: TransactionData[]) => rows.map((each) => ({ ...each, marketplace: 'azure' as const }))

  it('of another offer is one matter, of the offer that it began with', () => {
    const rows = azureRows(again, back, { ...BOOKED, on: YEAR.from })
    const matters = mattersOf('acc-1', rows, [plus, basic])
    expect(matters.map(({ offer }) => offer?.id)).toEqual(['off_1'])
    const books = { ...BOOKS, term: { ...BOOKS.term, amount: usd(120_000) }, lines: [{ ...YEAR, amount: 101_667 }] }
    for (const matter of matters) expect(found({ ...matter, standing: { status: 'active', books } })).toEqual([])
  })

  it('of an offer that found it running is not compared with the whole price', () => {
    expect(found(azure([again], { offer: plus, standing: undefined }))).toEqual([])
  })

  it('of no offer is told what to do about bills beyond the books, and lets finance book its worth', () => {
    const books = { ...BOOKS, term: { service: YEAR, amount: usd(0) }, lines: [{ ...YEAR, amount: 91_667 }] }
    const left = azure([BOOKED, back, INVOICE, FEE, PAID, PAID_FEE], { standing: { status: 'active', books } })
    const { findings } = reconcile(left, RULE, DAY)
    expect(findings.map(({ kind, amount }) => [kind, amount])).toEqual([['overbilled', usd(8_333)]])
    expect(findings[0]?.message).toContain('record what that is worth as a booking')
    const worth = row('by-hand', 'booked', 'contract', 8_333, '2027-09-07', { service: month })
    expect(found({ ...left, rows: [...left.rows, worth] })).toEqual([])
  })
})

describe('what is not due', () => {
  it('is no installment behind the end of an agreement that ended early', () => {
    const ended = { status: 'ended', books: { ...BOOKS, lines: [{ from: '2026-11-06', to: '2026-12-06', amount: 60_000 }] } }
    const cut = row('cut', 'booked', 'contract', -40_000, '2026-12-01', { service: { from: '2026-12-06', to: '2027-11-06' } })
    const rows = [BOOKED, cut, ...installments(60_000, 40_000), amounted(INVOICE, 60_000), amounted(PAID, 60_000)]
    expect(found(matterOf(rows, { standing: ended }))).toEqual([])
  })

  it('is a fee whose sale is not paid out yet', () => {
    expect(found(matterOf([BOOKED, INVOICE, FEE]), '2027-03-01')).toEqual(['payout-missing 100000 USD 2027-01-20'])
  })
})

describe('what is needed of an accepted offer', () => {
  const accepted = { status: 'accepted', acceptedAt: '2026-11-05T14:00:00.000Z', releasedAt: '2026-11-03T00:00:00.000Z' } as const

  it.each<[string, Offer, object]>([
    ['an offer', azureOffer(accepted), { isRenewal: false, isResale: false, offeredOn: '2026-11-03' }],
    ['an attested renewal', azureOffer({ ...accepted, customerContractRenewal: true }), { isRenewal: true }],
    ["our part of another publisher's offer", sellingPartner(accepted), { isResale: true }],
    ['a renewal on AWS', awsOffer({ ...accepted, renews: { channel: 'external', pricing: 'contract' } }), { isRenewal: true }],
  ])('of %s tells what the marketplaces take by', (_, offer, expected) => {
    expect(acceptedOf(offer)).toMatchObject(expected)
  })

  it('is nothing of one that is not accepted', () => {
    expect(acceptedOf(azureOffer())).toBeUndefined()
  })
})

describe('the matters of an account', () => {
  it('are its agreements with their offers, and the offers without one; direct sales are none', () => {
    const other = { ...OFFER, id: 'off_2', agreementId: 'agmt-2' }
    const direct = { ...INVOICE, marketplace: 'direct' as const }
    const matters = mattersOf('acc-1', [...SETTLED, direct, { ...INVOICE, agreementId: 'agmt-3' }], [OFFER, other])
    expect(matters.map(({ agreementId, offer, rows }) => [agreementId, offer?.id, rows.length])).toEqual([
      ['agmt-1', 'off_1', 5],
      ['agmt-3', 'off_1', 1],
      ['agmt-2', 'off_2', 0],
    ])
  })
})

describe('the sums', () => {
  const kinds = { booked: ['contract'], scheduled: ['contract'] } as const
  const money = ['contract', 'usage', 'one-time', 'refund', 'credit', 'fee', 'tax'] as const
  const rows = fc
    .array(
      fc.record({
        ledger: fc.constantFrom('booked', 'scheduled', 'billed', 'cash'),
        kind: fc.nat(99),
        amount: fc.integer({ min: -400, max: 400 }),
        day: fc.integer({ min: 0, max: 400 }),
        currency: fc.constantFrom('USD', 'USD', 'EUR'),
        of: fc.nat(30),
      }),
      { maxLength: 25 },
    )
    .map((each) =>
      each.map(({ ledger, kind, amount, day, currency, of }, at) => {
        const some = ledger === 'booked' || ledger === 'scheduled' ? kinds[ledger] : money
        const on = new Date(Date.UTC(2026, 10, 1 + day)).toISOString().slice(0, 10)
        const more = { amount: { amount, currency }, service: YEAR, ...(of < at && { corrects: `r${of}` }) }
        return row(`r${at}`, ledger, some[kind % some.length] ?? 'contract', amount, on, more)
      }),
    )
  const PAYOUT: Kind[] = ['payout-missing', 'payout-differs', 'payout-without-invoice', 'fee-differs', 'tax-differs']
  const sum = (amounts: number[]) => amounts.reduce((a, b) => a + b, 0)

  it('tie: what is billed is paid out, withheld, waits or is told by an exception, to the cent', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 0, max: 600 }), (all, days) => {
        const day = new Date(Date.UTC(2026, 10, 1 + days)).toISOString().slice(0, 10)
        const { findings, balances } = reconcile(matterOf(all), RULE, day)
        for (const currency of ['USD', 'EUR']) {
          const own = balances.filter((each) => each.currency === currency)
          const of = (part: 'billed' | 'fees' | 'taxes' | 'cash' | 'settled' | 'waiting' | 'different' | 'excess') =>
            sum(own.map((each) => each[part]))
          const explained = findings.filter(({ kind, amount }) => PAYOUT.includes(kind) && amount.currency === currency)
          const difference = of('billed') + of('fees') + of('taxes') - of('cash')
          expect(difference).toBe(of('waiting') + sum(explained.map(({ amount }) => amount.amount)))
          expect(sum(explained.map(({ amount }) => amount.amount))).toBe(of('different') - of('excess'))
          expect(of('settled')).toBe(of('cash') - of('excess'))
          for (const each of own) expect(each.billed + each.fees + each.taxes).toBe(each.settled + each.waiting + each.different)
        }
      }),
    )
  })

  it('are the same in any order of the rows, and no two findings share kind and key', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const once = reconcile(matterOf(all), RULE, DAY)
        const keys = once.findings.map(({ kind, key }) => `${kind} ${key}`)
        expect(new Set(keys).size).toBe(keys.length)
        const again = reconcile(matterOf(all.toReversed()), RULE, DAY)
        const sorted = ({ findings }: typeof once) => findings.map(({ kind, key, amount }) => [kind, key, amount]).sort()
        expect(again.balances).toEqual(once.balances)
        expect(sorted(again)).toEqual(sorted(once))
      }),
    )
  })
})
