import type { Pattern } from '../service-types.ts'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const meets = (condition: unknown, value: unknown): boolean => {
  if (!isObject(condition)) return condition === value
  if ('exists' in condition) return condition['exists'] === (value !== undefined)
  if ('prefix' in condition) return typeof value === 'string' && value.startsWith(String(condition['prefix']))
  throw new Error(`the twin does not know the pattern ${JSON.stringify(condition)}`)
}

/** Whether an event matches a pattern of EventBridge: every leaf of the pattern is a list of alternatives. */
export const matches = (pattern: Pattern, event: unknown): boolean =>
  Object.entries(pattern).every(([name, wanted]) => {
    const value = isObject(event) ? event[name] : undefined
    if (!Array.isArray(wanted)) return isObject(wanted) && matches(wanted, value)
    const values = Array.isArray(value) ? value : [value]
    return wanted.some((condition) => values.some((each) => meets(condition, each)))
  })
