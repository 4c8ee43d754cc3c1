import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { MAIL_SENDER, WEBHOOK_SECRET_ARN } from '../../infra/local/environment.ts'
import type { Mail } from '../../infra/local/mail.ts'
import { DEFAULT_PRODUCT } from '../../infra/local/marketplaces/aws/products.ts'
import { readBody } from '../../infra/local/outside.ts'
import { signatureOf } from '../../lib/runtime/webhook.ts'
import { type Ask, requestsTo } from '../support/requests.ts'
import { startTwin, type TestTwin } from '../support/twin.ts'

const PARTNER = 'deals@northwind.example'
const MANAGERS = 'partner-managers@vendor.example'
const OFFER = {
  marketplace: 'aws',
  partnerId: 'ptn-1',
  accountId: 'acc-1',
  name: 'Alpine 500 seats',
  productId: DEFAULT_PRODUCT.id,
  listPrice: { amount: 1_200_000, currency: 'USD' },
  price: { amount: 1_200_000, currency: 'USD' },
  termMonths: 12,
  expiresOn: '2026-12-01',
  buyerAccountIds: ['310000000009'],
  grants: [{ dimension: DEFAULT_PRODUCT.dimensions[0]?.key ?? '', quantity: 1 }],
}

let twin: TestTwin
let manager: Ask
let partner: Ask
let offerId = ''

const at = (to: string) => twin.twin('clock', { to })
const mails = async (): Promise<Mail[]> => ((await (await fetch(`${twin.url}/_twin/outbox`)).json()) as { mails: Mail[] }).mails
const subjects = async (to: string) => (await mails()).filter((mail) => mail.to.includes(to)).map(({ subject }) => subject)
const messages = async (ask: Ask, query = '') => (await ask('GET', `/v1/messages${query}`)).body['items'] as { id: string }[]
const fault = (kind: string, times = 1) => twin.twin('faults', { faults: [{ target: 'aws.ses.SendEmail', kind, times }] })
/** Tokens last for half a day of the twin's clock. */
const signIn = async () => {
  const user = requestsTo(twin)
  manager = await user({ role: 'manager' })
  partner = await user({ role: 'partner', partnerId: 'ptn-1' })
}

/** A receiver of the webhook, on this machine. */
const called: { headers: IncomingHttpHeaders; body: string }[] = []
const hook = createServer(async (request, response) => {
  called.push({ headers: request.headers, body: String(await readBody(request)) })
  response.writeHead(204).end()
})
const SECRET = 'whsec_Y29zZWxsLXR3aW4td2ViaG9vaw=='

