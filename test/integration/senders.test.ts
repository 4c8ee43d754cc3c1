import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { mailStandIn, mailsOf } from '../../infra/local/mail.ts'
import { Fault } from '../../infra/local/marketplaces/faults.ts'
import { readBody } from '../../infra/local/outside.ts'
import { notFound } from '../../lib/core/errors.ts'
import { addressesOf } from '../../lib/outbox/addresses.ts'
import { byMail } from '../../lib/outbox/aws.ts'
import { byWebhook } from '../../lib/outbox/webhook.ts'
import { signatureOf, signedPost } from '../../lib/runtime/webhook.ts'
import { serve } from '../support/loopback.ts'
import { contextAt, NOW } from '../support/offers.ts'
import { testWorld } from '../support/world.ts'
import { messageOf } from '../unit/outbox/outbox.ts'
import { MESSAGING } from '../unit/reminders/setting.ts'

const SENDER = 'cosell@vendor.example'
const { world } = testWorld()
let ses: Awaited<ReturnType<typeof serve>>

beforeAll(async () => {
  ses = await serve([mailStandIn(world, SENDER)])
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SESV2: ses.url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  })
})
afterAll(() => ses.close())
beforeEach(() => world.faults.clear())

const fault = (kind: Fault['kind'], more: object = {}) =>
  world.faults.add(Fault.parse({ target: 'aws.ses.SendEmail', kind, ...more }))
const sendTo = (address: string, sender = SENDER, title = 'Grüße') =>
  byMail(sender, async () => [address])(messageOf({ title, text: 'Zwei Zeilen\nund Ende' }))

describe('a mail', () => {
  it('reaches SES as it is, under an id that SES gives it', async () => {
    const outcome = await sendTo('deals@northwind.example')
    const [mail] = await mailsOf(world)
    expect(mail).toEqual({
      id: mail?.id,
      at: NOW,
      from: SENDER,
      to: ['deals@northwind.example'],
      subject: 'Grüße',
      text: 'Zwei Zeilen\nund Ende',
    })
    expect(outcome).toEqual({ sent: mail?.id })
  })

  it.each<[string, () => unknown, string, string]>([
    ['not verified, as in the sandbox', () => fault('reject'), 'refused', 'SES: MessageRejected, Email address is not verified'],
    ['too many at once', () => fault('throttle'), 'later', 'SES: TooManyRequestsException, Maximum sending rate exceeded.'],
    ['a breakdown', () => fault('error', { status: 503 }), 'later', 'SES: InternalServiceErrorException'],
    ['an answer that was lost', () => fault('reset'), 'unsure', 'SES: '],
  ])('that meets %s is told so, and nobody is named', async (_, set, outcome, reason) => {
    set()
    const before = (await mailsOf(world)).length
    const told: Record<string, string> = { ...(await sendTo('deals@northwind.example')) }
    expect(Object.keys(told)).toEqual([outcome])
    expect(told[outcome]).toContain(reason)
    expect(told[outcome]).not.toContain('@')
    expect(await mailsOf(world)).toHaveLength(before + (outcome === 'unsure' ? 1 : 0))
  })

  it.each([
    ['an address that is none', () => sendTo('nobody'), 'BadRequestException'],
    ['no subject', () => sendTo('deals@northwind.example', SENDER, ''), 'BadRequestException'],
    ['another sender', () => sendTo('deals@northwind.example', 'me@elsewhere.example'), 'MessageRejected'],
  ])('with %s is refused', async (_, send, reason) => {
    expect(await send()).toEqual({ refused: expect.stringContaining(reason) })
  })

  it('that cannot reach SES was not sent', async () => {
    process.env['AWS_ENDPOINT_URL_SESV2'] = 'http://127.0.0.1:1'
    expect(await sendTo('deals@northwind.example')).toEqual({ later: expect.stringContaining('SES: ') })
    process.env['AWS_ENDPOINT_URL_SESV2'] = ses.url
  })

  it('without a sender or an address is not tried', async () => {
    const partners = { get: async (id: string) => (id === 'par_1' ? {} : Promise.reject(notFound('partner', id))) }
    const way = byMail(SENDER, addressesOf({ partners, messaging: MESSAGING }))
    expect(await way(messageOf())).toEqual({ refused: 'the receiver has no e-mail address' })
    expect(await way(messageOf({ partnerId: 'par_2' }))).toEqual({ refused: 'there is no such receiver' })
    expect(await byMail(undefined, async () => ['a@b.example'])(messageOf())).toMatchObject({ refused: expect.any(String) })
    const broken = byMail(SENDER, () => Promise.reject(new Error('the table is down')))
    expect(await broken(messageOf())).toMatchObject({ later: expect.any(String) })
  })

  it('to the managers goes to all of them, one to a partner to its contact', async () => {
    const partners = { get: async () => ({ contactEmail: 'deals@northwind.example' }) }
    const look = addressesOf({ partners, messaging: MESSAGING })
    expect(await look({ to: 'managers' })).toEqual(['managers@vendor.example'])
    expect(await look({ to: 'partner', partnerId: 'par_1' })).toEqual(['deals@northwind.example'])
  })
})

