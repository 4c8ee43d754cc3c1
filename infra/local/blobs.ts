import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rename, stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { dirname, join, normalize, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { service } from '../service.ts'
import { putMessage } from './bus.ts'
import type { Shelf, StandIn } from './marketplaces/stand-in.ts'

/** What follows when an object of a bucket is there. */
export type Notice = (object: { key: string; size: number; eTag: string }) => Promise<void>

const refuse = (response: ServerResponse, status: number, code: string, key = '') =>
  response
    .writeHead(status, { 'content-type': 'application/xml' })
    .end(
      `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message><Key>${encodeURIComponent(key)}</Key></Error>`,
    )

/** Of an object as it lies there: it is another one after every write. */
const etagOf = ({ mtimeMs, size, ino }: { mtimeMs: number; size: number; ino: number }) =>
  createHash('md5').update(`${mtimeMs} ${size} ${ino}`).digest('hex')

const rangeStart = (header: string | undefined) => Number(/^bytes=(\d+)-$/.exec(header ?? '')?.[1] ?? 0)

/** S3's PutObject and GetObject of one bucket over a folder; objects of any size, which appear whole or not at all. */
export const blobStandIn = (folder: string, bucket: string, notice: Notice = async () => {}): StandIn => {
  const keyOf = (path: string) => {
    const key = normalize(decodeURIComponent(path.slice(bucket.length + 2)))
    return key.startsWith('..') || key.startsWith(sep) ? undefined : key
  }
  const put = async (key: string, request: IncomingMessage, response: ServerResponse) => {
    const file = join(folder, key)
    const part = `${file}.${randomUUID()}.part`
    await mkdir(dirname(file), { recursive: true })
    await pipeline(request, createWriteStream(part))
    await rename(part, file)
    const found = await stat(file)
    await notice({ key, size: found.size, eTag: etagOf(found) })
    response.writeHead(200, { etag: `"${etagOf(found)}"` }).end()
  }
  const get = async (key: string, { headers }: IncomingMessage, response: ServerResponse) => {
    const file = join(folder, key)
    const found = await stat(file).catch(() => undefined)
    if (!found?.isFile()) return refuse(response, 404, 'NoSuchKey', key)
    const [etag, start] = [`"${etagOf(found)}"`, rangeStart(headers.range)]
    if (headers['if-match'] && headers['if-match'] !== etag) return refuse(response, 412, 'PreconditionFailed', key)
    if (start > 0 && start >= found.size) return refuse(response, 416, 'InvalidRange', key)
    response.writeHead(start > 0 ? 206 : 200, {
      'content-type': 'application/octet-stream',
      'content-length': found.size - start,
      etag,
      ...(start > 0 && { 'content-range': `bytes ${start}-${found.size - 1}/${found.size}` }),
    })
    // Who stops reading in the middle is nobody's failure.
    return pipeline(createReadStream(file, { start }), response).catch(() => undefined)
  }
  return {
    tick: async () => {},
    answer: async () => undefined,
    raw: async (request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://s3')
      if (!pathname.startsWith(`/${bucket}/`)) return false
      const key = keyOf(pathname)
      if (key === undefined) refuse(response, 404, 'NoSuchKey')
      else await (request.method === 'PUT' ? put : get)(key, request, response)
      return true
    },
  }
}

const { prefix, queue } = service.buckets.settlements.uploads

/** S3's notification of an upload, in the queue that the service names. */
export const uploadNotice =
  (shelf: Shelf, now: () => Date): Notice =>
  async (object) => {
    if (!object.key.startsWith(prefix)) return
    const record = { eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'settlements' }, object } }
    await putMessage(shelf, now, queue, JSON.stringify({ Records: [record] }))
  }
