import { createHmac, randomBytes } from 'node:crypto'

const TIMEOUT_MS = 10_000

// As standardwebhooks.com has it: the secret is base64 behind its prefix, the signature over id, seconds and body.
const keyOf = (secret: string) => Buffer.from(secret.replace(/^whsec_/, ''), 'base64')

const signed = (secret: string, content: string) => `v1,${createHmac('sha256', keyOf(secret)).update(content).digest('base64')}`

/** A secret of 32 bytes that nobody else has. */
export const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`

/** The signature headers of a call; while secrets change there are several. */
export const signatureOf = (secrets: string[], id: string, seconds: number, body: string): Record<string, string> => ({
  'webhook-id': id,
  'webhook-timestamp': String(seconds),
  'webhook-signature': secrets.map((secret) => signed(secret, `${id}.${seconds}.${body}`)).join(' '),
})

export type Call = { id: string; now: string; body: string }

/** Posts to one address, signed, without following redirects; the status of the answer. Throws where none comes in ten seconds. */
export const signedPost =
  (url: string, secret: () => Promise<string>) =>
  async ({ id, now, body }: Call): Promise<number> => {
    const signature = signatureOf([await secret()], id, Math.floor(Date.parse(now) / 1000), body)
    const headers = { 'content-type': 'application/json', ...signature }
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    await response.body?.cancel()
    return response.status
  }
