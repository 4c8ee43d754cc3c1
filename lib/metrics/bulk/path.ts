import { DATA, ENVELOPE, type Field, TYPES, VALUE } from './layout.ts'
import { type Literal, literal } from './literal.ts'
import { SORTS } from './record.ts'

/**
 * A step through the bytes of a line: a literal, then a value. Literals reach from one value to the next, so that there are few
 * of them. `place` is where the value goes, for a type the sort; `next` are the steps that may follow, the first that fits is taken.
 */
export type Step = { literal: Literal; value: number; place: number; words: Literal[]; next: Step[] }

/** The steps that may follow where `open` is what has still to be closed: a quote, braces. */
type Behind = (open: string, sort: number) => Step[]

/** The same steps each time, so that paths meet again. */
const once = (make: Behind): Behind => {
  const known = new Map<string, Step[]>()
  return (open, sort) => {
    const key = `${open}${sort}`
    const steps = known.get(key) ?? make(open, sort)
    known.set(key, steps)
    return steps
  }
}

const steps = ([field, ...rest]: Field[], open: string, sort: number, behind: Behind): Step[] => {
  if (!field) return behind(`${open}}`, sort)
  const others = once((open, sort) => steps(rest, open, sort, behind))
  const first = stepsInto(field, `${open},`, sort, others)
  return field.optional ? [...first, ...others(open, sort)] : first
}

const inside = (fields: Field[], text: string, sort: number, behind: Behind): Step[] => {
  const [first, ...rest] = fields
  if (!first) return []
  return stepsInto(
    first,
    `${text}{`,
    sort,
    once((open, sort) => steps(rest, open, sort, behind)),
  )
}

const stepsInto = ({ key, value, place, words, fields }: Field, before: string, sort: number, behind: Behind): Step[] => {
  const text = `${before}${key}`
  switch (value) {
    case VALUE.object:
      return inside(fields, text, sort, behind)
    case VALUE.data:
      return inside(DATA[SORTS[sort] ?? 'cost'], text, sort, behind)
    case VALUE.type:
      return SORTS.map((name, sort) => ({
        literal: literal(text + TYPES[name]),
        value,
        place: sort,
        words,
        next: behind('"', sort),
      }))
    default:
      return [{ literal: literal(text), value, place, words, next: behind(value === VALUE.amount ? '' : '"', sort) }]
  }
}

const END = ['\n', '\r\n']
const ends: Behind = (open) =>
  END.map((end) => ({ literal: literal(open + end), value: VALUE.end, place: 0, words: [], next: [] }))

/** The way through a line as Cosell writes it. */
export const PATH: Step[] = inside(ENVELOPE, '', 0, ends)
