import { createHash } from 'node:crypto'
import { unprocessable } from '../core/errors.ts'

/** In hex, as `sha256sum` prints it. */
export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** S3's client is half a bundle: it is loaded when there is something to write. */
const connect = async (bucket: string) => {
  const { PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3')
  // By default the client adds checksums to the wire format that not everything that speaks S3 understands.
  const client = new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED' })
  return (key: string, body: Uint8Array, contentType: string) =>
    client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType }))
}

/** Signs addresses; loaded when somebody wants to download or upload. */
const connectSigner = async (bucket: string) => {
  const [{ GetObjectCommand, PutObjectCommand, S3Client }, { getSignedUrl }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('@aws-sdk/s3-request-presigner'),
  ])
  const client = new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED' })
  return (verb: 'get' | 'put', key: string, seconds: number) => {
    const object = { Bucket: bucket, Key: key }
    const command = verb === 'get' ? new GetObjectCommand(object) : new PutObjectCommand(object)
    return getSignedUrl(client, command, { expiresIn: seconds })
  }
}

const replaced = (key: string) => {
  const message = 'was replaced or removed while it was read: the upload of the new one reads it from the beginning'
  return unprocessable('the file is not the one any more that was begun', [{ target: key, message }])
}

/** The bytes of an object from an offset on. S3 answers an offset at the very end with an error of its own. */
const connectReader = async (bucket: string) => {
  const { GetObjectCommand, S3Client } = await import('@aws-sdk/client-s3')
  const client = new S3Client({ responseChecksumValidation: 'WHEN_REQUIRED' })
  return async (key: string, from = 0, etag?: string): Promise<AsyncIterable<Uint8Array>> => {
    const range = { ...(from > 0 && { Range: `bytes=${from}-` }), ...(etag !== undefined && { IfMatch: `"${etag}"` }) }
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...range }))
      return Body as AsyncIterable<Uint8Array> & typeof Body
    } catch (error) {
      const name = error instanceof Error ? error.name : ''
      if (name === 'InvalidRange') return (async function* () {})()
      if (name === 'PreconditionFailed' || name === 'NoSuchKey') throw replaced(key)
      throw error
    }
  }
}

/** A bucket that files are written into, read from and, by addresses, put to and downloaded from; a file appears whole or not at all. */
export const openBlobs = (bucket: string) => {
  let connection: ReturnType<typeof connect> | undefined
  let reader: ReturnType<typeof connectReader> | undefined
  let signer: ReturnType<typeof connectSigner> | undefined
  const signed = async (verb: 'get' | 'put', key: string, seconds: number): Promise<string> => {
    signer ??= connectSigner(bucket)
    return (await signer)(verb, key, seconds)
  }
  return {
    /** An address that anyone can read the file from for so long. */
    link: (key: string, seconds: number) => signed('get', key, seconds),

    /** An address that anyone can put the file to for so long. */
    uploadLink: (key: string, seconds: number) => signed('put', key, seconds),

    /** The bytes of a file from an offset on, as long as it is the one with this etag. */
    open: async function* (key: string, from: number, etag: string): AsyncIterable<Uint8Array> {
      reader ??= connectReader(bucket)
      yield* await (await reader)(key, from, etag)
    },

    /** All bytes of a file. */
    get: async (key: string): Promise<Uint8Array> => {
      reader ??= connectReader(bucket)
      const chunks = await (await reader)(key)
      return Buffer.concat(await Array.fromAsync(chunks))
    },

    /** Where query engines find the file. */
    addressOf: (key: string) => `s3://${bucket}/${key}`,

    put: async (key: string, body: Uint8Array, contentType: string): Promise<void> => {
      connection ??= connect(bucket)
      await (await connection)(key, body, contentType)
    },
  }
}
