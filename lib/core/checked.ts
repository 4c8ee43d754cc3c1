import { type Detail, invalid } from './errors.ts'
import type * as z from './schema.ts'

const detailsOf = (error: z.core.$ZodError): Detail[] => {
  const all = error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          target: [...issue.path, key].join('.'),
          message: 'is not a field of this request: remove it or correct its name',
        }))
      : [{ target: issue.path.join('.') || 'body', message: issue.message }],
  )
  // What is not even a date is not told as well that its day does not exist.
  return all.filter(({ target }, at) => all.findIndex((each) => each.target === target) === at)
}

/** The value by its schema; throws `invalid_request` with every field that is wrong. */
export const checked = <S extends z.ZodMiniType>(schema: S, value: unknown): z.output<S> => {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw invalid('the request has fields that are wrong or missing', detailsOf(parsed.error))
  return parsed.data
}
