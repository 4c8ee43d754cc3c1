import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Ask, expectProblem, requestsTo } from '../support/requests.ts'
import { startTwin, type TestTwin } from '../support/twin.ts'

let twin: TestTwin
let platform: Ask
beforeAll(async () => {
  twin = await startTwin({ startAt: '2026-10-01T08:00:00Z' })
  platform = await requestsTo(twin)({ role: 'platform' })
}, 60_000)
afterAll(() => twin.stop())

/** Long enough for a message of the reader's queue to fail for good. */
const failForGood = async () => {
  for (let tries = 0; tries < 5; tries++) await twin.twin('clock', { minutes: 16 })
}
const letters = async () =>
  (await platform('GET', '/v1/dead-letters?queue=settlements')).body['items'] as Record<string, string>[]
const redrive = (ask: Ask, id = '') => ask('POST', `/v1/dead-letters/${id}/redrive`)

it('a message that could not be handled is sent again by API, fails again, and is handled when its cause is gone', async () => {
  // A file where the bucket's folder of reports should be: no report of rejected rows can be written.
  const reports = join(twin.data, 'settlements', 'reports')
  mkdirSync(join(twin.data, 'settlements'), { recursive: true })
  writeFileSync(reports, '')
  const asked = await platform('POST', '/v1/settlements', { body: { fileName: 'accounts.csv' } })
  const [id, { url }] = [String(asked.body['id']), asked.body['upload'] as { url: string }]
  const file = 'account_id,aws_account_id,encrypted_account_id,update_date\nfeed-1,310000000009,x,soon\n'
  await fetch(url, { method: 'PUT', body: file })
  const settlement = async () => (await platform('GET', `/v1/settlements/${id}`)).body
  await failForGood()
  const [letter] = await letters()
  expect(letter).toMatchObject({ queue: 'settlements', state: 'open', refusals: 1 })
  expect(await settlement()).toMatchObject({ status: 'reading', report: { outcomes: { rejected: 1 } } })

  const finance = await requestsTo(twin)({ role: 'finance' })
  expectProblem(await redrive(finance, letter?.['id']), 403, 'forbidden')
  expectProblem(await redrive(platform, 'settlements.unknown'), 404, 'not_found')

  const sent = await redrive(platform, letter?.['id'])
  expect(sent).toMatchObject({
    status: 202,
    body: { state: 'redriven', redrivenBy: expect.any(String), redrivenAt: expect.any(String) },
  })
  await failForGood()
  expect(await letters()).toMatchObject([{ id: letter?.['id'], state: 'open', refusals: 2 }])

  rmSync(reports)
  await redrive(platform, letter?.['id'])
  await twin.twin('settle')
  const done = await settlement()
  expect(done).toMatchObject({
    status: 'done',
    run: 1,
    report: { rows: 1, outcomes: { rejected: 1 } },
    files: ['rejected-1.csv'],
  })
  expect(await redrive(platform, letter?.['id'])).toMatchObject({ status: 202, body: { state: 'redriven', refusals: 2 } })
  await twin.twin('settle')
  expect(await settlement()).toEqual(done)
}, 60_000)