beforeAll(async () => {
  await new Promise<void>((listening) => hook.listen(0, '127.0.0.1', listening))
  const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`
  process.env['MESSAGING'] = JSON.stringify({
    sender: MAIL_SENDER,
    managers: { emails: [MANAGERS], timeZone: 'UTC' },
    webhook: { url, secretArn: WEBHOOK_SECRET_ARN, timeZone: 'UTC' },
  })
  twin = await startTwin({ startAt: '2026-11-02T09:00:00Z' })
  await signIn()
  const contact = { contactEmail: PARTNER, timeZone: 'America/New_York' }
  for (const id of ['ptn-1', 'ptn-2'])
    await manager('POST', '/v1/partners', { body: { id, name: id, type: 'isv', ...(id === 'ptn-1' && contact) } })
  await manager('POST', '/v1/accounts', { body: { id: 'acc-1', name: 'Alpine Bank' } })
  await manager('POST', '/v1/accounts/acc-1/attachments', { body: { partnerId: 'ptn-1', role: 'managed', from: '2026-01-01' } })
  offerId = String((await partner('POST', '/v1/offers', { body: OFFER })).body['id'])
  await partner('POST', `/v1/offers/${offerId}/submit`)
  await manager('POST', `/v1/offers/${offerId}/approve`, { body: { reason: 'agreed' } })
  const offer = async () => (await partner('GET', `/v1/offers/${offerId}`)).body
  for (let n = 0; n < 6 && (await offer())['status'] !== 'released'; n++) await twin.twin('clock', { minutes: 2 })
  expect(await offer()).toMatchObject({ status: 'released', problems: [] })
}, 60_000)
afterAll(async () => {
  hook.close()
  hook.closeAllConnections()
  await twin.stop()
})

it('an offer that nobody accepts is spoken of in the morning of each receiver, once', async () => {
  await at('2026-11-05T07:30:00Z')
  expect(await mails()).toEqual([])
  await at('2026-11-05T08:40:00Z')
  expect(await subjects(MANAGERS)).toEqual(['"Alpine 500 seats" still waits for acceptance'])
  expect(await subjects(PARTNER)).toEqual([])
  await at('2026-11-05T13:30:00Z')
  expect(await subjects(PARTNER)).toEqual(['"Alpine 500 seats" still waits for acceptance'])
  await at('2026-11-05T14:45:00Z')
  await at('2026-11-07T18:00:00Z')
  expect(await mails()).toHaveLength(2)
  expect((await mails()).map(({ from }) => from)).toEqual(['cosell@vendor.example', 'cosell@vendor.example'])
})

it('the webhook is told the same once, signed', () => {
  expect(called).toHaveLength(1)
  const [{ headers, body } = { headers: {}, body: '' }] = called
  expect(JSON.parse(body)).toMatchObject({ type: 'reminder.acceptance-pending', data: { about: { id: offerId }, days: 3 } })
  const { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signature } = headers
  expect(signatureOf([SECRET], String(id), Number(seconds), body)['webhook-signature']).toBe(signature)
  expect(new Date(Number(seconds) * 1000).toISOString()).toMatch(/^2026-11-05T08:4/)
})

it('is told to those whom it is for, without an address', async () => {
  await signIn()
  expect(await messages(manager)).toHaveLength(3)
  const own = await messages(partner)
  expect(own).toMatchObject([{ state: 'sent', to: 'partner', kind: 'acceptance-pending', about: { type: 'offer', id: offerId } }])
  expect(await messages(manager, '?partnerId=ptn-1')).toEqual(own)
  const other = await requestsTo(twin)({ role: 'partner', partnerId: 'ptn-2' })
  expect([await messages(other), await messages(other, '?partnerId=ptn-1')]).toEqual([[], []])
  expect(JSON.stringify([await messages(manager), own])).not.toContain('@')
})

it('days on which nothing ran are skipped but for the nearest, over a kill as well', async () => {
  await twin.kill()
  await twin.restart()
  await at('2026-11-25T14:00:00Z')
  expect(await subjects(PARTNER)).toEqual([
    '"Alpine 500 seats" still waits for acceptance',
    '"Alpine 500 seats" can be accepted until 2026-12-01 (in 6 days)',
  ])
})

it('a mail that SES took without an answer goes out once more, and never a third time', async () => {
  await fault('reset', 10)
  await at('2026-11-28T14:00:00Z')
  for (const hour of [15, 18, 22]) await at(`2026-11-28T${hour}:00:00Z`)
  await twin.twin('faults', { faults: [] })
  const last = '"Alpine 500 seats" can be accepted until 2026-12-01 (in 3 days)'
  for (const to of [PARTNER, MANAGERS]) expect((await subjects(to)).filter((subject) => subject === last)).toHaveLength(2)
  await signIn()
  expect(await messages(manager, '?state=failed')).toMatchObject([
    { tries: 2, reason: expect.stringContaining('may have been sent twice') },
    { tries: 2, reason: expect.stringContaining('may have been sent twice') },
  ])
})

it('a breakdown of SES is waited out, and what was accepted meanwhile is not sent any more', async () => {
  await fault('throttle', 3)
  await at('2026-11-30T08:30:00Z')
  await at('2026-11-30T09:30:00Z')
  const tomorrow = '"Alpine 500 seats" can be accepted until 2026-12-01 (tomorrow)'
  await at('2026-11-30T11:00:00Z')
  await at('2026-11-30T12:30:00Z')
  expect((await subjects(MANAGERS)).filter((subject) => subject === tomorrow)).toHaveLength(1)

  await fault('throttle', 1)
  await at('2026-11-30T13:40:00Z')
  expect(await subjects(PARTNER)).not.toContain(tomorrow)
  await signIn()
  const { externalId } = (await partner('GET', `/v1/offers/${offerId}`)).body
  await twin.twin(`aws/offers/${String(externalId)}/accept`, { buyerAccountId: '310000000009' })
  for (const time of ['13:50', '14:30', '16:30']) await at(`2026-11-30T${time}:00Z`)
  expect(await subjects(PARTNER)).not.toContain(tomorrow)
  expect(await messages(partner, '?state=cancelled')).toHaveLength(1)
})

it('the end of the agreement is announced, and what SES refuses is kept with its reason but not the address', async () => {
  const before = (await mails()).length
  await fault('reject')
  await at('2027-09-05T14:00:00Z')
  await signIn()
  const failed = await messages(manager, '?state=failed')
  const refused = failed.filter((each) => JSON.stringify(each).includes('not verified'))
  expect(refused).toMatchObject([{ kind: 'agreement-ending', tries: 1, reason: expect.stringContaining('(address)') }])
  expect(JSON.stringify(await manager('GET', '/v1/dead-letters?queue=messages'))).not.toContain('@')
  expect(await mails()).toHaveLength(before + 1)
})
