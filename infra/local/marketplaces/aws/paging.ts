type Page<T> = { items: T[]; next?: string }

const textOf = (offset: number) => Buffer.from(`after:${offset}`).toString('base64url')

const offsetOf = (token: string) => {
  const [, digits] = /^after:(\d+)$/.exec(Buffer.from(token, 'base64url').toString()) ?? []
  return digits === undefined ? undefined : Number(digits)
}

/** A page of a sorted list; undefined when the token is none of ours. */
export const pageOf = <T>(all: T[], size: number, token: string | undefined): Page<T> | undefined => {
  const from = token === undefined ? 0 : offsetOf(token)
  if (from === undefined) return undefined
  const until = from + size
  return { items: all.slice(from, until), ...(until < all.length && { next: textOf(until) }) }
}

/** Compares texts and numbers; what is absent comes first. */
export const byKey =
  <T>(key: (item: T) => string | number | undefined, descending: boolean) =>
  (a: T, b: T) => {
    const [left, right] = [key(a) ?? '', key(b) ?? '']
    return (left === right ? 0 : left < right ? -1 : 1) * (descending ? -1 : 1)
  }
