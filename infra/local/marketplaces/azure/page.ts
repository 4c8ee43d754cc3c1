/** A page of what comes after the token, in the order of creation; `continuationToken` is absent on the last page. */
export const pageAfter = <T>(all: T[], positionOf: (item: T) => string, token: string | null, size: number) => {
  const after = Buffer.from(token ?? '', 'base64url').toString()
  const left = all.filter((item) => positionOf(item) > after).toSorted((a, b) => (positionOf(a) < positionOf(b) ? -1 : 1))
  const rows = left.slice(0, size)
  const last = rows.at(-1)
  const more = last !== undefined && left.length > rows.length
  return { rows, ...(more && { continuationToken: Buffer.from(positionOf(last)).toString('base64url') }) }
}
