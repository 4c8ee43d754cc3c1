const ROW_NAMES = ['month', 'from', 'to', 'cohort', 'partnerId', 'window']

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Rows go by what they are about, so that a row more or less moves no other. */
const rowName = (row: unknown, index: number) => {
  const known = isObject(row) ? Object.entries(row).filter(([key]) => ROW_NAMES.includes(key)) : []
  return known.length > 0 ? known.map(([, value]) => value).join(' ') : String(index)
}

const membersOf = (value: unknown): Map<string, unknown> | undefined => {
  if (Array.isArray(value)) return new Map(value.map((row, index) => [`[${rowName(row, index)}]`, row]))
  return isObject(value) ? new Map(Object.entries(value).map(([key, member]) => [`.${key}`, member])) : undefined
}

const text = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value))

/** The cells in which two documents differ, as `path: one / other`. */
export const differences = function* (one: unknown, other: unknown, path = ''): Generator<string> {
  const [left, right] = [membersOf(one), membersOf(other)]
  if (left && right) {
    for (const key of new Set([...left.keys(), ...right.keys()])) {
      yield* differences(left.get(key), right.get(key), `${path}${key}`)
    }
  } else if (text(one) !== text(other)) {
    yield `${path.slice(1)}: ${text(one)} / ${text(other)}`
  }
}
