import { describe, expect, it } from 'vitest'
import { type Endpoint, isWanted, signing, viewOf } from '../../../lib/webhooks/endpoint.ts'
import { change, pause, redrive, register, resume, rotate } from '../../../lib/webhooks/registration.ts'
import { isLeased, leased, MAX_WAITING, settled } from '../../../lib/webhooks/round.ts'
import { problemOfUrl } from '../../../lib/webhooks/url.ts'
import { contextAt, NOW, pia } from '../../support/offers.ts'

let secrets = 0
const setting = { newSecret: () => `whsec_${++secrets}`, loopback: false }
const URL_ = 'https://hooks.example.com/cosell?token=x'
const registered = (types: string[] = []) => register({ url: URL_, types }, '5.0', pia, setting, contextAt())
const later = (hours: number) => new Date(Date.parse(NOW) + hours * 3_600_000).toISOString()

describe('the address of a webhook', () => {
  it.each([
    'https://example.com',
    'https://hooks.example.co.uk:8443/a/b?c=d',
    'https://xn--exmple-cua.com/',
    'https://exämple.com/',
    'https://a_b.example.com/',
  ])('may be %s', (url) => expect(problemOfUrl(url, false)).toBeUndefined())

  it.each([
    'example.com',
    'ftp://example.com',
    'http://example.com/',
    'https://localhost/',
    'https://metadata/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://127。0。0。1/',
    'https://user:secret@example.com/',
    'https://example.com@127.0.0.1/',
    'https://example.com/#part',
    'http://127.0.0.1:9/',
    'javascript:alert(1)',
    '',
  ])('may not be %s', (url) => expect(problemOfUrl(url, false)).toEqual(expect.any(String)))

  it('may be on the own machine only in the twin, and even there only by its number', () => {
    expect(problemOfUrl('http://127.0.0.1:8080/hook', true)).toBeUndefined()
    for (const url of ['http://localhost:8080/', 'http://10.0.0.1/', 'https://127.0.0.1/', 'http://127.0.0.2/'])
      expect(problemOfUrl(url, true)).toEqual(expect.any(String))
  })

  it('is refused by its field', () => {
    const bad = () => register({ url: 'https://localhost/', types: [] }, '0.0', pia, setting, contextAt())
    expect(bad).toThrow(expect.objectContaining({ details: [{ target: 'url', message: expect.stringContaining('https') }] }))
    expect(() => change(registered().endpoint, { url: 'https://[::1]/', types: [] }, pia, setting, contextAt())).toThrow()
  })
})

