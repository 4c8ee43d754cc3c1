import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Answer, Exchange, StandIn } from './marketplaces/stand-in.ts'

export const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const exchangeOf = async (request: IncomingMessage): Promise<Exchange> => {
  const url = new URL(request.url ?? '/', 'http://outside')
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  )
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers,
    body: (await readBody(request)).toString(),
  }
}

const respond = (response: ServerResponse, answer: Answer | undefined) => {
  if (answer === 'reset') return response.socket?.destroy()
  const { status, headers = {}, body } = answer ?? { status: 404, body: { message: 'nothing stands in for this' } }
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body)
  return response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
}

const firstAnswer = async (standIns: readonly StandIn[], exchange: Exchange) => {
  for (const { answer } of standIns) {
    const found = await answer(exchange)
    if (found) return found
  }
  return undefined
}

const isAnsweredRaw = async (standIns: readonly StandIn[], request: IncomingMessage, response: ServerResponse) => {
  for (const { raw } of standIns) if (await raw?.(request, response)) return true
  return false
}

export type Outside = { url: string; close: () => Promise<void> }

/** The world outside the service, on one loopback address: the real clients find the stand-ins there. */
export const serveOutside = (standIns: readonly StandIn[]): Promise<Outside> =>
  new Promise((resolve, reject) => {
    const server = createServer((request, response) => {
      isAnsweredRaw(standIns, request, response)
        .then(async (isAnswered) => {
          if (!isAnswered) respond(response, await firstAnswer(standIns, await exchangeOf(request)))
        })
        .catch((error: unknown) =>
          respond(response, {
            status: 500,
            body: { message: `a stand-in broke: ${error instanceof Error ? error.stack : error}` },
          }),
        )
    })
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (!address || typeof address === 'string') return reject(new Error('no address'))
      const close = () =>
        new Promise<void>((closed) => {
          server.close(() => closed())
          server.closeAllConnections()
        })
      return resolve({ url: `http://127.0.0.1:${address.port}`, close })
    })
  })
