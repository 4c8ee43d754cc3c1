import type { Attachment } from './fact.ts'

/** Days on which a partner is attached in a role; `stop` is exclusive. */
export type Span = { partnerId: string; role: Attachment['role']; start: number; stop: number }

/** Who may get credit on a day: at most one partner sources, the others influence. */
export type Credit = { sourcing: string | undefined; influencing: string[] }

const NOBODY: Credit = { sourcing: undefined, influencing: [] }

/** The first detach after the day of the attach ends it; attaches that end together are one span. */
export const spansOf = (facts: Attachment[]): Span[] => {
  const spans = new Map<string, Span>()
  const detaches = facts.filter(({ type }) => type === 'detached')
  for (const { type, partnerId, role, day } of facts) {
    if (type !== 'attached') continue
    const later = detaches.filter((detach) => detach.partnerId === partnerId && detach.role === role && detach.day > day)
    const stop = Math.min(...later.map((detach) => detach.day))
    const key = `${partnerId} ${role} ${stop}`
    const start = Math.min(day, spans.get(key)?.start ?? day)
    spans.set(key, { partnerId, role, start, stop })
  }
  return [...spans.values()]
}

const inForce = (spans: Span[], day: number) => spans.filter(({ start, stop }) => start <= day && day < stop)

/** The partners attached on the day, in any role, each once. */
export const attachedOn = (spans: Span[], day: number): string[] => [
  ...new Set(inForce(spans, day).map(({ partnerId }) => partnerId)),
]

const precedes = (a: Span, b: Span) => a.start < b.start || (a.start === b.start && a.partnerId < b.partnerId)

/** The sourcing partner is the one attached as sourced for the longest; the rest is in the order of the partner ids. */
export const creditOn = (spans: Span[], day: number): Credit => {
  const crediting = inForce(spans, day).filter(({ role }) => role !== 'managed')
  if (crediting.length === 0) return NOBODY
  const sourcing = crediting
    .filter(({ role }) => role === 'sourced')
    .reduce<Span | undefined>((first, span) => (first && precedes(first, span) ? first : span), undefined)?.partnerId
  const influencing = new Set(crediting.map(({ partnerId }) => partnerId).filter((partnerId) => partnerId !== sourcing))
  return { sourcing, influencing: [...influencing].sort() }
}
