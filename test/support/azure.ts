import { AUDIENCES } from '../../infra/local/marketplaces/azure/login.ts'
import { seedAzure } from '../../infra/local/marketplaces/azure/seed.ts'
import { azureStandIns } from '../../infra/local/marketplaces/azure/stand-ins.ts'
import { type ApiName, AZURE } from '../../infra/local/marketplaces/azure/tenant.ts'
import type { World } from '../../infra/local/marketplaces/stand-in.ts'
import { testWorld } from './world.ts'

// Making an RSA key is slow: all worlds of a test file share one.
let keys: unknown

const seeded = async (world: World) => {
  if (keys) await world.shelf.put('azure.keys', 'login', keys)
  await seedAzure(world)
  keys = await world.shelf.get('azure.keys', 'login')
}

type Sent = { body?: unknown; headers?: Record<string, string>; token?: string }

const APIS: [prefix: string, api: ApiName][] = [
  ['/azure/ingestion', 'ingestion'],
  ['/azure/marketplace', 'fulfilment'],
  ['/azure/management', 'ordering'],
]

/** Microsoft's marketplace in memory; `call` asks with a good token of the API unless another is given. */
export const testAzure = async (start?: string) => {
  const { world, sent, advance } = testWorld(start)
  await seeded(world)
  const standIns = azureStandIns(world)

  const ask = async (method: string, url: string, headers: Record<string, string>, body: string) => {
    const { pathname: path, searchParams: query } = new URL(url, 'http://twin.local')
    for (const standIn of standIns) {
      const answer = await standIn.answer({ method, path, query, headers: { host: 'twin.local', ...headers }, body })
      if (answer) return answer
    }
    throw new Error(`no stand-in answers ${path}`)
  }

  const login = (api: ApiName, form: Record<string, string> = {}, tenantId: string = AZURE.tenantId) => {
    const { scope } = AUDIENCES[api]
    const client = { client_id: AZURE.clientId, client_secret: AZURE.clientSecret }
    const body = new URLSearchParams({ grant_type: 'client_credentials', ...client, scope, ...form })
    return ask('POST', `/azure/login/${tenantId}/oauth2/v2.0/token`, {}, String(body))
  }

  const tokenFor = async (api: ApiName, form: Record<string, string> = {}) => {
    const answer = await login(api, form)
    return String(Object(answer !== 'reset' && answer.body)['access_token'])
  }

  const call = async (method: string, url: string, { body, headers = {}, token }: Sent = {}) => {
    const api = APIS.find(([prefix]) => new URL(url, 'http://twin.local').pathname.startsWith(prefix))?.[1]
    const bearer = token ?? (api ? await tokenFor(api) : '')
    const text = body === undefined ? '' : JSON.stringify(body)
    const answer = await ask(method, url, { authorization: `Bearer ${bearer}`, ...headers }, text)
    if (answer === 'reset') throw new Error('the connection was reset')
    // As it looks after the wire.
    const parsed = answer.body === undefined ? undefined : JSON.parse(JSON.stringify(answer.body))
    return { status: answer.status, headers: answer.headers ?? {}, body: parsed }
  }

  const tick = async () => {
    for (const standIn of standIns) await standIn.tick()
  }
  return { world, sent, advance, standIns, login, tokenFor, call, tick }
}
export type TestAzure = Awaited<ReturnType<typeof testAzure>>
