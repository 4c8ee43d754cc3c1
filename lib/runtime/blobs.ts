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

/** Signs addresses; loaded when somebody wants to download. */
const connectSigner = async (bucket: string) => {
  const [{ GetObjectCommand, S3Client }, { getSignedUrl }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('@aws-sdk/s3-request-presigner'),
  ])
  const client = new S3Client({})
  return (key: string, seconds: number) =>
    getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: key }), { expiresIn: seconds })
}

/** A bucket that files are written into and downloaded from; a file appears whole or not at all. */
export const openBlobs = (bucket: string) => {
  let connection: ReturnType<typeof connect> | undefined
  let signer: ReturnType<typeof connectSigner> | undefined
  return {
    /** An address that anyone can read the file from for so long. */
    link: async (key: string, seconds: number): Promise<string> => {
      signer ??= connectSigner(bucket)
      return (await signer)(key, seconds)
    },

    put: async (key: string, body: Uint8Array, contentType: string): Promise<void> => {
      connection ??= connect(bucket)
      await (await connection)(key, body, contentType)
    },
  }
}