describe('a webhook', () => {
  it.each([
    [[], 'offer.accepted.v1', true],
    [[], 'webhook.dead.v1', false],
    [['offer'], 'offer.accepted.v1', true],
    [['offer'], 'offer-set.accepted.v1', false],
    [['offer.'], 'offer.accepted.v1', true],
    [['offer.accepted.v1'], 'offer.accepted.v1', true],
    [['offer.accepted.v1'], 'offer.accepted.v10', false],
    [['rate', 'cost'], 'cost.recorded.v1', true],
    [['rate', 'cost'], 'partner.registered.v1', false],
    [['webhook'], 'webhook.dead.v1', true],
  ])('of the types %j is told of %s: %s', (types, type, wanted) => {
    expect(isWanted({ id: 'whk_1', types })({ pk: 'X#1', type })).toBe(wanted)
  })

  it('is never told of itself', () => {
    expect(isWanted({ id: 'whk_1', types: ['webhook'] })({ pk: 'WEBHOOK#whk_1', type: 'webhook.dead.v1' })).toBe(false)
    expect(isWanted({ id: 'whk_1', types: ['webhook'] })({ pk: 'WEBHOOK#whk_2', type: 'webhook.dead.v1' })).toBe(true)
  })

  it('shows no secret, and its events neither a secret nor an address', () => {
    const { endpoint, progress, events } = registered()
    const rotated = rotate(endpoint, 24, pia, setting, contextAt())
    const all = [viewOf({ endpoint: rotated.endpoint, progress }, NOW), ...events, ...rotated.events]
    expect(JSON.stringify(all)).not.toContain('whsec_')
    expect(JSON.stringify([...events, ...rotated.events])).not.toContain('hooks.example.com')
  })

  it('signs with the old and the new secret while it changes, and then with the new one', () => {
    const { endpoint } = registered()
    const [old] = signing(endpoint, NOW)
    const { endpoint: rotated, secret } = rotate(endpoint, 24, pia, setting, contextAt())
    expect(signing(rotated, NOW)).toEqual([old, secret])
    expect(signing(rotated, later(23.9))).toEqual([old, secret])
    expect(signing(rotated, later(24))).toEqual([secret])
    const again = rotate(rotated, 168, pia, setting, contextAt(later(1)))
    expect(signing(again.endpoint, later(2))).toEqual([old, secret, again.secret])
    // A longer overlap makes nothing valid for longer than it was said to be.
    expect(signing(again.endpoint, later(24))).toEqual([secret, again.secret])
    expect(signing(rotate(again.endpoint, 0, pia, setting, contextAt(later(2))).endpoint, later(2))).toHaveLength(1)
  })

  it('has at most so many secrets at once', () => {
    let { endpoint } = registered()
    for (let i = 0; i < 7; i++) endpoint = rotate(endpoint, 24, pia, setting, contextAt()).endpoint
    expect(() => rotate(endpoint, 24, pia, setting, contextAt())).toThrow('overlapHours 0')
    expect(rotate(endpoint, 0, pia, setting, contextAt()).endpoint.secrets).toHaveLength(1)
  })

  it('is paused and resumed once, however often that is asked for', () => {
    const { endpoint, progress } = registered()
    const paused = pause(endpoint, 'they move', pia, contextAt())
    expect(viewOf({ endpoint: paused.endpoint, progress }, NOW)).toMatchObject({ state: 'paused', pausedBecause: 'they move' })
    expect(pause(paused.endpoint, 'again', pia, contextAt()).events).toEqual([])
    const resumed = resume(paused.endpoint, pia, contextAt())
    expect([resumed.endpoint, resumed.events.map(({ type }) => type)]).toEqual([endpoint, ['webhook.resumed.v1']])
    expect(resume(endpoint, pia, contextAt()).events).toEqual([])
    expect(change(endpoint, { url: URL_, types: [] }, pia, setting, contextAt()).events).toEqual([])
  })

  it('goes on at another cursor, and who sends it something now has to look again', () => {
    const { progress } = registered()
    const { progress: back, events } = redrive(leased(progress, NOW), '0.0', pia, contextAt())
    expect([back, isLeased(back, NOW)]).toEqual([{ ...progress, cursor: '0.0' }, false])
    expect(events).toMatchObject([{ type: 'webhook.redriven.v1', data: { from: '5.0', to: '0.0', by: 'pia' } }])
  })
})

describe('a round', () => {
  const held = (() => {
    const { endpoint, progress } = registered()
    return { endpoint: { ...endpoint, version: 1 } as Endpoint, progress: leased({ ...progress, version: 2 }, NOW) }
  })()
  const [taken, failed] = [{ delivered: true } as const, { delivered: false, reason: 'it answered 500', status: 500 } as const]
  const stateAfter = (failing: boolean, outcomes: (typeof taken | typeof failed)[], waiting: number) =>
    settled(
      { ...held, progress: { ...held.progress, failing } },
      { cursor: '9.0', deliveries: [], outcomes },
      waiting,
      contextAt(),
    ).progress?.failing

  it.each([
    [false, [failed], MAX_WAITING - 1, false],
    [false, [taken, failed], MAX_WAITING, true],
    [false, [failed, taken], MAX_WAITING, false],
    [true, [failed], 3, true],
    [true, [taken], MAX_WAITING + 50, false],
    [true, [], MAX_WAITING, true],
  ])('of one that is failing: %s, with the calls %j while %i wait, leaves it so: %s', (before, outcomes, waiting, after) => {
    expect(stateAfter(before, outcomes, waiting)).toBe(after)
  })

  it('that is told 410 pauses the webhook in the name of the receiver, and lets go of it', () => {
    const gone = { delivered: false, reason: 'it answered 410: it wants no more', status: 410 } as const
    const kept = settled(held, { cursor: '9.0', deliveries: [], outcomes: [taken, gone] }, 1, contextAt())
    expect(kept).toMatchObject({ endpoint: { pausedBecause: gone.reason }, progress: { cursor: '9.0' } })
    expect(kept.events).toMatchObject([{ type: 'webhook.paused.v1', data: { by: 'receiver' } }])
    expect(kept.progress).not.toHaveProperty('leasedUntil')
  })
})
