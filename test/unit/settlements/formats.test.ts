import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../lib/core/errors.ts'
import { FORMATS } from '../../../lib/settlements/formats/all.ts'
import { headOf, type Line, openReading } from '../../../lib/settlements/reading.ts'

const STATED = '2027-02-01T00:00:00'
const FEED =
  'billing_event_id,agreement_id,action,transaction_type,amount,currency,balance_impacting,invoice_date,update_date,usage_period_start_date,delete_date,valid_from'.split(
    ',',
  )
const EVENT: Record<string, string> = {
  billing_event_id: 'be1',
  agreement_id: 'agmt-1',
  action: 'INVOICED',
  transaction_type: 'AWS_REV_SHARE',
  amount: '-30.00',
  currency: 'USD',
  balance_impacting: '1',
  invoice_date: '2026-12-01T01:00:00Z',
  update_date: '2026-12-02T00:00:00Z',
}

const csv = (columns: string[], ...rows: Record<string, string>[]) =>
  [columns.join(','), ...rows.map((row) => columns.map((column) => row[column] ?? '').join(',')), ''].join('\n')

const linesOf = (text: string) => {
  const lines: Line[] = []
  const reading = openReading(FORMATS, STATED, (line) => lines.push(line))
  reading.push(new TextEncoder().encode(text))
  reading.end()
  return { lines, head: reading.head() }
}
const only = (text: string) => {
  const [line] = linesOf(text).lines
  if (!line) throw new Error('no line')
  return line
}
const rowOf = (line: Line) => ('row' in line ? line.row : undefined)
const reasonOf = (line: Line) => ('rejected' in line ? line.rejected : undefined)
const event = (change: Record<string, string>) => only(csv(FEED, { ...EVENT, ...change }))

const entryOf = (line: Line) => {
  const row = rowOf(line)
  const [entry] = row?.entries ?? []
  return row && [row.treatment, ...(entry ? [entry.ledger, entry.kind, entry.amount.amount] : [])]
}

