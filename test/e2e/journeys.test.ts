import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../infra/local/client.ts'
import type { Fault } from '../../infra/local/marketplaces/faults.ts'
import { playStory } from '../../infra/local/story/play.ts'
import type { Step } from '../../infra/local/story/stage.ts'
import { startTwin, type TestTwin } from '../support/twin.ts'

const START = '2025-09-01'
const MONTHS = [3, 4, 5, 12, 13]

const fault = (target: string, kind: Fault['kind'], more: Partial<Fault> = {}): Partial<Fault> => ({ target, kind, ...more })

/** More than the SDK's own retries take away. */
const OFTEN = { times: 4 }

/** What goes wrong before which step: late, doubled, lost and reordered messages, refusals, locks, lost answers. */
const TROUBLE: Record<Step, Partial<Fault>[]> = {
  'submit ptn-northwind': [
    fault('aws.catalog.StartChangeSet', 'lock', OFTEN),
    fault('aws.catalog.StartChangeSet', 'error', { ...OFTEN, status: 500 }),
    fault('aws.catalog.StartChangeSet', 'reset', OFTEN),
    fault('aws.events', 'drop', { times: 2 }),
  ],
  'accept aws': [
    fault('aws.events', 'duplicate'),
    fault('aws.agreement.DescribeAgreement', 'error', { ...OFTEN, status: 503 }),
    fault('aws.agreement.GetAgreementTerms', 'throttle', OFTEN),
    fault('aws.agreement.SearchAgreements', 'error', { ...OFTEN, status: 500 }),
  ],
  'submit ptn-fabrikam': [
    fault('azure.ingestion.configure', 'error', { status: 503 }),
    fault('azure.ingestion.configure', 'reset'),
    fault('azure.ingestion.status', 'error', { times: 2, status: 500 }),
    fault('azure.login.token', 'error', { status: 500 }),
  ],
  'accept azure': [
    fault('azure.ingestion.get', 'throttle', { times: 2 }),
    fault('azure.fulfilment.plans', 'error', { status: 500, times: 1 }),
  ],
  'submit ptn-litware': [fault('aws.catalog.ApplyChangeSet', 'error'), fault('aws.events', 'delay', { seconds: 3600, times: 2 })],
  refund: [
    fault('aws.events', 'reorder'),
    fault('aws.agreement.ListBillingAdjustmentRequests', 'error', { ...OFTEN, status: 500 }),
  ],
  renew: [
    fault('aws.events', 'drop', { times: 2 }),
    fault('azure.webhook', 'duplicate'),
    fault('azure.fulfilment.operation', 'error', { times: 2, status: 500 }),
  ],
}

/** The books without the ids that every run makes anew. */
const comparable = (csv: string) => {
  const [header = '', ...rows] = csv.split('\r\n')
  const names = header.split(',')
  const kept = names.flatMap((name, column) =>
    /id$|key$|corrects|recorded/i.test(name) && !/account|partner|product/i.test(name) ? [] : [column],
  )
  return rows.map((row) => kept.map((column) => row.split(',')[column]).join(',')).toSorted()
}

type Result = { metrics: Record<string, unknown>; metricsCsv: string; transactions: string[]; offers: string[] }

const resultOf = async (twin: TestTwin, period: string): Promise<Result> => {
  const finance = twin.as({ role: 'finance' })
  const { id, folder } = await finance.post('/exports', { period })
  await twin.twin('settle')
  expect(await finance.get(`/exports/${String(id)}`)).toMatchObject({ status: 'done' })
  const file = (name: string) => readFileSync(join(twin.data, 'exports', String(folder), name), 'utf8')
  const { items } = (await twin.as({ role: 'manager' }).get('/offers')) as { items: Record<string, unknown>[] }
  return {
    metrics: await finance.get('/metrics'),
    metricsCsv: file('metrics.csv'),
    transactions: comparable(file('transactions.csv')),
    offers: items.map(({ name, status, firstPaidOn }) => `${name}: ${status}, first paid ${firstPaidOn}`).toSorted(),
  }
}

type Trouble = { before?: (twin: TestTwin, step: Step) => Promise<unknown>; client?: (twin: TestTwin) => Client }

const play = async ({ before, client = (twin) => twin }: Trouble = {}): Promise<Result> => {
  const twin = await startTwin({ startAt: `${START}T00:00:00Z` })
  const troubled = before && { before: async (step: Step) => void (await before(twin, step)) }
  try {
    const { period } = await playStory({ client: client(twin), say: () => {}, months: MONTHS, ...troubled }, START)
    return await resultOf(twin, period)
  } finally {
    await twin.stop()
  }
}

/** A client under which the service dies in the midst of every sixth advance of the clock, a little later each time. */
const deadly = (twin: TestTwin): Client => {
  let calls = 0
  const dying = async (path: string, body: unknown) => {
    const going = twin.twin(path, body).catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, calls * 4))
    await twin.kill()
    await going
    await twin.restart()
    return twin.twin(path, body)
  }
  return { ...twin, twin: (path, body) => (path === 'clock' && ++calls % 6 === 0 ? dying(path, body) : twin.twin(path, body)) }
}

describe('the journeys from a request to finance', () => {
  let calm: Result
  beforeAll(async () => {
    calm = await play()
  }, 120_000)

  it('ends with both contracts sold, billed, paid and renewed, and one offer withdrawn', () => {
    expect(calm.offers).toEqual([
      'Alpine Bank 500 seats: accepted, first paid 2025-12-28',
      'Bluebird Retail insights: accepted, first paid 2025-12-28',
      'Cedar Health pilot: withdrawn, first paid undefined',
    ])
    expect(calm.metrics).toMatchObject({ definitions: 1, currency: 'USD', months: { from: '2025-09' } })
  })

  it('comes to the same metrics, books and export when marketplaces lock, fail, lose answers and mix up their messages', async () => {
    const troubled = await play({ before: (twin, step) => twin.twin('faults', { faults: TROUBLE[step] }) })
    expect(troubled).toEqual(calm)
  }, 120_000)

  it('comes to the same when the service is killed before every step and in the midst of its work', async () => {
    const restart = async (twin: TestTwin) => {
      await twin.kill()
      await twin.restart()
    }
    expect(await play({ before: restart, client: deadly })).toEqual(calm)
  }, 180_000)
})
