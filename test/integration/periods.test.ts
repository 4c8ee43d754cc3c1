import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { MetricEvent } from '../../events/metrics.ts'
import { blobStandIn } from '../../infra/local/blobs.ts'
import { type Outside, serveOutside } from '../../infra/local/outside.ts'
import type { Actor, Context } from '../../lib/core/context.ts'
import { feedStore } from '../../lib/feed/store.ts'
import type { MetricsDocument } from '../../lib/metrics/document.ts'
import { metricsStore } from '../../lib/metrics/store.ts'
import type { Adjustment } from '../../lib/periods/adjustment.ts'
import { closePeriod, type Dependencies } from '../../lib/periods/commands.ts'
import type { Closing } from '../../lib/periods/period.ts'
import { getAdjustments, getPeriod, listPeriods } from '../../lib/periods/read.ts'
import { periodStore } from '../../lib/periods/store.ts'
import { openBlobs, sha256 } from '../../lib/runtime/blobs.ts'
import { eventIn, eventsOf } from '../../lib/runtime/journal.ts'
import { openTable, type Table } from '../../lib/runtime/table.ts'
import { openEngine, type TestEngine } from '../support/engine.ts'
import { type LiveMetrics, openLiveMetrics, SETTINGS } from '../support/live-metrics.ts'
import { openRecords } from '../support/records.ts'
import { metricsOf } from '../support/rows-engine.ts'
import { attached, billed, booked, cost, detached, onboarded, published } from '../unit/metrics/story.ts'

const BUCKET = 'exports'
const [PERIOD, NOW, LATER] = ['2026-01', '2026-02-03T10:00:00.000Z', '2026-02-20T00:00:00Z']
const fin: Actor = { subject: 'fin', role: 'finance', scopes: [] }
const at = (now = NOW): Context => ({ now, newId: (prefix) => `${prefix}_${randomUUID()}` })
const late = <Event extends MetricEvent>(event: Event): Event => ({ ...event, recordedat: LATER })

const STORY: MetricEvent[] = [
  published('EUR', 'USD', '2025-01-01', '1.1000'),
  onboarded('p', '2025-11-01'),
  attached('acme', 'p', 'sourced', '2025-01-01'),
  booked('acme', 12_000, '2025-01-01', '2027-01-01', { currency: 'EUR' }),
  billed('acme', 1_000, '2026-01-10', { transactionId: 'invoice', currency: 'EUR' }),
  billed('bolt', 700, '2026-01-11', { transactionId: 'direct' }),
  cost('support', 'partner', 300, '2026-01', { partnerId: 'p' }),
]

let engine: TestEngine
let s3: Outside
let live: LiveMetrics
let records: Table

beforeAll(async () => {
  engine = await openEngine()
  s3 = await serveOutside([blobStandIn(join(engine.folder, 'blobs'), BUCKET)])
  process.env['AWS_ENDPOINT_URL_S3'] = s3.url
})
afterAll(async () => {
  await s3.close()
  await engine.stop()
})
beforeEach(async () => {
  live = await openLiveMetrics()
  records = await openRecords()
})

const learn = async (...events: MetricEvent[]) => {
  await feedStore(records).add(events)
  await live.project(events)
}

const bound = (more: Partial<Dependencies> = {}): Dependencies => ({
  store: periodStore(records),
  rows: metricsStore(openTable(live.name), SETTINGS.currency),
  events: feedStore(records).all,
  closable: async () => ({ closable: false, count: 2, reasons: ['2 open exceptions'] }),
  ...openBlobs(BUCKET),
  sha256,
  ...SETTINGS,
  ...more,
})

const shut = (closing: Closing = {}, more: Partial<Dependencies> = {}, now = NOW) =>
  closePeriod(bound(more))(fin, PERIOD, closing, at(now))
const read = () => getPeriod(bound())(fin, PERIOD)
const adjustments = (query: { limit?: number; cursor?: string | undefined } = {}) =>
  getAdjustments(bound())(fin, PERIOD, { limit: 50, cursor: undefined, ...query })