describe("a row of AWS's billing event feed", () => {
  it('is a line of the books under the id of its event, stated when it was updated', () => {
    expect(rowOf(event({}))).toEqual({
      type: 'INVOICED AWS_REV_SHARE',
      amount: { amount: -3000, currency: 'USD' },
      rounded: false,
      treatment: 'books',
      links: [],
      entries: [
        {
          key: 'aws:event:be1',
          statedAt: '2026-12-02T00:00:00',
          reference: { marketplace: 'aws', agreementId: 'agmt-1', endUserId: '', productId: '' },
          ledger: 'billed',
          kind: 'fee',
          amount: { amount: -3000, currency: 'USD' },
          on: '2026-12-01',
        },
      ],
    })
  })

  it.each([
    // what was sent to the buyer is read from the agreement's invoices
    ['INVOICED', 'SELLER_REV_SHARE', '100.00', ['elsewhere']],
    ['INVOICED', 'SELLER_REV_SHARE_REFUND', '-100.00', ['elsewhere']],
    ['INVOICED', 'SELLER_REV_SHARE_CREDIT', '-100.00', ['elsewhere']],
    ['FORGIVEN', 'SELLER_REV_SHARE', '-100.00', ['elsewhere']],
    // what a seller of record owes its supplier
    ['INVOICED', 'SELLER_REV_SHARE', '-80.00', ['books', 'billed', 'fee', -8000]],
    ['INVOICED', 'AWS_REV_SHARE', '-3.00', ['books', 'billed', 'fee', -300]],
    ['INVOICED', 'AWS_REV_SHARE_REFUND', '3.00', ['books', 'billed', 'fee', 300]],
    ['INVOICED', 'AWS_REV_SHARE_CREDIT', '3.00', ['books', 'billed', 'fee', 300]],
    ['FORGIVEN', 'AWS_REV_SHARE', '3.00', ['books', 'billed', 'fee', 300]],
    ['INVOICED', 'SELLER_TAX_SHARE', '7.00', ['books', 'billed', 'tax', 700]],
    ['INVOICED', 'SELLER_TAX_SHARE_REFUND', '-7.00', ['books', 'billed', 'tax', -700]],
    ['INVOICED', 'SELLER_TAX_SHARE_CREDIT', '-7.00', ['books', 'billed', 'tax', -700]],
    ['INVOICED', 'AWS_TAX_SHARE', '7.00', ['books', 'billed', 'tax', 700]],
    ['INVOICED', 'AWS_TAX_SHARE_REFUND', '-7.00', ['books', 'billed', 'tax', -700]],
    ['INVOICED', 'AWS_TAX_SHARE_CREDIT', '-7.00', ['books', 'billed', 'tax', -700]],
    ['INVOICED', 'BALANCE_ADJUSTMENT', '-5.00', ['books', 'billed', 'fee', -500]],
    // a disbursed row is the negation of the invoiced one
    ['DISBURSED', 'SELLER_REV_SHARE', '-100.00', ['books', 'cash', 'contract', 10_000]],
    ['DISBURSED', 'SELLER_REV_SHARE', '80.00', ['books', 'cash', 'fee', -8000]],
    ['DISBURSED', 'SELLER_REV_SHARE_REFUND', '100.00', ['books', 'cash', 'refund', -10_000]],
    ['DISBURSED', 'SELLER_REV_SHARE_CREDIT', '100.00', ['books', 'cash', 'refund', -10_000]],
    ['DISBURSED', 'AWS_REV_SHARE', '3.00', ['books', 'cash', 'fee', -300]],
    ['DISBURSED', 'AWS_REV_SHARE_REFUND', '-3.00', ['books', 'cash', 'fee', 300]],
    ['DISBURSED', 'SELLER_TAX_SHARE', '-7.00', ['books', 'cash', 'tax', 700]],
    ['DISBURSED', 'BALANCE_ADJUSTMENT', '5.00', ['books', 'cash', 'fee', -500]],
    // transfers to the bank are sums of the rows above
    ['DISBURSED', 'DISBURSEMENT', '97.00', ['noted']],
    ['DISBURSED', 'DISBURSEMENT_FAILURE', '-97.00', ['noted']],
  ] as [string, string, string, unknown[]][])('%s %s of %s is %j', (action, transaction_type, amount, expected) => {
    expect(entryOf(event({ action, transaction_type, amount }))).toEqual(expected)
  })

  it('that was metered pays usage', () => {
    const change = { action: 'DISBURSED', transaction_type: 'SELLER_REV_SHARE', amount: '-9.00' }
    expect(entryOf(event({ ...change, usage_period_start_date: '2026-11-01T00:00:00Z' }))).toEqual([
      'books',
      'cash',
      'usage',
      900,
    ])
  })

  it('that touches no balance, or was deleted, states nothing, so that an older statement cannot come after it', () => {
    const paid = { action: 'DISBURSED', transaction_type: 'AWS_TAX_SHARE', amount: '-7.00' }
    expect(entryOf(event({ ...paid, balance_impacting: '0' }))).toEqual(['noted', 'cash', 'contract', 0])
    expect(entryOf(event({ delete_date: '2026-12-03T00:00:00Z' }))).toEqual(['books', 'billed', 'fee', 0])
  })

  it('without an invoice date counts on the day that it is valid from', () => {
    expect(rowOf(event({ invoice_date: '', valid_from: '2027-01-10T00:00:00Z' }))?.entries[0]?.on).toBe('2027-01-10')
  })

  it.each([
    ['2026-12-02T00:00:00Z', '2026-12-02T00:00:00'],
    ['2026-12-02T00:00:00.500Z', '2026-12-02T00:00:00.5'],
    ['2026-12-02 00:00:00', '2026-12-02T00:00:00'],
    ['2026-12-02T00:00Z', '2026-12-02T00:00:00'],
  ])('updated at %s is stated at %s', (update_date, statedAt) => {
    expect(rowOf(event({ update_date }))?.entries[0]?.statedAt).toBe(statedAt)
  })

  it('with more places than its currency is rounded, and says so', () => {
    expect(rowOf(event({ amount: '-0.125' }))).toMatchObject({ rounded: true, amount: { amount: -12 } })
  })

  it.each([
    ['billing_event_id', '', 'is empty'],
    ['billing_event_id', 'be 1', '"be 1"'],
    ['agreement_id', 'agmt 1', '"agmt 1"'],
    ['action', 'PAID', 'INVOICED, FORGIVEN, DISBURSED'],
    ['transaction_type', 'BONUS', '"BONUS"'],
    ['amount', '1.000,00', 'an amount'],
    ['amount', '', 'is empty'],
    ['currency', 'usd', 'a currency like USD'],
    ['balance_impacting', 'true', '0 or 1'],
    ['invoice_date', '2026-02-30T00:00:00Z', 'a date'],
    ['update_date', 'yesterday', 'an instant'],
    ['update_date', '', 'is empty'],
  ])('with %s %j is rejected by column and reason', (column, value, reason) => {
    const line = event(
      column === 'amount' && value.includes(',') ? { amount: `"${value}"` } : { [column]: value, valid_from: '' },
    )
    expect(reasonOf(line)).toEqual({ column, reason: expect.stringContaining(reason) })
  })
})

