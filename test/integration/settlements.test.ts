import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { open } from '../../lib/accounts/account.ts'
import { accountStore } from '../../lib/accounts/store.ts'
import type { Role } from '../../lib/core/context.ts'
import { at, fin, ledgersOf, openSettlementStage, type SettlementStage } from '../support/settlements.ts'

let stage: SettlementStage
beforeAll(async () => {
  stage = await openSettlementStage()
})
afterAll(() => stage.stop())

const HEADER =
  'billing_event_id,agreement_id,action,transaction_type,amount,currency,balance_impacting,invoice_date,update_date,product_id'
const row = (id: string, agreement: string, what: string, amount: string, updated = '2027-01-11', day = '2027-01-10') =>
  `${id},${agreement},${what},${amount},USD,1,${day}T00:00:00Z,${updated}T00:00:00Z,prod-1`
const feed = (...rows: string[]) => `${[HEADER, ...rows].join('\n')}\n`

let agreements = 0
/** An agreement of its own for each test, so that tests do not meet in the books. */
const newAgreement = async (isKnown = true) => {
  const agreement = `agmt-${++agreements}`
  if (isKnown) await stage.know(agreement, `acc-${agreement}`)
  return agreement
}
const booksOf = async (agreement: string) => (await stage.transactions()).filter(({ agreementId }) => agreementId === agreement)

const sale = (agreement: string, name: string) => [
  row(`${name}-s`, agreement, 'INVOICED,SELLER_REV_SHARE', '100.00'),
  row(`${name}-f`, agreement, 'INVOICED,AWS_REV_SHARE', '-3.00'),
  row(`${name}-d`, '', 'DISBURSED,DISBURSEMENT', '97.00'),
  row(`${name}-ps`, agreement, 'DISBURSED,SELLER_REV_SHARE', '-100.00'),
  row(`${name}-pf`, agreement, 'DISBURSED,AWS_REV_SHARE', '3.00'),
]

