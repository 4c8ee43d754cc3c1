import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { blobStandIn, uploadNotice } from './blobs.ts'
import { busStandIn } from './bus.ts'
import { openClock } from './clock.ts'
import { createTables, startDynamoDb } from './dynamodb.ts'
import { BUCKETS, MAIL_SENDER, SECRET_ARN, setEnvironment, WEBHOOK_SECRET_ARN } from './environment.ts'
import { gateway } from './gateway.ts'
import { twinHooks } from './hooks.ts'
import { openIdentity } from './identity.ts'
import { loadFunctions } from './invoke.ts'
import { mailStandIn } from './mail.ts'
import { openAgreement } from './marketplaces/aws/agreement.ts'
import { openCatalog } from './marketplaces/aws/catalog.ts'
import { seedProducts } from './marketplaces/aws/products.ts'
import { seedAzure } from './marketplaces/azure/seed.ts'
import { azureStandIns } from './marketplaces/azure/stand-ins.ts'
import { AZURE } from './marketplaces/azure/tenant.ts'
import { webhookToken } from './marketplaces/azure/webhook-token.ts'
import { openFaults } from './marketplaces/faults.ts'
import type { Message, StandIn, World } from './marketplaces/stand-in.ts'
import { serveOutside } from './outside.ts'
import { openPost } from './post.ts'
import { openQueues } from './queues.ts'
import { openSchedules } from './schedules.ts'
import { secretsStandIn } from './secrets.ts'
import { openShelf } from './shelf.ts'
import { queueStandIn } from './sqs.ts'
import { openMappings } from './streams.ts'
import { type Poller, startWork } from './work.ts'

/** What a receiver on this machine checks the signatures of webhook calls with. */
const WEBHOOK_SECRET = 'whsec_Y29zZWxsLXR3aW4td2ViaG9vaw=='

export type TwinOptions = { port: number; data: string; startAt?: string | undefined }

const ID_LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz'
const newId = (length: number) => [...randomBytes(length)].map((byte) => ID_LETTERS[byte % ID_LETTERS.length]).join('')

const ticking = (standIns: readonly StandIn[]): Poller => ({
  name: 'marketplaces',
  poll: async () => {
    for (const { tick } of standIns) await tick()
    return 0
  },
})

const listen = (server: ReturnType<typeof createServer>, port: number) =>
  new Promise<number>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Error(`port ${port} is taken: npm start -- --port ${port + 1}`) : error),
    )
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve(address && typeof address === 'object' ? address.port : port)
    })
  })

/** Starts the whole service on this machine: its own handlers, an embedded DynamoDB, and stand-ins for everything outside. */
export const startTwin = async ({ port, data, startAt }: TwinOptions) => {
  mkdirSync(data, { recursive: true })
  const engine = await startDynamoDb(join(data, 'dynamodb.db'))
  // The outside needs the shelf and the shelf the environment, so the stand-ins join when they are made.
  const standIns: StandIn[] = []
  const outside = await serveOutside(standIns)
  setEnvironment(outside.url, engine.endpoint)
  await createTables()

  const shelf = openShelf()
  const clock = await openClock(shelf, startAt)
  const identity = await openIdentity(shelf, clock.now)
  const faults = openFaults()
  let url = ''
  const webhook = async ({ body }: Extract<Message, { channel: 'azure.webhook' }>) => {
    // Signed when it leaves: a token of the time when it was written may have run out on the way.
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${await webhookToken(world)}` }
    return (await fetch(`${url}/v1/azure/webhook`, { method: 'POST', headers, body: JSON.stringify(body) })).status
  }
  const post = openPost(shelf, faults, clock.now, webhook)
  const world: World = { now: clock.now, newId, shelf, faults, send: post.send }
  await seedProducts(world)
  await seedAzure(world)
  const marketplaces = [openCatalog(world), openAgreement(world), ...azureStandIns(world)]
  standIns.push(
    ...marketplaces,
    busStandIn(shelf, clock.now),
    queueStandIn(shelf, clock.now),
    mailStandIn(world, MAIL_SENDER),
    secretsStandIn({ [SECRET_ARN]: AZURE.clientSecret, [WEBHOOK_SECRET_ARN]: WEBHOOK_SECRET }),
    blobStandIn(join(data, 'exports'), BUCKETS.exports),
    blobStandIn(join(data, 'settlements'), BUCKETS.settlements, uploadNotice(shelf, clock.now)),
  )

  const invoke = await loadFunctions()
  const pollers = [
    ticking(marketplaces),
    post,
    ...(await openMappings(invoke, shelf, clock.now)),
    ...openQueues(invoke, shelf, clock.now),
    openSchedules(invoke, shelf, clock.now),
  ]
  const work = startWork(pollers, (name, error) =>
    console.error(JSON.stringify({ level: 'error', message: `${name} failed`, error: String(error) })),
  )
  const advance = async (to: Date) => {
    await clock.advanceTo(to)
    await work.settle()
  }
  const api = gateway(invoke, identity)
  const hooks = twinHooks({ world, clock, identity, advance, settle: work.settle })
  const server = createServer((request, response) => void (request.url?.startsWith('/_twin/') ? hooks : api)(request, response))
  url = `http://127.0.0.1:${await listen(server, port)}`

  const stop = async () => {
    server.close()
    server.closeAllConnections()
    await work.stop()
    await outside.close()
    await engine.stop()
  }
  return { url, exportsFolder: join(data, 'exports'), stop }
}