const told = async () => (await Array.fromAsync(records.query(eventsOf(`PERIOD#${PERIOD}`)))).map(eventIn)
const reportedOf = (events: MetricEvent[], asOf = NOW) =>
  metricsOf(events, { ...SETTINGS, asOf, period: PERIOD }) as MetricsDocument

describe('a close', () => {
  it('freezes what is known, and tells who did it, when, why and by what', async () => {
    await learn(...STORY, late(billed('acme', 5, '2026-01-30')))
    const closed = await shut({ reason: 'January is done' })
    expect(closed).toMatchObject({
      ...{ period: PERIOD, version: 1, closedAt: NOW, closedBy: 'fin', reason: 'January is done', asOfDay: '2026-02-03' },
      ...{ definitions: 1, currency: 'USD', grossMargin: '0.8000', knownEvents: STORY.length },
      reconciliation: { closable: false, count: 2, reasons: ['2 open exceptions'] },
    })
    const { document, ...record } = await read()
    expect([record, document]).toEqual([closed, reportedOf(STORY)])
    expect(await told()).toMatchObject([
      {
        ...{ id: 'evt_period_2026-01_closed', type: 'period.closed.v1', subject: PERIOD },
        data: { by: 'fin', asOf: NOW, knownEvents: STORY.length, metricsSha256: closed.metrics.sha256 },
      },
    ])
  })

  it('waits for refunds of another account to be known there too', async () => {
    const fee = billed('acme', 500, '2026-01-05', { transactionId: 'fee', kind: 'fee' })
    const refund = billed('bolt', -500, '2026-01-20', { kind: 'refund', corrects: 'fee' })
    const orphan = billed('bolt', -7, '2026-01-21', { kind: 'refund', corrects: 'tx-unknown' })
    await learn(...STORY, fee)
    await learn(refund, orphan)
    await expect(shut()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('2 rows do not know yet'),
    })
    await live.link()
    await shut()
    expect((await read()).document).toEqual(reportedOf([...STORY, fee, refund, orphan]))
  })

  it('happens once: a repeat answers with the first, whatever is known by then', async () => {
    await learn(...STORY)
    const first = await shut()
    await learn(late(billed('bolt', 50, '2026-01-20')))
    expect(await shut({ reason: 'again' }, {}, '2026-03-01T00:00:00.000Z')).toEqual(first)
    expect([(await read()).document, (await told()).length]).toEqual([reportedOf(STORY), 1])
  })

  it('of two at the same time is one', async () => {
    await learn(...STORY)
    const [one, two] = await Promise.all([shut(), shut()])
    expect(two).toEqual(one)
    expect((await read()).document).toEqual(reportedOf(STORY))
  })

  it.each(['the first file', 'the second file', 'the record'])('that dies at %s is done by its repeat', async (place) => {
    await learn(...STORY)
    const { put, store } = bound()
    let puts = 0
    const dying: Partial<Dependencies> =
      place === 'the record'
        ? { store: { ...store, save: async () => Promise.reject(new Error('the process ended')) } }
        : {
            put: async (...file) => {
              if (++puts === (place === 'the first file' ? 1 : 2)) throw new Error('the process ended')
              await put(...file)
            },
          }
    await expect(shut({}, dying)).rejects.toThrow('the process ended')
    await expect(read()).rejects.toMatchObject({ code: 'not_found' })
    await shut()
    expect((await read()).document).toEqual(reportedOf(STORY))
    expect(await told()).toHaveLength(1)
  })

  it('that dies behind the record is answered by its repeat', async () => {
    await learn(...STORY)
    const { store } = bound()
    const save: typeof store.save = async (...args) => {
      await store.save(...args)
      throw new Error('the process ended')
    }
    await expect(shut({}, { store: { ...store, save } })).rejects.toThrow('the process ended')
    expect(await shut()).toMatchObject({ version: 1, closedAt: NOW })
  })

  it('waits until the metrics know every event that is in the feed', async () => {
    await learn(...STORY)
    const event = billed('bolt', 50, '2026-01-20')
    await feedStore(records).add([event])
    await expect(shut()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('lack 1 events') })
    await live.project([event])
    expect(await shut()).toMatchObject({ knownEvents: STORY.length + 1 })
  })

  it('is refused before the end of the month, without rates, for other roles, and of what is no month', async () => {
    await learn(...STORY)
    const early = shut({}, {}, '2026-01-31T23:59:59.999Z')
    await expect(early).rejects.toMatchObject({ code: 'unprocessable', details: [{ target: 'period' }] })
    for (const role of ['manager', 'platform', 'partner'] as const)
      await expect(closePeriod(bound())({ ...fin, role }, PERIOD, {}, at())).rejects.toMatchObject({ code: 'forbidden' })
    await expect(closePeriod(bound())(fin, '2026-13', {}, at())).rejects.toMatchObject({ code: 'invalid_request' })
    await learn(billed('acme', 5, '2026-01-05', { currency: 'GBP' }))
    await expect(shut()).rejects.toMatchObject({ code: 'unprocessable', details: [{ target: 'GBP/USD' }] })
  })

  it('is refused while reconciliation hinders it, if that is asked for', async () => {
    await learn(...STORY)
    const refused = { code: 'unprocessable', details: [{ message: '2 open exceptions' }] }
    await expect(shut({ threshold: 100 })).rejects.toMatchObject(refused)
    const closable = async () => ({ closable: true, count: 0, reasons: [] })
    expect(await shut({ threshold: 100 }, { closable })).toMatchObject({ reconciliation: { closable: true } })
  })

  it('is listed, the latest month first', async () => {
    await learn(...STORY)
    await shut()
    await closePeriod(bound())(fin, '2025-12', {}, at())
    const first = await listPeriods(bound())(fin, { limit: 1, cursor: undefined })
    const rest = await listPeriods(bound())(fin, { limit: 1, cursor: first.cursor })
    expect([...first.items, ...rest.items].map(({ period }) => period)).toEqual(['2026-01', '2025-12'])
  })
})

