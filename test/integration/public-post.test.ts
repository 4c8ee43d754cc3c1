import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type PostRules, publicPost } from '../../lib/runtime/public-post.ts'

const open: (Server | TcpServer)[] = []
afterEach(() => {
  for (const server of open.splice(0)) {
    server.close()
    if ('closeAllConnections' in server) server.closeAllConnections()
  }
})

const portOf = async (server: Server | TcpServer) => {
  open.push(server)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return (server.address() as AddressInfo).port
}
type Behaviour = (request: IncomingMessage, response: ServerResponse) => void
/** A receiver that behaves so, and what it was asked. */
const receiver = async (behave: Behaviour) => {
  const seen: { url: string; host: string }[] = []
  const port = await portOf(
    createServer((request, response) => {
      seen.push({ url: request.url ?? '', host: request.headers.host ?? '' })
      behave(request, response)
    }),
  )
  return { seen, url: `http://127.0.0.1:${port}/hook` }
}

const call = (url: string, rules: Partial<PostRules> = {}) =>
  publicPost({ loopback: true, limitMs: 5000, ...rules })({ url, headers: { 'webhook-id': 'msg_1' }, body: '{"a":1}' })
const resolvingTo = (...addresses: string[]) => {
  const asked: string[] = []
  const resolve = async (host: string) => {
    asked.push(host)
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  }
  return { asked, resolve }
}

describe('a call of an address that somebody else chose', () => {
  it('brings its headers and its body, and tells the status and when to come again', async () => {
    let got = ''
    const { url } = await receiver(async (request, response) => {
      for await (const chunk of request) got += String(chunk)
      got += request.headers['webhook-id']
      response.writeHead(503, { 'retry-after': '7' }).end('busy')
    })
    expect(await call(url)).toEqual({ status: 503, retryAfter: '7' })
    expect(got).toBe('{"a":1}msg_1')
  })

  it('follows no redirect, wherever it leads', async () => {
    const { url, seen } = await receiver((_, response) => response.writeHead(307, { location: '/inner' }).end())
    expect(await call(url)).toEqual({ status: 307 })
    expect(seen.map((each) => each.url)).toEqual(['/hook'])
  })

  it.each<[string, Behaviour]>([
    ['never answers', () => {}],
    [
      'takes for ever to say its headers',
      (_, { socket }) => {
        socket?.write('HTTP/1.1 200 OK\r\n')
        setInterval(() => socket?.write('x-more: 1\r\n'), 20).unref()
      },
    ],
    ['says that it will go on for ever', (_, response) => setInterval(() => response.writeProcessing(), 20).unref()],
  ])('of one that %s ends in time', async (_, behave) => {
    const { url } = await receiver(behave)
    const start = performance.now()
    await expect(call(url, { limitMs: 300 })).rejects.toThrow()
    expect(performance.now() - start).toBeLessThan(4000)
  })

  it('does not wait for a host that is never found', async () => {
    await expect(call('https://slow.example/', { limitMs: 100, resolve: () => new Promise(() => {}) })).rejects.toMatchObject({
      name: 'TimeoutError',
    })
  })

  it('does not read what it is answered, however much that is', async () => {
    let written = 0
    const { url } = await receiver((_, response) => {
      response.writeHead(200)
      const piece = Buffer.alloc(65_536)
      const pour = () => {
        while (!response.destroyed && response.write(piece)) written += piece.length
      }
      response.on('drain', pour).on('error', () => {})
      pour()
    })
    expect(await call(url)).toEqual({ status: 200 })
    await new Promise((wait) => setTimeout(wait, 50))
    expect(written).toBeLessThan(20_000_000)
  })

  it('gives up on headers without end, on half an answer and on what is no answer', async () => {
    const answering = async (text: string) =>
      `http://127.0.0.1:${await portOf(createTcpServer((socket) => void socket.on('error', () => {}).end(text)))}/`
    for (const text of [`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`, 'HTTP/1.1 200', 'SSH-2.0-OpenSSH_9.6\r\n', ''])
      await expect(call(await answering(text))).rejects.toThrow()
  })

  it.each([
    ['a private address', ['10.0.0.1']],
    ['its own machine', ['127.0.0.1']],
    ['metadata', ['169.254.169.254']],
    ['a private address beside a public one', ['8.8.8.8', '10.0.0.1']],
    ['its own machine, mapped', ['::ffff:127.0.0.1']],
    ['no address', []],
  ])('is not made where the name leads to %s', async (_, addresses) => {
    const { seen, url } = await receiver((__, response) => response.end())
    const { resolve } = resolvingTo(...addresses)
    await expect(call(`https://hooks.example:${new URL(url).port}/`, { resolve })).rejects.toMatchObject({ code: 'NOT_PUBLIC' })
    expect(seen).toEqual([])
  })

  it.each(['https://127.0.0.1/', 'https://2130706433/', 'https://localhost/', 'https://0x7f.0.0.1/'])(
    'is not made to %s, which the system itself resolves',
    async (url) => {
      await expect(call(url)).rejects.toMatchObject({ code: 'NOT_PUBLIC' })
    },
  )

  it('is made by http to nobody, and to the own machine only where that is allowed', async () => {
    const { url, seen } = await receiver((_, response) => response.end())
    await expect(call('http://hooks.example/')).rejects.toMatchObject({ code: 'NOT_HTTPS' })
    await expect(call(url, { loopback: false })).rejects.toMatchObject({ code: 'NOT_HTTPS' })
    expect(seen).toEqual([])
  })

  it('connects to the address that was checked, under the name of the host, and asks for it once', async () => {
    let hello = ''
    const port = await portOf(
      createTcpServer((socket) =>
        socket
          .on('error', () => {})
          .once('data', (data) => {
            hello = data.toString('latin1')
            socket.destroy()
          }),
      ),
    )
    const { resolve, asked } = resolvingTo('127.0.0.1')
    await expect(call(`https://hooks.example:${port}/`, { resolve, isAllowed: () => true })).rejects.toThrow()
    // The first bytes of TLS say the name in clear, which is also what the certificate is checked against.
    expect(hello).toContain('hooks.example')
    expect(asked).toEqual(['hooks.example'])
  })
})
