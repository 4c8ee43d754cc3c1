import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

type Units = { CapacityUnits?: number }
type Body = Record<string, unknown>

/** What the engine says that was used, and in how many requests, by the beginning of the sort or partition keys. */
export type Capacity = { writeUnits: number; readUnits: number; requests: number }

const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems', 'BatchExecuteStatement']
const READS = ['GetItem', 'BatchGetItem', 'Query', 'Scan']

const KINDS: [kind: string, key: RegExp][] = [
  ['rows', /"(?:ROW#|RATES"|V#)/],
  ['marks', /"LINKS#/],
  ['log', /"LOG"/],
  ['aggregates', /"AGG#/],
  ['events', /"EVENT#/],
]

const kindOf = (body: string) => KINDS.find(([, key]) => key.test(body))?.[0] ?? 'others'

const unitsIn = ({ ConsumedCapacity: consumed }: Body): number =>
  [consumed].flat().reduce<number>((sum, each) => sum + ((each as Units | undefined)?.CapacityUnits ?? 0), 0)

/** An engine's address that asks every request what it used, and adds that up. */
export const openCapacityProxy = async (endpoint: string) => {
  const used: Record<string, Capacity> = {}
  const count = (operation: string, kind: string, units: number) => {
    used[kind] ??= { writeUnits: 0, readUnits: 0, requests: 0 }
    const of = used[kind]
    of.requests++
    if (WRITES.includes(operation)) of.writeUnits += units
    else of.readUnits += units
  }

  const send = (path: string, headers: NodeJS.Dict<string | string[]>, body: string) =>
    new Promise<{ status: number; body: string }>((resolve, reject) => {
      const { host: _, 'content-length': __, ...rest } = headers
      const length = { 'content-length': Buffer.byteLength(body) }
      const outgoing = request(endpoint + path, { method: 'POST', headers: { ...rest, ...length } }, async (incoming) => {
        const chunks: Buffer[] = []
        for await (const chunk of incoming) chunks.push(chunk)
        resolve({ status: incoming.statusCode ?? 500, body: Buffer.concat(chunks).toString() })
      })
      outgoing.once('error', reject)
      outgoing.end(body)
    })

  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const asked = Buffer.concat(chunks).toString()
    const operation = String(incoming.headers['x-amz-target']).split('.')[1] ?? ''
    const isCounted = [...WRITES, ...READS].includes(operation)
    const body = isCounted ? JSON.stringify({ ...(JSON.parse(asked) as Body), ReturnConsumedCapacity: 'TOTAL' }) : asked
    const answer = await send(incoming.url ?? '/', incoming.headers, body)
    // A write that is refused costs what it would have cost; the engine does not tell how much, so it counts as one unit.
    if (isCounted) count(operation, kindOf(asked), answer.status === 200 ? unitsIn(JSON.parse(answer.body) as Body) : 1)
    outgoing.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' }).end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, used, stop }
}
