import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import { onTestFinished, vi } from 'vitest'
import { cosell } from '../../../infra/cli/cosell.ts'

export type Asked = { call: string; headers: IncomingMessage['headers']; body: unknown }
type Answer = { status?: number; body?: unknown; text?: string }

const read = async (request: IncomingMessage): Promise<unknown> => {
  let text = ''
  for await (const chunk of request) text += chunk
  return text === '' ? undefined : JSON.parse(text)
}

/** A service on a free port for one test. It hands out tokens like a twin and answers the rest as told; `asked` is what came. */
export const loopback = async (answer: (asked: Asked) => Answer | Promise<Answer> = () => ({ status: 404, body: {} })) => {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    const one = { call: `${request.method} ${request.url}`, headers: request.headers, body: await read(request) }
    asked.push(one)
    const isHook = one.call === 'POST /_twin/token'
    const answered: Answer = isHook ? { body: { token: `token of ${JSON.stringify(one.body)}` } } : await answer(one)
    const { status = 200, body, text = JSON.stringify(body) } = answered
    response.writeHead(status, { 'content-type': 'application/json' }).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  }
  onTestFinished(async () => {
    await close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, close }
}

/** Runs the command line without the settings of the machine. */
export const run = async (...args: string[]) => {
  vi.stubEnv('COSELL_URL', '')
  vi.stubEnv('COSELL_TOKEN', '')
  const told = { out: '', err: '' }
  const into = (name: 'out' | 'err') =>
    new Writable({
      write: (chunk, _, done) => {
        told[name] += chunk
        done()
      },
    })
  const code = await cosell(args, { stdout: into('out'), stderr: into('err') })
  return { code, ...told }
}
