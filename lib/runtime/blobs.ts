import { createHash } from 'node:crypto'

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

/** A bucket that files are written into; a file appears whole or not at all. */
export const openBlobs = (bucket: string) => {
  let connection: ReturnType<typeof connect> | undefined
  return {
    put: async (key: string, body: Uint8Array, contentType: string): Promise<void> => {
      connection ??= connect(bucket)
      await (await connection)(key, body, contentType)
    },
  }
}
