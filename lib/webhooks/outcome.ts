const SECOND_MS = 1000
const MOST_ASKED_FOR_MS = 3_600_000

/** How a call ended. */
export type Outcome = { delivered: true } | { delivered: false; reason: string; status?: number; retryAfterMs?: number }

const GONE = 410
export const isGone = (outcome: Outcome) => !outcome.delivered && outcome.status === GONE

/** `Retry-After`, in seconds or as a date, as RFC 9110 has it; at most an hour. Undefined where it says neither. */
const askedFor = (text: string | undefined, now: string): number | undefined => {
  if (text === undefined) return undefined
  const wait = /^\d+$/.test(text) ? Number(text) * SECOND_MS : Date.parse(text) - Date.parse(now)
  return Number.isNaN(wait) ? undefined : Math.min(MOST_ASKED_FOR_MS, Math.max(0, wait))
}

const reasonOf = (status: number) => {
  if (status === GONE) return 'it answered 410: it wants no more'
  if (status >= 300 && status < 400) return `it answered ${status}: redirects are not followed, set the final address`
  return `it answered ${status}`
}

export const outcomeOf = ({ status, retryAfter }: { status: number; retryAfter?: string }, now: string): Outcome => {
  if (status >= 200 && status < 300) return { delivered: true }
  const retryAfterMs = askedFor(retryAfter, now)
  return { delivered: false, reason: reasonOf(status), status, ...(retryAfterMs !== undefined && { retryAfterMs }) }
}

const WORDS: Record<string, string> = {
  NOT_PUBLIC: 'its host has an address that is not public',
  NOT_HTTPS: 'only https is called',
  ENOTFOUND: 'there is no host of its name',
  ABORT_ERR: 'it gave no answer within ten seconds',
  TimeoutError: 'it gave no answer within ten seconds',
  ECONNREFUSED: 'it takes no connections',
}

/** What may be told of a call without an answer: messages of errors name addresses. */
export const withoutAnswer = (error: unknown): Outcome => {
  const { code, name } = Object(error) as { code?: unknown; name?: unknown }
  const word = [code, name].map(String).find((each) => each in WORDS)
  return { delivered: false, reason: word ? String(WORDS[word]) : `it gave no answer (${String(code ?? name)})` }
}
