import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loopback, run } from './loopback.ts'

const folder = mkdtempSync(join(tmpdir(), 'cosell-plan-'))
const write = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const offer = { marketplace: 'aws', termMonths: 12 }
const file = write('offer.json', JSON.stringify(offer))
const request = { Catalog: 'AWSMarketplace' }

describe('cosell plan', () => {
  it('prints the request of a good offer, as seen by a manager or by a partner', async () => {
    const { url, asked } = await loopback(() => ({ body: { request, hash: 'a'.repeat(64), problems: [] } }))
    expect(await run('plan', file, '--url', url)).toEqual({ code: 0, out: `${JSON.stringify(request, null, 2)}\n`, err: '' })
    expect(asked.map(({ call, body }) => [call, body])).toEqual([
      ['POST /_twin/token', { role: 'manager' }],
      ['POST /v1/offers/plan', offer],
    ])
    await run('plan', file, '--role', 'partner', '--partner', 'p', '--url', url)
    expect(asked[2]?.body).toEqual({ role: 'partner', partnerId: 'p' })
  })
  it('sends the token that is given', async () => {
    const { url, asked } = await loopback(({ call }) => ({
      body: call === 'GET /v1/health' ? { status: 'ok' } : { request, hash: 'a'.repeat(64), problems: [] },
    }))
    expect((await run('plan', file, '--token', 'mine', '--url', url)).code).toBe(0)
    expect(asked.map(({ call }) => call)).toEqual(['GET /v1/health', 'POST /v1/offers/plan'])
    expect(asked[1]?.headers.authorization).toBe('Bearer mine')
  })
  it('tells problems beside the request, and fails', async () => {
    const problems = [{ code: 'late', target: 'expiresOn', message: 'must be after today' }]
    const { url } = await loopback(() => ({ body: { request, hash: 'a'.repeat(64), problems } }))
    const { code, out, err } = await run('plan', file, '--url', url)
    expect([code, JSON.parse(out), err]).toEqual([1, request, 'expiresOn: must be after today\n'])
  })
  it('names the file and the fields that the service does not understand', async () => {
    const details = [{ target: 'termMonths', message: 'expected a number' }]
    const { url } = await loopback(() => ({ status: 400, body: { detail: 'wrong fields', details } }))
    const { code, out, err } = await run('plan', file, '--url', url)
    expect([code, out]).toEqual([1, ''])
    expect(err).toBe(`${file}: POST ${url}/v1/offers/plan answers 400: wrong fields\n  termMonths: expected a number\n`)
  })
  it.each([
    ['offer.txt', '{', 'offer.txt: is not JSON'],
    ['none.json', undefined, 'none.json'],
  ])('names the file that it cannot read: %s', async (name, text, message) => {
    if (text !== undefined) write(name, text)
    const { url, asked } = await loopback()
    const { code, err } = await run('plan', join(folder, name), '--url', url)
    expect([code, asked]).toEqual([1, []])
    expect(err).toContain(message)
  })
})
