import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { Grant } from '../../infra/local/client.ts'
import type { TestTwin } from './twin.ts'

type Sent = { body?: unknown; text?: string; key?: string | null; headers?: Record<string, string> }
export type Answered = { status: number; headers: Headers; body: Record<string, unknown> }

/** Requests as they are, refused ones too, by a user of some role or by nobody. */
export const requestsTo = (twin: TestTwin) => async (grant?: Grant) => {
  const authorization = grant ? { authorization: `Bearer ${await twin.as(grant).token()}` } : {}
  return async (method: string, path: string, sent: Sent = {}): Promise<Answered> => {
    const { body, text = body === undefined ? undefined : JSON.stringify(body), key = randomUUID() } = sent
    const once = method === 'POST' && key !== null ? { 'idempotency-key': key } : {}
    const headers = { ...authorization, ...once, ...sent.headers }
    const answer = await fetch(`${twin.url}${path}`, { method, headers, ...(text !== undefined && { body: text }) })
    const told = await answer.text()
    return { status: answer.status, headers: answer.headers, body: told ? JSON.parse(told) : {} }
  }
}
export type Ask = Awaited<ReturnType<ReturnType<typeof requestsTo>>>

/** The fields that a refusal names. */
export const targetsOf = ({ body }: Answered): string[] => (body['details'] as { target: string }[]).map(({ target }) => target)

/** What every refusal is: a problem by RFC 9457 that can be found again. */
export const expectProblem = ({ status, headers, body }: Answered, expected: number, code: string) => {
  expect({ status, type: headers.get('content-type'), body }).toEqual({
    status: expected,
    type: 'application/problem+json',
    body: expect.objectContaining({
      type: 'about:blank',
      title: code.replaceAll('_', ' '),
      status: expected,
      code,
      detail: expect.any(String),
      details: expect.any(Array),
      requestId: expect.stringMatching(/^[\da-f-]{36}$/),
    }),
  })
}