describe('an imported billing event feed', () => {
  it('becomes fees and cash of the agreement, with its account, product, partner and offer', async () => {
    const agreement = await newAgreement()
    const { report, status } = await stage.imported(feed(...sale(agreement, 'one')))
    expect(status).toBe('done')
    expect(report).toMatchObject({
      kind: 'aws-billing-events',
      rows: 5,
      outcomes: { recorded: 3, elsewhere: 1, noted: 1, duplicate: 0, restated: 0, unmatched: 0, rejected: 0 },
      ledgers: { billed: 1, cash: 2 },
      unknownColumns: [],
    })
    expect(report.totals).toContainEqual({ type: 'DISBURSED DISBURSEMENT', currency: 'USD', rows: 1, amount: 9_700 })
    const books = await booksOf(agreement)
    expect(ledgersOf(books)).toEqual({
      [`acc-${agreement} ${agreement} billed fee USD 2027-01-10`]: -300,
      [`acc-${agreement} ${agreement} cash contract USD 2027-01-10`]: 10_000,
      [`acc-${agreement} ${agreement} cash fee USD 2027-01-10`]: -300,
    })
    for (const each of books)
      expect(each).toMatchObject({ accountId: `acc-${agreement}`, productId: 'prod-1', partnerId: 'ptn-1', offerId: 'off_1' })
  })

  it('is recorded once, however often it is imported', async () => {
    const agreement = await newAgreement()
    const rows = sale(agreement, 'twice')
    await stage.imported(feed(...rows))
    const { report } = await stage.imported(feed(...rows, ...rows))
    expect(report.outcomes).toMatchObject({ recorded: 0, duplicate: 6, elsewhere: 2, noted: 2 })
    expect(await booksOf(agreement)).toHaveLength(3)
  })

  it('corrects what it restates, within one file and over several', async () => {
    const agreement = await newAgreement()
    const paid = (amount: string, updated: string) => row('re-1', agreement, 'DISBURSED,SELLER_REV_SHARE', amount, updated)
    const first = await stage.imported(feed(paid('-100.00', '2027-01-11'), paid('-90.00', '2027-01-12')))
    expect(first.report).toMatchObject({ outcomes: { recorded: 1, restated: 1 }, ledgers: { cash: 2 } })
    const second = await stage.imported(feed(paid('-100.00', '2027-01-11'), paid('-95.00', '2027-01-13')))
    expect(second.report).toMatchObject({ outcomes: { restated: 1, duplicate: 1 }, ledgers: { cash: 1 } })
    const books = await booksOf(agreement)
    const original = books.find(({ corrects }) => corrects === undefined)
    expect(books.map(({ amount }) => amount.amount).toSorted((a, b) => a - b)).toEqual([-1_000, 500, 10_000])
    expect(books.filter(({ corrects }) => corrects === original?.transactionId)).toHaveLength(2)
  })

  it('keeps rows of unknown agreements for a repeat, by which time they may be known', async () => {
    const agreement = await newAgreement(false)
    const { id, report } = await stage.imported(feed(...sale(agreement, 'late')))
    expect(report).toMatchObject({
      outcomes: { unmatched: 3, elsewhere: 1 },
      unmatched: [{ reason: `agreement ${agreement} is not known`, rows: 3, firstLine: 3 }],
    })
    await stage.know(agreement)
    const asked = await stage.commands.repeatSettlement(stage.dependencies)(fin, id, at('2027-02-02T00:00:00Z'))
    expect(asked).toMatchObject({ status: 'reading', run: 2 })
    const again = await stage.goOn(id)
    expect(again).toMatchObject({ status: 'done', run: 2, report: { outcomes: { recorded: 3, unmatched: 0 } } })
    expect(await booksOf(agreement)).toHaveLength(3)
  })

  it('tells every row that it rejects, and records the rest', async () => {
    const agreement = await newAgreement()
    const bad = Array.from({ length: 30 }, (_, index) => row(`bad-${index}`, agreement, 'INVOICED,AWS_REV_SHARE', 'much'))
    const cut = row('cut', agreement, 'INVOICED,AWS_REV_SHARE', '-3.00').slice(0, 40)
    const { id, report, files } = await stage.imported(`\ufeff${feed(...sale(agreement, 'bad'), '', ...bad)}${cut}`)
    expect(report).toMatchObject({ outcomes: { recorded: 3, rejected: 31 }, byteOrderMark: true, blankLines: 1 })
    expect(report.rejections).toHaveLength(20)
    expect(report.rejections[0]).toEqual({ line: 8, column: 'amount', reason: 'is "much", not an amount like -1200.00' })
    const link = await stage.commands.linkToFile(stage.dependencies)(fin, id, files[0] ?? '', at('2027-02-01T00:00:00Z'))
    const lines = (await (await fetch(link.url)).text()).split('\r\n')
    expect([files, lines.length, lines[0]]).toEqual([['rejected-1.csv'], 33, 'line,column,reason'])
    expect(lines[31]).toMatch(/^38,,"the file is cut off here: 6 of 10 fields/)
  })

  it('that contradicts itself rejects the later row', async () => {
    const agreement = await newAgreement()
    const { report } = await stage.imported(
      feed(row('odd', agreement, 'INVOICED,AWS_REV_SHARE', '-3.00'), row('odd', agreement, 'INVOICED,AWS_REV_SHARE', '-4.00')),
    )
    expect(report).toMatchObject({ outcomes: { recorded: 1, rejected: 1 }, rejections: [{ line: 3 }] })
    expect((await booksOf(agreement)).map(({ amount }) => amount.amount)).toEqual([-300])
  })

  it.each([
    ['another file', 'name,age\nada,36\n', /no file that is known.*aws-billing-events: lacks billing_event_id/],
    ['nothing', '', /no file that is known/],
  ])('that is %s fails with what was expected', async (_, csv, reason) => {
    const { status, reason: told } = await stage.imported(csv)
    expect([status, told]).toEqual(['failed', expect.stringMatching(reason)])
  })
})

/** Enough rows for some transactions and lookups. */
const many = (agreement: string, name: string) =>
  feed(
    ...Array.from({ length: 700 }, (_, index) =>
      index % 70 === 0
        ? row(`${name}-${index}`, agreement, 'INVOICED,AWS_REV_SHARE', 'much')
        : row(`${name}-${index % 650}`, agreement, 'INVOICED,AWS_REV_SHARE', '-1.00'),
    ),
  )
const OUTCOMES = { recorded: 641, duplicate: 49, rejected: 10, restated: 0, unmatched: 0, elsewhere: 0, noted: 0 }

describe('the reading of a file', () => {
  it('goes on in another call when the time of one is over', async () => {
    const agreement = await newAgreement()
    const { id, notice } = await stage.upload(many(agreement, 'long'))
    let calls = 0
    const oneGroup = () => (++calls % 2 === 0 ? 0 : 900_000)
    await stage.deliver([notice], oneGroup)
    expect((await stage.get(id)).status).toBe('reading')
    const { status, report, run } = await stage.goOn(id, oneGroup)
    expect([status, run, report.rows, report.outcomes]).toEqual(['done', 1, 700, OUTCOMES])
    const types = (await stage.told(id)).map(({ type }) => type)
    expect(types.filter((type) => type === 'settlement.continued.v1').length).toBeGreaterThan(1)
    expect(types.filter((type) => type === 'settlement.completed.v1')).toHaveLength(1)
    expect(await booksOf(agreement)).toHaveLength(641)
  })

  /** 700 rows of which 28 are for the books; random notes, so that compression leaves more than one piece to read. */
  const sparse = (agreement: string, name: string) => {
    const what = (index: number) => (index % 25 === 0 ? 'INVOICED,AWS_REV_SHARE' : 'INVOICED,SELLER_REV_SHARE')
    const note = () => randomBytes(50).toString('hex')
    const rows = Array.from({ length: 700 }, (_, index) => `${row(`${name}-${index}`, agreement, what(index), '1.00')},${note()}`)
    return gzipSync([`${HEADER},note`, ...rows, ''].join('\n'))
  }

  it('of a compressed file goes on at its place in what it says', async () => {
    const agreement = await newAgreement()
    const { id, notice } = await stage.upload(sparse(agreement, 'gz'))
    let calls = 0
    const oneGroup = () => (++calls % 2 === 0 ? 0 : 900_000)
    await stage.deliver([notice], oneGroup)
    expect((await stage.get(id)).status).toBe('reading')
    const { status, report } = await stage.goOn(id, oneGroup)
    expect([status, report.rows, report.outcomes]).toMatchObject(['done', 700, { recorded: 28, elsewhere: 672 }])
    expect(await booksOf(agreement)).toHaveLength(28)
  })

  it.each([
    ['cut off', (file: Buffer) => file.subarray(0, -2_000), 'is cut off'],
    ['damaged', (file: Buffer) => file.fill(0xff, file.length - 8), 'is damaged'],
  ])('of a compressed file that is %s fails, and the whole one doubles nothing', async (_, breaks, reason) => {
    const agreement = await newAgreement()
    const file = sparse(agreement, reason.slice(3, 6))
    const broken = await stage.imported(Buffer.from(breaks(Buffer.from(file))))
    expect(broken).toMatchObject({ status: 'failed', reason: expect.stringContaining(reason) })
    expect(await booksOf(agreement)).toHaveLength(broken.report.outcomes.recorded)
    const { report } = await stage.imported(file)
    expect(report.outcomes).toMatchObject({ recorded: 28 - broken.report.outcomes.recorded, rejected: 0 })
    expect(await booksOf(agreement)).toHaveLength(28)
  })

  it('that dies in the midst goes on where it was, and counts and records nothing twice', async () => {
    const agreement = await newAgreement()
    const { id, notice } = await stage.upload(many(agreement, 'dies'))
    const { table, dependencies } = stage
    const { openSettlements } = await import('../../functions/bind/settlements.ts')
    const { readUpload } = await import('../../lib/settlements/read.ts')
    const etag = (notice as { Records: { s3: { object: { eTag: string } } }[] }).Records[0]?.s3.object.eTag ?? ''
    const run = { context: () => at('2027-02-01T00:00:00Z'), isOver: () => false }
    for (const dies of [1, 3, 7]) {
      let commits = 0
      const commit: typeof table.commit = async (writes, more) => {
        await table.commit(writes, more)
        if (++commits === dies) throw new Error('killed after its write, before its answer')
      }
      const reader = {
        ...openSettlements({ ...table, commit }),
        open: dependencies.open,
        put: dependencies.put,
        rule: stage.rule,
      }
      await expect(readUpload(reader)(id, etag, run)).rejects.toThrow('killed')
    }
    await stage.deliver([notice])
    expect(await stage.get(id)).toMatchObject({ status: 'done', run: 1, report: { rows: 700, outcomes: OUTCOMES } })
    expect(await booksOf(agreement)).toHaveLength(641)
  })

  it('is done once, however often the message of the upload comes', async () => {
    const agreement = await newAgreement()
    const { id, notice } = await stage.upload(feed(...sale(agreement, 'message')))
    await stage.deliver([notice, notice])
    const { version } = await stage.get(id)
    await stage.deliver([notice])
    expect(await stage.get(id)).toMatchObject({ version, status: 'done', run: 1, report: { outcomes: { recorded: 3 } } })
  })

  it('begins again when another file is put to the same address, and fails for one that is gone', async () => {
    const agreement = await newAgreement()
    const { commands, dependencies, deliver, get } = stage
    const asked = await commands.askForSettlement(dependencies)(fin, { fileName: 'f.csv' }, at('2027-02-01T00:00:00Z'))
    await fetch(asked.upload.url, { method: 'PUT', body: feed(...sale(agreement, 'put')) })
    const stale = { Records: [{ s3: { object: { key: `uploads/${asked.id}`, eTag: 'of-another' } } }] }
    expect(await deliver([stale])).toEqual({ batchItemFailures: [] })
    expect(await get(asked.id)).toMatchObject({ status: 'failed', reason: expect.stringContaining('was replaced or removed') })
    await commands.repeatSettlement(dependencies)(fin, asked.id, at('2027-02-01T01:00:00Z'))
    expect((await stage.goOn(asked.id)).status).toBe('failed')
  })
})

describe('an import with unmatched rows', () => {
  const DAY_MS = 86_400_000
  /** So many days, and an hour, from now: the reader goes by its own clock. */
  const inDays = (days: number) => new Date(Date.now() + days * DAY_MS + 3_600_000).toISOString()
  const opened = async (name: string) => {
    const agreement = await newAgreement(false)
    return {
      agreement,
      ...(await imported(feed(...sale(agreement, name), row(`${name}-x`, '', 'INVOICED,AWS_REV_SHARE', '-1.00')))),
    }
  }
  // Asked for now, since the days count from the request.
  const imported = (csv: string) => stage.imported(csv, undefined, new Date().toISOString())

  it('is read again by itself each day, and its report tells what was taken by then and what is left', async () => {
    const { id, agreement, report, repeatAt } = await opened('night')
    expect(report.outcomes).toMatchObject({ recorded: 0, unmatched: 4, elsewhere: 1, noted: 1 })
    const wait = Date.parse(repeatAt ?? '') - Date.now()
    expect([wait > DAY_MS - 3_600_000, wait <= DAY_MS]).toEqual([true, true])
    await stage.know(agreement)
    await stage.night(inDays(0))
    expect(await stage.get(id)).toMatchObject({ status: 'done', run: 1 })

    await stage.night(inDays(1))
    expect(await stage.get(id)).toMatchObject({ status: 'reading', run: 2, repeatedAt: expect.any(String), report })
    await stage.night(inDays(1))
    const again = await stage.goOn(id)
    expect(again).toMatchObject({
      status: 'done',
      run: 2,
      report: {
        rows: 6,
        outcomes: { recorded: 3, duplicate: 0, unmatched: 1, elsewhere: 1, noted: 1 },
        ledgers: { billed: 1, cash: 2 },
        unmatched: [{ reason: 'agreement (none named) is not known', rows: 1 }],
      },
    })
    expect(await booksOf(agreement)).toHaveLength(3)
    const types = (await stage.told(id)).map(({ type }) => type)
    expect(types.filter((type) => type === 'settlement.continued.v1')).toHaveLength(1)
  })

  it('is read again once, though several runs at a time find it due', async () => {
    const { id } = await opened('twice')
    await Promise.all([stage.night(inDays(1)), stage.night(inDays(1)), stage.night(inDays(1))])
    expect(await stage.goOn(id)).toMatchObject({ run: 2, status: 'done' })
  })

  it('is left alone when its days are over, or nothing in it is unmatched', async () => {
    const late = await stage.imported(
      feed(row('over-1', 'agmt-none', 'INVOICED,AWS_REV_SHARE', '-1.00')),
      undefined,
      '2026-01-01T00:00:00Z',
    )
    const whole = await imported(feed(...sale(await newAgreement(), 'whole')))
    expect([late.repeatAt, whole.repeatAt]).toEqual([undefined, undefined])
  })

  it('keeps its report when its file cannot be read again', async () => {
    const { id, report } = await opened('gone')
    await rm(join(stage.blobs, 'uploads', id))
    await stage.night(inDays(1))
    expect(await stage.goOn(id)).toMatchObject({ status: 'failed', reason: expect.stringContaining('removed'), report })
    expect((await stage.get(id)).repeatAt).toBeUndefined()
  })
})

describe("Microsoft's files", () => {
  const revenue = (amount: string, status: string) =>
    `AssetId,BillingAccountId,LineItemId,PurchaseRecordId,TransactionAmountUSD,MonthStartDate,PayoutStatus,SKU\nasset-1,,LI-1,PR-1,${amount},2026-12-01,${status},gold\n`
  const orders =
    'PurchaseRecordId,PurchaseRecordLineItemId,AssetId,OrderVersion,OrderStatus,BillingAccountId\nPR-1,LI-1,asset-1,1,Active,bill-1\n'
  const earnings = (status: string, payment: string) =>
    `earningId,orderId,lineItemId,assetId,transactionType,transactionDate,transactionAmountUSD,earningAmountUSD,paymentId,paymentStatus\nE-1,PR-1,LI-1,asset-1,purchase,2026-12-05,480,465.6,${payment},${status}\n`
  const payments = 'paymentID,totalPayment,currencyCode,paymentStatus,paymentDate\nPAY-1,465.6,USD,Sent,2027-01-15\n'

  const ledgers = async () => ledgersOf((await stage.transactions()).filter(({ marketplace }) => marketplace === 'azure'))

  it('are understood together, in whatever order they come', async () => {
    const opened = open(
      { id: 'acc-azure', name: 'Fabrikam', buyerIds: [{ marketplace: 'azure', id: 'bill-1' }] },
      at('2026-11-01T00:00:00Z'),
    )
    await accountStore(stage.table).create(opened.account, opened.events, at('2026-11-01T00:00:00Z'))

    const early = await stage.imported(revenue('480', 'Upcoming'), '2027-01-05T00:00:00Z')
    expect(early.report).toMatchObject({ outcomes: { unmatched: 1 }, unmatched: [{ reason: 'order PR-1 LI-1 is not known' }] })
    expect((await stage.imported(orders)).report.outcomes).toMatchObject({ noted: 1 })
    await stage.commands.repeatSettlement(stage.dependencies)(fin, early.id, at('2027-01-06T00:00:00Z'))
    expect((await stage.goOn(early.id)).report.outcomes).toMatchObject({ recorded: 1 })

    const sent = await stage.imported(earnings('Sent', 'pay-1'), '2027-02-01T00:00:00Z')
    expect(sent.report).toMatchObject({ outcomes: { unmatched: 1 }, ledgers: { billed: 1 } })
    await stage.imported(payments)
    await stage.commands.repeatSettlement(stage.dependencies)(fin, sent.id, at('2027-02-02T00:00:00Z'))
    expect((await stage.goOn(sent.id)).report).toMatchObject({ outcomes: { unmatched: 0 }, ledgers: { cash: 2 } })
    expect(await ledgers()).toEqual({
      'acc-azure  billed contract USD 2026-12-01': 48_000,
      'acc-azure  billed fee USD 2026-12-05': -1_440,
      'acc-azure  cash contract USD 2027-01-15': 48_000,
      'acc-azure  cash fee USD 2027-01-15': -1_440,
    })
  })

  it('of a later time hold over those of an earlier one: amounts change, and what was sent may come back', async () => {
    await stage.imported(revenue('470', 'Sent'), '2027-01-20T00:00:00Z')
    await stage.imported(revenue('460', 'Sent'), '2027-01-10T00:00:00Z')
    await stage.imported(earnings('Reversed', 'pay-1'), '2027-03-01T00:00:00Z')
    expect(await ledgers()).toEqual({
      'acc-azure  billed contract USD 2026-12-01': 47_000,
      'acc-azure  billed fee USD 2026-12-05': -1_440,
    })
  })
})

describe('imports', () => {
  it('are listed, the newest first', async () => {
    const list = stage.commands.listSettlements(stage.dependencies)
    const asked = await stage.commands.askForSettlement(stage.dependencies)(
      fin,
      { fileName: 'last.csv' },
      at('2027-12-31T00:00:00Z'),
    )
    const { items, cursor } = await list(fin, { limit: 1 })
    expect(items.map(({ id, status }) => [id, status])).toEqual([[asked.id, 'waiting']])
    expect((await list(fin, { limit: 1, cursor })).items).toHaveLength(1)
  })

  it('are not repeated before their file is there', async () => {
    const asked = await stage.commands.askForSettlement(stage.dependencies)(
      fin,
      { fileName: 'x.csv' },
      at('2027-02-01T00:00:00Z'),
    )
    const again = stage.commands.repeatSettlement(stage.dependencies)(fin, asked.id, at('2027-02-01T00:00:00Z'))
    await expect(again).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('not uploaded yet') })
  })

  it.each(['partner', 'manager'] as Role[])('are not for the role %s', async (role) => {
    const { commands, dependencies } = stage
    const actor = { ...fin, role }
    const refused = { code: 'forbidden' }
    const now = at('2027-02-01T00:00:00Z')
    await expect(commands.askForSettlement(dependencies)(actor, { fileName: 'x.csv' }, now)).rejects.toMatchObject(refused)
    await expect(commands.getSettlement(dependencies)(actor, 'x')).rejects.toMatchObject(refused)
    await expect(commands.listSettlements(dependencies)(actor, { limit: 1 })).rejects.toMatchObject(refused)
    await expect(commands.repeatSettlement(dependencies)(actor, 'x', now)).rejects.toMatchObject(refused)
    await expect(commands.linkToFile(dependencies)(actor, 'x', 'y', now)).rejects.toMatchObject(refused)
  })
})