const totals = (items: Adjustment[]) =>
  items
    .flatMap(({ parts }) => parts)
    .map(({ family, measure, amount, partnerId = 'all' }) => `${family} ${measure} ${partnerId} ${amount}`)
const causes = (items: Adjustment[]) =>
  items.map(({ row, events }) => [row.kind, row.id, ...events.map(({ eventId }) => eventId)].join(' ')).sort()

describe('what becomes known after the close', () => {
  const backdated = billed('bolt', 30, '2026-01-15')
  const transaction = late(billed('bolt', 50, '2026-01-20'))
  const correction = late(billed('bolt', -100, '2026-01-25', { kind: 'credit', corrects: 'invoice', currency: 'EUR' }))
  const attachment = late(attached('bolt', 'q', 'influenced', '2026-01-01'))
  const detachment = late(detached('acme', 'p', 'sourced', '2025-06-01'))
  const rate = late(published('EUR', 'USD', '2025-12-31', '1.2000'))
  const spent = late(cost('support', 'partner', 40, '2026-01', { partnerId: 'p' }))

  it.each<[string, MetricEvent, string, string[]]>([
    ['a transaction', transaction, 'account bolt', ['revenue all']],
    ['a transaction recorded under an earlier time', backdated, 'account bolt', ['revenue all']],
    ['a correction of another account', correction, 'account bolt', ['revenue all']],
    ['an attachment in the past', attachment, 'account bolt', ['revenue all', 'revenue q', 'ropi q']],
    ['a rate', rate, 'account acme', ['revenue all', 'revenue p', 'ropi p']],
    ['a cost', spent, 'costs p#2026-01', ['ropi p']],
  ])('is an adjustment: %s', async (_, event, row, changed) => {
    await learn(...STORY)
    await shut()
    expect(await adjustments()).toEqual({ period: PERIOD, closedAt: NOW, values: [], items: [] })
    await learn(event)
    const { values = [], items } = await adjustments()
    expect(causes(items)).toEqual([`${row} ${event.id}`])
    const names = values.map(({ metric, of }) => `${metric} ${of}`)
    expect(names.filter((name) => !name.startsWith('nrr') && !name.startsWith('ttv'))).toEqual(changed)
    expect((await read()).document).toEqual(reportedOf(STORY))
  })

  it('is an adjustment: a detachment in the past, also of what was retained', async () => {
    await learn(...STORY)
    await shut()
    await learn(detachment)
    const { values = [], items } = await adjustments()
    expect(causes(items)).toEqual([`account acme ${detachment.id}`])
    const { document } = await read()
    const now = reportedOf([...STORY, { ...detachment, recordedat: NOW }])
    const nrr = values.find(({ metric, of, window }) => metric === 'nrr' && of === 'p' && window === 1)
    expect(nrr).toEqual({
      metric: 'nrr',
      of: 'p',
      window: 1,
      reported: document.nrr.find((row) => row.partnerId === 'p'),
      restated: null,
    })
    expect(now.nrr.find((row) => row.partnerId === 'p' && row.window === 1)).toBeUndefined()
  })

  it('adds up: reported and adjustments are the restated values, and those of the batch engine', async () => {
    await learn(...STORY)
    await shut()
    const all = [backdated, transaction, correction, attachment, rate, spent]
    await learn(...all)
    const { values = [], items } = await adjustments()
    const now = reportedOf([...STORY, ...all.map((event) => ({ ...event, recordedat: NOW }))])
    const [reported] = (await read()).document.revenueTotals
    const total = values.find(({ metric, of }) => metric === 'revenue' && of === 'all')
    expect(total).toMatchObject({ reported, restated: now.revenueTotals[0] })
    const added = (share: string) =>
      items
        .flatMap(({ parts }) => parts)
        .filter(
          ({ family, partnerId, measure, month }) => family === 'revenue' && !partnerId && measure === share && month === PERIOD,
        )
        .reduce((sum, { amount }) => sum + amount, 0)
    for (const share of ['sourced', 'influenced', 'direct'] as const)
      expect(Number(reported?.[share]) + added(share)).toBe(Number(now.revenueTotals[0]?.[share]))
    expect(totals(items)).toContain('partner-cost cost p 40')
  })

  it('is listed in pages, every row once', async () => {
    await learn(...STORY)
    await shut()
    await learn(transaction, spent, rate, late(billed('carp', 5, '2026-01-02')))
    const whole = await adjustments()
    const pages: Adjustment[] = []
    let cursor: string | undefined
    do {
      const page = await adjustments({ limit: 1, cursor })
      expect(page.values !== undefined).toBe(cursor === undefined)
      pages.push(...page.items)
      cursor = page.cursor
    } while (cursor)
    expect(pages).toEqual(whole.items)
    expect(pages).toHaveLength(4)
  })

  it('is not answered while rows are missing, or when a frozen file is another one', async () => {
    await learn(...STORY)
    const { folder } = await shut()
    const metrics = await openLiveMetrics()
    const rows = metricsStore(openTable(metrics.name), 'USD')
    await metrics.project(STORY.slice(0, -1))
    const asked = getAdjustments(bound({ rows }))(fin, PERIOD, { limit: 1, cursor: undefined })
    await expect(asked).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('lack 1 events') })
    appendFileSync(join(engine.folder, 'blobs', folder, 'metrics.json'), ' ')
    await expect(read()).rejects.toThrow('is not what was frozen')
  })

  it('is told of closed months alone, and to nobody outside', async () => {
    await expect(adjustments()).rejects.toMatchObject({ code: 'not_found' })
    const asked = getAdjustments(bound())({ ...fin, role: 'partner', partnerId: 'p' }, PERIOD, { limit: 1, cursor: undefined })
    await expect(asked).rejects.toMatchObject({ code: 'forbidden' })
  })
})
