import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join, normalize, sep } from 'node:path'
import type { Answer, Exchange, StandIn } from './marketplaces/stand-in.ts'

const missing = (path: string): Answer => ({
  status: 404,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>no object</Message><Key>${encodeURIComponent(path)}</Key></Error>`,
})

/** S3's PutObject and GetObject of one bucket over a folder; an object appears whole or not at all. */
export const blobStandIn = (folder: string, bucket: string): StandIn => {
  const fileOf = (path: string) => {
    const key = normalize(decodeURIComponent(path.slice(bucket.length + 2)))
    return key.startsWith('..') || key.startsWith(sep) ? undefined : join(folder, key)
  }
  const put = async (file: string, body: string): Promise<Answer> => {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(`${file}.part`, body)
    await rename(`${file}.part`, file)
    return { status: 200 }
  }
  return {
    tick: async () => {},
    answer: async ({ method, path, body }: Exchange) => {
      if (!path.startsWith(`/${bucket}/`)) return undefined
      const file = fileOf(path)
      if (!file) return missing(path)
      if (method === 'PUT') return put(file, body)
      return readFile(file, 'utf8').then(
        (text): Answer => ({ status: 200, headers: { 'content-type': 'application/octet-stream' }, body: text }),
        () => missing(path),
      )
    },
  }
}
