import { afterAll, beforeAll, expect, it } from 'vitest'
import { clock } from '../../lib/runtime/clock.ts'
import { secretOf } from '../../lib/runtime/secret.ts'
import { serve } from '../support/loopback.ts'

let server: Awaited<ReturnType<typeof serve>>
let value = 'one'
let now = Date.parse('2026-11-02T09:00:00Z')

beforeAll(async () => {
  const answer = async () => ({ status: 200, body: { SecretString: value } })
  server = await serve([{ answer, tick: async () => undefined }])
  clock.now = () => new Date(now)
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: server.url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  })
})
afterAll(() => server.close())

it('a secret is kept for ten minutes, then a rotated one is noticed', async () => {
  const secret = secretOf('arn:aws:secretsmanager:eu-central-1:111111111111:secret:azure')
  expect(await secret()).toBe('one')
  value = 'two'
  now += 9 * 60_000
  expect(await secret()).toBe('one')
  now += 60_000
  expect(await secret()).toBe('two')
})

it('an empty secret is not used', async () => {
  value = ''
  await expect(secretOf('arn:x')()).rejects.toMatchObject({ code: 'unavailable' })
})
