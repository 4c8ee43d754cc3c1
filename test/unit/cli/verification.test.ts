import { describe, expect, it } from 'vitest'
import type { Verification } from '../../../lib/verification/verification.ts'
import { loopback, run } from './loopback.ts'

const asked: Verification = {
  id: 'ver_1',
  version: 1,
  level: 'rows',
  status: 'requested',
  requestedAt: '2026-03-01T05:00:00.000Z',
  requestedBy: 'ops',
  cells: 0,
  firstCells: [],
  facts: 0,
  firstFacts: [],
}
const ended = { ...asked, endedAt: '2026-03-01T05:00:09.000Z', compared: { cells: 12, rows: 3, events: 7 } }
const equal: Verification = { ...ended, status: 'equal' }
const cell = { family: 'revenue', year: 2025, cell: '02.sourced', scope: 'p', live: 7, batch: 5 }
const different: Verification = {
  ...ended,
  status: 'different',
  cells: 101,
  firstCells: [cell],
  facts: 1,
  firstFacts: [{ row: 'ACCOUNT#a', problem: 'missing', eventId: 'evt_1' }],
}
const repairing = { by: 'ops', reason: 'a lost batch', requestedAt: asked.requestedAt }
const repairedWith = (left: number): Verification => ({
  ...different,
  status: 'repaired',
  repair: { ...repairing, endedAt: '2026-03-01T06:00:00.000Z', cells: 101 - left, left, events: 1 },
})

/** A service on which verifications end one after the other as given. */
const serving = (...documents: Verification[]) =>
  loopback(({ call }) => ({ status: 200, body: call.startsWith('POST') ? asked : (documents.shift() ?? equal) }))

describe('cosell verify without a file', () => {
  it('waits for the service to compare, and says how much it compared', async () => {
    const { url, asked: calls } = await serving(asked, equal)
    expect(await run('verify', '--url', url)).toEqual({
      code: 0,
      out: 'ver_1 equal: 12 sums of 3 rows and 7 events\n',
      err: '',
    })
    expect(calls.find(({ call }) => call === 'POST /v1/verifications')?.body).toEqual({ level: 'rows' })
  })

  it('prints what differs and exits with 1', async () => {
    const { url } = await serving(different)
    const { code, out } = await run('verify', '--url', url)
    expect([code, out.split('\n')]).toEqual([
      1,
      [
        'ver_1 different: 12 sums of 3 rows and 7 events',
        'revenue 2025-02.sourced p: 7 / 5',
        '… and 100 more cells',
        'ACCOUNT#a: missing evt_1',
        '',
      ],
    ])
  })

  it('says why nothing could be compared', async () => {
    const { url } = await serving({ ...asked, status: 'failed', endedAt: ended.endedAt, reason: 'the sums do not follow' })
    const { code, out } = await run('verify', '--level', 'sums', '--url', url)
    expect([code, out]).toEqual([1, 'ver_1 failed: the sums do not follow\n'])
  })

  it.each([
    [0, 0],
    [1, 2],
  ])('repairs with a reason; exit code %i where %i cells were left alone', async (exit, left) => {
    const { url, asked: calls } = await serving({ ...different, status: 'repairing', repair: repairing }, repairedWith(left))
    const { code, out } = await run('verify', '--repair', 'ver_1', '--reason', 'a lost batch', '--url', url)
    expect([code, out]).toEqual([
      exit,
      expect.stringContaining(`repaired by ops (a lost batch): ${101 - left} cells, 1 events; ${left} cells left`),
    ])
    expect(calls.find(({ call }) => call === 'POST /v1/verifications/ver_1/repair')?.body).toEqual({ reason: 'a lost batch' })
  })

  it('gives up waiting', async () => {
    const { url } = await serving(asked)
    const { code, err } = await run('verify', '--wait', '0', '--url', url)
    expect([code, err]).toEqual([1, expect.stringContaining('ver_1 is requested after 0 seconds')])
  })

  it.each([
    [['--repair', 'ver_1'], '--reason'],
    [['--reason', 'why'], '--repair'],
    [['--level', 'all'], '--level all'],
    [['--period', '2026-01'], '--from'],
    [['--from', 'x', '--repair', 'ver_1', '--reason', 'why'], 'without --from'],
  ])('refuses %j', async (args, named) => {
    const { code, err } = await run('verify', ...args)
    expect([code, err]).toEqual([2, expect.stringContaining(named)])
  })
})

describe('cosell replay', () => {
  it('repairs until nothing differs', async () => {
    const { url, asked: calls } = await serving(different, repairedWith(0), equal)
    const { code, out } = await run('replay', '--reason', 'restored', '--url', url)
    expect([code, out]).toEqual([0, expect.stringMatching(/different[\s\S]*repaired[\s\S]*equal/)])
    expect(calls.filter(({ call }) => call === 'POST /v1/verifications')).toHaveLength(2)
  })

  it('ends with 1 where nothing can be compared', async () => {
    const { url } = await serving({ ...asked, status: 'failed', endedAt: ended.endedAt, reason: 'no' })
    expect((await run('replay', '--reason', 'restored', '--url', url)).code).toBe(1)
  })

  it('wants a reason', async () => {
    expect(await run('replay')).toMatchObject({ code: 2, err: expect.stringContaining('--reason is missing') })
  })
})
