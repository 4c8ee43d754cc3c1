import { gunzipSync, gzipSync } from 'node:zlib'

/** Values as compressed JSON, one a line. The same values give the same bytes. */
export const pack = (values: readonly unknown[]): Uint8Array =>
  gzipSync(values.map((value) => `${JSON.stringify(value)}\n`).join(''))

/** The values that were packed. */
export const unpack = <Value>(body: Uint8Array): Value[] =>
  gunzipSync(body)
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Value)
