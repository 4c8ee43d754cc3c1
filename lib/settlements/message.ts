import { invalid } from '../core/errors.ts'
import * as z from '../core/schema.ts'

/** What the queue of settlements tells. */
export type Message =
  | { kind: 'uploaded'; settlementId: string; etag: string }
  | { kind: 'continued'; settlementId: string; run: number }

const Uploaded = z.object({
  Records: z.array(z.object({ s3: z.object({ object: z.object({ key: z.string(), eTag: z.string() }) }) })),
})
const Continued = z.object({ detail: z.object({ data: z.object({ settlementId: z.string(), run: z.int() }) }) })
/** S3 sends one when its notifications are set up. */
const Test = z.object({ Event: z.literal('s3:TestEvent') })

const UPLOAD = /^uploads\/([A-Za-z0-9_]+)$/

// Keys of objects come encoded like the fields of a form.
const uploadOf = (key: string, etag: string): Message[] => {
  const [, settlementId] = UPLOAD.exec(decodeURIComponent(key.replaceAll('+', ' '))) ?? []
  return settlementId ? [{ kind: 'uploaded', settlementId, etag: etag.replaceAll('"', '') }] : []
}

/** Reads S3's notification of an upload, or the event that a reading goes on, as the bus wraps it. */
export const messagesIn = (body: Record<string, unknown>): Message[] => {
  const uploaded = Uploaded.safeParse(body)
  if (uploaded.success) return uploaded.data.Records.flatMap(({ s3 }) => uploadOf(s3.object.key, s3.object.eTag))
  const continued = Continued.safeParse(body)
  if (continued.success) return [{ kind: 'continued', ...continued.data.detail.data }]
  if (Test.safeParse(body).success) return []
  throw invalid('the message tells of no upload and of no settlement', [
    { target: 'body', message: "must be S3's notification or settlement.continued.v1" },
  ])
}
