import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { APIGatewayProxyStructuredResultV2 as ApiResult } from 'aws-lambda'
import { inTurns, medianOf, rangeOf } from './measure.ts'
import { getRequest, postRequest, wrongRequest } from './offers-requests.ts'
import { CASES, type Measured } from './offers-run.ts'
import { openSide, type SideName } from './offers-sides.ts'

const REQUESTS = 10_000
const SCRIPT = join(import.meta.dirname, 'offers-run.ts')

// What each side makes for itself: ids and times.
const told = ({ statusCode, headers, body = '' }: ApiResult) => {
  const { id, requestedAt, ...rest } = JSON.parse(body) as Record<string, unknown>
  return { statusCode, etag: headers?.['etag'], replayed: headers?.['idempotent-replayed'], ...rest }
}

const story = async (name: SideName) => {
  const { send } = openSide(name)
  const created = await send(postRequest('1'))
  const repeated = await send(postRequest('1'))
  assert.equal(repeated.body, created.body)
  const { id } = JSON.parse(created.body ?? '') as { id: string }
  const answers = [created, repeated, await send(getRequest(id)), await send(wrongRequest('2'))]
  assert.deepEqual(
    answers.map(({ statusCode }) => statusCode),
    [201, 201, 200, 400],
  )
  return answers.map(told)
}

const run = (name: SideName, chosen: string) => () =>
  JSON.parse(execFileSync(process.execPath, [SCRIPT, name, chosen, String(REQUESTS)], { encoding: 'utf8' })) as Measured

const measured = (chosen: string, rounds: number) => {
  const turns = inTurns(rounds, run('cosell', chosen), run('hono', chosen))
  const of = (side: 'cosell' | 'peer', key: keyof Measured) => medianOf(turns.map((turn) => turn[side][key]))
  const ratios = turns.map(({ cosell, peer }) => cosell.perSecond / peer.perSecond)
  return {
    request: chosen,
    cosellPerSecond: of('cosell', 'perSecond'),
    honoPerSecond: of('peer', 'perSecond'),
    ratio: medianOf(ratios, 2),
    range: rangeOf(ratios),
    target: '≥ 1',
    cosellCpuMicros: of('cosell', 'cpuMicros'),
    honoCpuMicros: of('peer', 'cpuMicros'),
    cpuRatio: medianOf(
      turns.map(({ cosell, peer }) => peer.cpuMicros / cosell.cpuMicros),
      2,
    ),
    cosellPeakMb: of('cosell', 'peakMb'),
    honoPeakMb: of('peer', 'peakMb'),
  }
}

/**
 * Requests per second of the offers API in one process, without sockets, beside the same commands, schemas and receipts on Hono's
 * Lambda adapter. Both must first answer alike.
 */
export const offersHandler = async (rounds = 7) => {
  assert.deepEqual(await story('cosell'), await story('hono'))
  const rows = Object.keys(CASES).map((chosen) => measured(chosen, rounds))
  console.table(rows)
  return rows
}
