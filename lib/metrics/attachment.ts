import type { Attachment, Untold } from './fact.ts'

/** Days on which a partner is attached in a role; `stop` is exclusive. */
export type Span = { partnerId: string; role: Attachment['role']; start: number; stop: number }

/** Who may get credit on a day: at most one partner sources, the others influence. */
export type Credit = { sourcing: string | undefined; influencing: string[] }

export type Change = Untold<Attachment>

/** The first detach after the day of an attach ends it. */
const stopOf = ({ partnerId, role, day }: Change, changes: readonly Change[]): number => {
  let stop = Infinity
  for (const change of changes) {
    const ends = change.type === 'detached' && change.partnerId === partnerId && change.role === role && change.day > day
    if (ends && change.day < stop) stop = change.day
  }
  return stop
}

/** The attaches with their ends. */
export const spansOf = (changes: readonly Change[]): Span[] => {
  const spans: Span[] = []
  for (const change of changes) {
    const { type, partnerId, role, day } = change
    if (type === 'attached') spans.push({ partnerId, role, start: day, stop: stopOf(change, changes) })
  }
  return spans
}

const covers = ({ start, stop }: Span, day: number) => start <= day && day < stop

/** The partners attached on the day, in any role, each once. */
export const attachedOn = (spans: readonly Span[], day: number): string[] => {
  const partnerIds: string[] = []
  for (const span of spans) if (covers(span, day) && !partnerIds.includes(span.partnerId)) partnerIds.push(span.partnerId)
  return partnerIds
}

const precedes = (a: Span, b: Span) => a.start < b.start || (a.start === b.start && a.partnerId < b.partnerId)

/** The partner attached as sourced for the longest; at the same time the smaller id. */
const sourcingOn = (spans: readonly Span[], day: number): string | undefined => {
  let first: Span | undefined
  for (const span of spans) {
    if (span.role === 'sourced' && covers(span, day) && (!first || precedes(span, first))) first = span
  }
  return first?.partnerId
}

/** Who gets credit for what happens on the day; those who influence are in the order of their ids. */
export const creditOn = (spans: readonly Span[], day: number): Credit => {
  const sourcing = sourcingOn(spans, day)
  const influencing: string[] = []
  for (const span of spans) {
    const { partnerId, role } = span
    if (role === 'managed' || partnerId === sourcing || !covers(span, day)) continue
    if (!influencing.includes(partnerId)) influencing.push(partnerId)
  }
  return { sourcing, influencing: influencing.sort() }
}
