import { invalid } from '../core/errors.ts'
import type * as z from '../core/schema.ts'

/** A queue's message as the bus wraps it: `detail` is the event. What is malformed is refused with the fields that are wrong. */
export const detailOf = <S extends z.ZodMiniType>(schema: S, body: string): z.output<S> => {
  const parsed = schema.safeParse(bodyOf(body)['detail'])
  if (parsed.success) return parsed.data
  throw invalid(
    'the message is not one that Cosell knows',
    parsed.error.issues.map(({ path, message }) => ({ target: ['detail', ...path].join('.'), message })),
  )
}

export const bodyOf = (body: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {}
  throw invalid('the message is no JSON object', [{ target: 'body', message: 'must be a JSON object' }])
}