describe('a line', () => {
  const good = csv(FEED, EVENT)

  it('that is cut off at the end of the file is rejected as such', () => {
    const line = linesOf(`${good}be2,agmt-1,INVO`).lines[1]
    expect(line && reasonOf(line)).toEqual({ column: '', reason: expect.stringMatching(/cut off here: 3 of 12 fields/) })
  })

  it('with too few or too many fields is rejected, and the rest goes on', () => {
    const { lines } = linesOf(`${good}be2,agmt-1\n${good.split('\n')[1]},more\n${good.split('\n')[1]}\n`)
    expect(lines.map((line) => [line.line, reasonOf(line)?.reason])).toEqual([
      [2, undefined],
      [3, 'has 2 fields where the header has 12'],
      [4, 'has 13 fields where the header has 12'],
      [5, undefined],
    ])
  })
})

const REVENUE = {
  AssetId: 'asset-1',
  CustomerId: 'cust-1',
  BillingAccountId: 'bill-1',
  LineItemId: 'LI-1',
  PurchaseRecordId: 'PR-1',
  TransactionAmountUSD: '48000',
  MonthStartDate: '2026-12-01',
  TermStartDate: '2026-12-05',
  BillingModel: 'SubscriptionBased',
  PayoutStatus: 'Upcoming',
  SKU: 'enterprise',
}
const revenue = (change: Record<string, string>) => only(csv(Object.keys(REVENUE), { ...REVENUE, ...change }))

describe("a row of Microsoft's revenue", () => {
  it('is billed, stated when the file was, and named by order, line and month', () => {
    expect(rowOf(revenue({}))?.entries).toEqual([
      {
        key: 'azure:revenue:PR-1:LI-1:2026-12-01',
        statedAt: STATED,
        reference: {
          marketplace: 'azure',
          purchaseRecordId: 'PR-1',
          lineItemId: 'LI-1',
          assetId: 'asset-1',
          buyerIds: ['bill-1', 'cust-1'],
          productId: 'enterprise',
        },
        ledger: 'billed',
        kind: 'contract',
        amount: { amount: 4_800_000, currency: 'USD' },
        on: '2026-12-05',
      },
    ])
  })

  it.each([
    [
      'of the month after the first counts from its start',
      { MonthStartDate: '2027-01-01' },
      ['contract', 4_800_000, '2027-01-01'],
    ],
    ['below zero is a credit', { TransactionAmountUSD: '-48000' }, ['credit', -4_800_000, '2026-12-05']],
    [
      'of usage is usage, below zero too',
      { BillingModel: 'UsageBased', TransactionAmountUSD: '-0.5' },
      ['usage', -50, '2026-12-05'],
    ],
    ['may lack who the customer is', { CustomerId: '', BillingAccountId: '' }, ['contract', 4_800_000, '2026-12-05']],
  ] as [string, Record<string, string>, unknown[]][])('%s', (_, change, [kind, amount, on]) => {
    expect(rowOf(revenue(change))?.entries[0]).toMatchObject({ kind, amount: { amount }, on })
  })

  it.each([
    ['PurchaseRecordId', ''],
    ['LineItemId', 'LI 1'],
    ['TransactionAmountUSD', 'n/a'],
    ['MonthStartDate', '12/01/2026'],
  ])('with %s %j is rejected', (column, value) => {
    expect(reasonOf(revenue({ [column]: value }))).toMatchObject({ column })
  })
})

const EARNING = {
  earningId: 'E-1',
  orderId: 'PR-1',
  lineItemId: 'LI-1',
  transactionType: 'purchase',
  transactionDate: '2026-12-05',
  transactionAmountUSD: '48000',
  earningAmountUSD: '46560',
  paymentId: '',
  paymentStatus: 'Upcoming',
  isPrivateOffer: 'True',
}
const earning = (change: Record<string, string>) => only(csv(Object.keys(EARNING), { ...EARNING, ...change }))
const partsOf = (line: Line) =>
  rowOf(line)?.entries.map(({ key, ledger, kind, amount, on, paymentId }) => [key, ledger, kind, amount.amount, on ?? paymentId])

