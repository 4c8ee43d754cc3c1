import type * as z from './schema.ts'

// What is wrong with a field and what to do about it, for people who know the field and not our schemas.

type Issue = z.core.$ZodRawIssue

const TYPES: Record<string, string> = {
  string: 'text in quotes',
  number: 'a number without quotes',
  int: 'a whole number without quotes',
  boolean: 'true or false',
  array: 'a list in [ ]',
  object: 'an object in { }',
  record: 'an object in { }',
}

const FORMATS: Record<string, string> = {
  email: 'an e-mail address',
  url: 'an address like https://example.com/terms.pdf',
  guid: 'a guid like 8d3f1c7e-5a56-4a7e-9a51-6c0f4a5f0d11',
  datetime: 'an instant in UTC like 2026-10-31T12:00:00Z',
}

const UNITS: Record<string, [one: string, many: string]> = { string: ['character', 'characters'], array: ['item', 'items'] }

const amountOf = (origin: string, limit: number | bigint) => {
  const units = UNITS[origin]
  return units ? `${limit} ${limit === 1 ? units[0] : units[1]}` : String(limit)
}

const listed = (values: readonly unknown[]) => values.map(String).join(', ')

const ofType = ({ expected, input }: { expected: string; input?: unknown }) => {
  const wanted = TYPES[expected] ?? expected
  return input === undefined ? `is missing: give ${wanted}` : `must be ${wanted}`
}

type Wrong = { code?: string | undefined; input?: unknown }

/** What to say of a value of the wrong type, or of none, where it can be said better than by the type. */
export const wanting =
  (what: string) =>
  ({ code, input }: Wrong): string | undefined => {
    if (code !== 'invalid_type') return undefined
    return input === undefined ? `is missing: give ${what}` : `must be ${what}`
  }

/** Plain words for what a schema found; undefined leaves it to the schema. */
export const wordsOf = (issue: Issue): string | undefined => {
  switch (issue.code) {
    case 'invalid_type':
      return ofType(issue)
    case 'invalid_value':
      return issue.values.length === 1 ? `must be ${listed(issue.values)}` : `must be one of ${listed(issue.values)}`
    case 'invalid_union':
      return Array.isArray(issue.options) ? `must be one of ${listed(issue.options)}` : 'is none of what may stand here'
    case 'too_small':
      if (issue.origin in UNITS && Number(issue.minimum) === 1)
        return issue.origin === 'array' ? 'must not be empty: give at least one' : 'must not be empty'
      return `must be at least ${amountOf(issue.origin, issue.minimum)}`
    case 'too_big':
      return `must be at most ${amountOf(issue.origin, issue.maximum)}`
    case 'invalid_format':
      return `must be ${FORMATS[issue.format] ?? `like ${issue.format}`}`
    case 'unrecognized_keys':
      return `has unknown fields: ${listed(issue.keys)}`
    default:
      return undefined
  }
}
