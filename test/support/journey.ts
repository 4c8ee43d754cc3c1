import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Client } from '../../infra/local/client.ts'
import { playStory } from '../../infra/local/story/play.ts'
import type { Step } from '../../infra/local/story/stage.ts'
import { startTwin, type TestTwin } from './twin.ts'

const START = '2025-09-01'
const MONTHS = [3, 4, 5, 12, 13]

/** The books without the ids that every run makes anew. */
const comparable = (csv: string) => {
  const [header = '', ...rows] = csv.split('\r\n')
  const names = header.split(',')
  const kept = names.flatMap((name, column) =>
    /id$|key$|corrects|recorded/i.test(name) && !/account|partner|product/i.test(name) ? [] : [column],
  )
  return rows.map((row) => kept.map((column) => row.split(',')[column]).join(',')).toSorted()
}

export type Result = { metrics: Record<string, unknown>; metricsCsv: string; transactions: string[]; offers: string[] }

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

export type Trouble = { before?: (twin: TestTwin, step: Step) => Promise<unknown>; client?: (twin: TestTwin) => Client }

/** Plays the story on a twin of its own; what comes out is free of what differs from run to run. */
export const play = async ({ before, client = (twin) => twin }: Trouble = {}): Promise<Result> => {
  const twin = await startTwin({ startAt: `${START}T00:00:00Z` })
  const troubled = before && { before: async (step: Step) => void (await before(twin, step)) }
  try {
    const { period } = await playStory({ client: client(twin), say: () => {}, months: MONTHS, ...troubled }, START)
    return await resultOf(twin, period)
  } finally {
    await twin.stop()
  }
}