describe("a row of Microsoft's earnings", () => {
  it('bills the fee, and states that nothing is paid until it is sent', () => {
    expect(partsOf(earning({}))).toEqual([
      ['azure:earning:E-1:fee', 'billed', 'fee', -144_000, '2026-12-05'],
      ['azure:earning:E-1:paid', 'cash', 'contract', 0, '2026-12-05'],
      ['azure:earning:E-1:paid-fee', 'cash', 'fee', 0, '2026-12-05'],
    ])
  })

  it('that was sent is cash on the day of its payment', () => {
    expect(partsOf(earning({ paymentStatus: 'Sent', paymentId: 'PAY-1' }))?.slice(1)).toEqual([
      ['azure:earning:E-1:paid', 'cash', 'contract', 4_800_000, 'PAY-1'],
      ['azure:earning:E-1:paid-fee', 'cash', 'fee', -144_000, 'PAY-1'],
    ])
  })

  it.each(['Unprocessed', 'Upcoming', 'In progress', 'Reversed', 'Rejected', 'a status of next year'])(
    '%s is no cash',
    (status) => {
      expect(partsOf(earning({ paymentStatus: status, paymentId: 'PAY-1' }))?.[1]?.[3]).toBe(0)
    },
  )

  it.each(['refund', 'reversal', 'chargeback'])('of a %s takes money back, and the fee with it', (transactionType) => {
    const change = {
      transactionType,
      transactionAmountUSD: '-100',
      earningAmountUSD: '-97',
      paymentStatus: 'Sent',
      paymentId: 'P',
    }
    expect(partsOf(earning(change))?.map(([, ledger, kind, amount]) => [ledger, kind, amount])).toEqual([
      ['billed', 'fee', 300],
      ['cash', 'refund', -10_000],
      ['cash', 'fee', 300],
    ])
  })

  it('that was sent without naming its payment is rejected', () => {
    expect(reasonOf(earning({ paymentStatus: 'Sent' }))).toMatchObject({ column: 'paymentId' })
  })
})

describe('orders and payments', () => {
  const order = {
    PurchaseRecordId: 'PR-1',
    PurchaseRecordLineItemId: 'LI-1',
    AssetId: 'asset-1',
    OrderVersion: '2',
    OrderStatus: 'Active',
    PrivateOfferId: '30000000-ABCD-4000-8000-000000000001',
    CustomerId: 'cust-1',
    IsPrivateOffer: '1',
  }

  it('an order tells the offer of its line and of its asset', () => {
    const told = { statedAt: '0000000002', buyerIds: ['cust-1'], privateOfferId: '30000000-abcd-4000-8000-000000000001' }
    expect(rowOf(only(csv(Object.keys(order), order)))).toMatchObject({
      type: 'order Active',
      treatment: 'noted',
      entries: [],
      links: [
        { key: 'azure:order:PR-1:LI-1', ...told },
        { key: 'azure:asset:asset-1', ...told },
      ],
    })
  })

  it('an order without a version that is a number is rejected', () => {
    expect(reasonOf(only(csv(Object.keys(order), { ...order, OrderVersion: 'two' })))).toMatchObject({ column: 'OrderVersion' })
  })

  it('a payment tells its day', () => {
    const payment = {
      paymentID: 'pay-1',
      totalPayment: '46560',
      currencyCode: 'USD',
      paymentStatus: 'Sent',
      paymentDate: '2027-01-15',
    }
    expect(rowOf(only(csv(Object.keys(payment), payment)))).toMatchObject({
      amount: { amount: 4_656_000, currency: 'USD' },
      treatment: 'noted',
      links: [{ key: 'azure:payment:PAY-1', statedAt: STATED, paidOn: '2027-01-15' }],
    })
  })
})

const refusal = (columns: string[]): ServiceError => {
  try {
    headOf(FORMATS, columns)
  } catch (error) {
    if (error instanceof ServiceError) return error
  }
  throw new Error('it was taken')
}

describe('a header', () => {
  it('names the kind of file, in any case and order, and the columns that are not known', () => {
    const columns = ['Extra Column', ...FEED.map((name) => name.toUpperCase()).toReversed()]
    expect(headOf(FORMATS, columns)).toEqual({ kind: 'aws-billing-events', columns, unknownColumns: ['Extra Column'] })
  })

  it('of no known kind is refused with what each kind lacks, the likeliest first', () => {
    const { code, details } = refusal(FEED.filter((name) => name !== 'currency' && name !== 'amount'))
    expect([code, details.slice(0, 2)]).toEqual([
      'unprocessable',
      [
        { target: 'aws-billing-events', message: 'lacks amount, currency' },
        { target: expect.any(String), message: expect.stringContaining('lacks ') },
      ],
    ])
    expect(details).toHaveLength(FORMATS.length)
  })

  it('with a column twice is refused', () => {
    expect(refusal([...FEED, 'Amount']).details).toEqual([{ target: 'amount', message: expect.stringContaining('twice') }])
  })

  it.each([
    ['with too many columns', Array.from({ length: 501 }, (_, index) => `c${index}`)],
    ['with a name that is a text of its own', [...FEED, 'x'.repeat(101)]],
  ])('%s is none', (_, columns) => {
    expect(refusal(columns).message).toContain('no header')
  })

  it('is missing from an empty file', () => {
    expect(() => linesOf('')).toThrow('header')
  })

  it('and rows may come with a byte order mark and CR LF', () => {
    const { lines, head } = linesOf(`\ufeff${csv(FEED, EVENT).replaceAll('\n', '\r\n')}`)
    expect([head?.kind, lines.map(rowOf)[0]?.entries[0]?.key]).toEqual(['aws-billing-events', 'aws:event:be1'])
  })
})
