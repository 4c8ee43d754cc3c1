import type { APIGatewayProxyEventV2WithJWTAuthorizer as ApiEvent } from 'aws-lambda'
import { getRequest, postRequest, wrongRequest } from './offers-requests.ts'
import { openSide, type Side, type SideName } from './offers-sides.ts'

type Case = { status: number; prepare: (side: Side) => Promise<(turn: number) => ApiEvent> }

const KEPT = 1000

export const CASES: Record<string, Case> = {
  'POST /v1/offers': {
    status: 201,
    // The table is emptied now and then: how much a Map can hold is not what is measured.
    prepare: async ({ reset }) => {
      return (turn) => {
        if (turn % KEPT === 0) reset()
        return postRequest(String(turn))
      }
    },
  },
  'GET /v1/offers/{id}': {
    status: 200,
    prepare: async ({ send }) => {
      const { body = '' } = await send(postRequest('first'))
      const { id } = JSON.parse(body) as { id: string }
      return () => getRequest(id)
    },
  },
  'POST that is refused': { status: 400, prepare: async () => (turn) => wrongRequest(String(turn)) },
}

export type Measured = { perSecond: number; cpuMicros: number; peakMb: number }

const handleAll = async ({ send }: Side, next: (turn: number) => ApiEvent, count: number, status: number) => {
  for (let turn = 0; turn < count; turn++) {
    const { statusCode, body } = await send(next(turn))
    if (statusCode !== status) throw new Error(`${statusCode} instead of ${status}: ${body}`)
  }
}

/** One request after the other, as a Lambda has them; the first ones, for the compiler, are not counted. */
const measure = async (name: SideName, { status, prepare }: Case, count: number): Promise<Measured> => {
  const side = openSide(name)
  const next = await prepare(side)
  await handleAll(side, next, count / 2, status)
  const [started, cpu] = [performance.now(), process.cpuUsage()]
  await handleAll(side, next, count, status)
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { perSecond: count / seconds, cpuMicros: (user + system) / count, peakMb: process.resourceUsage().maxRSS / 1024 }
}

if (import.meta.main) {
  const [name, chosen = '', count] = process.argv.slice(2)
  const found = CASES[chosen]
  if (!found || (name !== 'cosell' && name !== 'hono')) throw new Error('node test/bench/offers-run.ts cosell|hono CASE COUNT')
  console.log(JSON.stringify(await measure(name, found, Number(count))))
}
