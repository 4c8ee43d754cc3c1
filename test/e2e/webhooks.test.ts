import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readBody } from '../../infra/local/outside.ts'
import { startTwin, type TestTwin } from '../support/twin.ts'

let twin: TestTwin
let receiver: Server
let url = ''
let status = 204
const got: { headers: IncomingHttpHeaders; body: string }[] = []

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    got.push({ headers: request.headers, body: String(await readBody(request)) })
    response.writeHead(status).end()
  })
  await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening))
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/cosell`
  twin = await startTwin()
})
afterAll(async () => {
  receiver.close()
  receiver.closeAllConnections()
  await twin.stop()
})

/** As a receiver would check it that knows nothing but the published scheme. */
const isSignedBy = (secret: unknown, { headers, body }: (typeof got)[number]) => {
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const key = Buffer.from(String(secret).slice('whsec_'.length), 'base64')
  const expected = `v1,${createHmac('sha256', key).update(content).digest('base64')}`
  return String(headers['webhook-signature']).split(' ').includes(expected)
}
/** The check that the README gives to receivers. */
const publishedCheck = async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const [, code = ''] = /```js\n([^`]*isOurs[\s\S]*?)```/.exec(readme) ?? []
  const { isOurs } = await import(`data:text/javascript,${encodeURIComponent(`${code}\nexport { isOurs }`)}`)
  return isOurs as (secret: unknown, headers: IncomingHttpHeaders, body: string) => boolean
}
const told = () => got.map(({ body }) => JSON.parse(body)).map(({ type, data }) => [type, data.partnerId])

it('another system is told what happens, signed; what it did not take comes again, also after a kill; all of it as often as it likes', async () => {
  const platform = twin.as({ role: 'platform' })
  const manager = twin.as({ role: 'manager' })
  await expect(platform.post('/webhooks', { url: 'http://hooks.example/' })).rejects.toThrow('https')
  await expect(manager.post('/webhooks', { url })).rejects.toThrow('403')
  const webhook = await platform.post('/webhooks', { url, types: ['partner.registered.v1'] })
  expect(await platform.post(`/webhooks/${webhook['id']}/test`)).toEqual({ delivered: true })
  got.splice(0)

  const register = async (name: string) => (await manager.post('/partners', { name, type: 'reseller' }))['id']
  const first = await register('Northwind')
  await twin.twin('settle')
  expect(told()).toEqual([['partner.registered.v1', first]])
  const isOurs = await publishedCheck()
  for (const { headers, body } of got) {
    expect(isOurs(webhook['secret'], headers, body)).toBe(true)
    expect(isOurs(webhook['secret'], headers, `${body} `)).toBe(false)
    expect(isOurs(webhook['secret'], { ...headers, 'webhook-timestamp': '1614265330' }, body)).toBe(false)
  }

  status = 503
  const second = await register('Contoso')
  await twin.twin('settle')
  const { items } = (await platform.get(`/webhooks/${webhook['id']}/deliveries?state=open`)) as { items: object[] }
  expect(items).toMatchObject([{ type: 'partner.registered.v1', status: 503, reason: 'it answered 503' }])
  status = 204
  got.splice(0)
  await twin.kill()
  await twin.restart()
  await twin.twin('clock', { minutes: 5 })
  expect(told()).toEqual([['partner.registered.v1', second]])

  const rotated = await platform.post(`/webhooks/${webhook['id']}/rotate`, {})
  const { cursor } = (await twin.as({ role: 'finance' }).get('/events?limit=1&type=cost')) as { cursor: string }
  await expect(platform.post(`/webhooks/${webhook['id']}/redrive`, { cursor: '1.7' })).rejects.toThrow('cursor')
  await platform.post(`/webhooks/${webhook['id']}/redrive`, { cursor })
  await platform.post(`/webhooks/${webhook['id']}/redrive`, { cursor: '0.0' })
  got.splice(0)
  await twin.twin('clock', { minutes: 5 })
  expect(told()).toEqual([
    ['partner.registered.v1', first],
    ['partner.registered.v1', second],
  ])
  for (const secret of [webhook['secret'], rotated['secret']]) expect(got.every((each) => isSignedBy(secret, each))).toBe(true)
  expect(JSON.stringify(await platform.get('/webhooks'))).not.toContain('whsec_')
})
