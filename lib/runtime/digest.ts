import { createHash } from 'node:crypto'

/** A value without the order in which its fields happen to stand: what was read from a table or a network has another one. */
const inOrder = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value

/** SHA-256 of a text, in base64. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64')

/** SHA-256 of a JSON value, in hexadecimal; equal values have equal digests. */
export const digestOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value, inOrder)).digest('hex')