describe('a webhook', () => {
  const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const got: { headers: IncomingHttpHeaders; body: string; url: string }[] = []
  let status = 204
  let hook: Server
  let url = ''

  beforeAll(async () => {
    hook = createServer(async (request, response) => {
      got.push({ headers: request.headers, body: String(await readBody(request)), url: request.url ?? '' })
      response.writeHead(status, { location: '/elsewhere' }).end(status === 204 ? undefined : 'much to say')
    })
    await new Promise<void>((listening) => hook.listen(0, '127.0.0.1', listening))
    url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/cosell`
  })
  afterAll(() => {
    hook.close()
    hook.closeAllConnections()
  })
  beforeEach(() => got.splice(0))

  const message = messageOf({ channel: 'webhook', to: 'webhook' })
  const call = (to = url) => byWebhook(signedPost(to, async () => SECRET))(message, contextAt())

  it('is signed as the published example of Standard Webhooks is', () => {
    const headers = signatureOf([SECRET], 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}')
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  })

  it('is called with what happened, the id of the message and the time', async () => {
    status = 204
    expect(await call()).toEqual({ sent: '' })
    const [{ headers, body } = { headers: {}, body: '' }] = got
    expect(JSON.parse(body)).toEqual({
      type: 'reminder.offer-expiring',
      timestamp: NOW,
      data: { about: { type: 'offer', id: 'off_1' }, days: 7, title: 'One week left', text: 'The offer ends in a week.' },
    })
    const seconds = Date.parse(NOW) / 1000
    expect(headers).toMatchObject({ 'content-type': 'application/json', ...signatureOf([SECRET], message.id, seconds, body) })
  })

  it.each([
    [200, { sent: '' }],
    [410, { refused: expect.stringContaining('410') }],
    [302, { later: expect.stringContaining('redirects are not followed') }],
    [401, { later: 'the webhook answers 401' }],
    [503, { later: 'the webhook answers 503' }],
  ])('that answers %i is understood, and asked once', async (answer, outcome) => {
    status = answer
    expect(await call()).toEqual(outcome)
    expect(got.map((each) => each.url)).toEqual(['/cosell'])
  })

  it('that cannot be reached, or whose secret cannot be read, is tried again', async () => {
    expect(await call('http://127.0.0.1:9')).toMatchObject({ unsure: expect.any(String) })
    const secretless = byWebhook(signedPost(url, () => Promise.reject(new Error('no permission'))))
    expect(await secretless(message, contextAt())).toMatchObject({ unsure: expect.any(String) })
    expect(await byWebhook(undefined)(message, contextAt())).toMatchObject({ refused: expect.any(String) })
  })
})
