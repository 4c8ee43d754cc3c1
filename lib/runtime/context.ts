import { randomBytes } from 'node:crypto'
import type { Cause, Context, Receipt } from '../core/context.ts'
import { clock } from './clock.ts'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

const encode = (value: bigint, length: number) =>
  Array.from({ length }, (_, i) => ALPHABET[Number((value >> BigInt(5 * (length - 1 - i))) & 31n)]).join('')

/** A prefixed id that sorts by the time it was made: `off_01k8…`. */
const newId = (prefix: string, now: Date) =>
  `${prefix}_${encode(BigInt(now.getTime()), 10)}${encode(BigInt(`0x${randomBytes(10).toString('hex')}`), 16)}`

/** The context of one request or message. */
export const newContext = (cause?: Cause, receipt?: Receipt): Context => {
  const now = clock.now()
  return { now: now.toISOString(), newId: (prefix) => newId(prefix, now), ...(receipt && { receipt }), ...(cause && { cause }) }
}
