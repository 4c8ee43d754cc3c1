import * as z from './schema.ts'

/** Query parameters of every list. `cursor` is opaque: take it from the page before. */
export const PageQuery = z.strictObject({
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(100)), 50),
  cursor: z.optional(z.string().check(z.maxLength(2000))),
})
export type PageQuery = z.infer<typeof PageQuery>

/** A page of a list; `cursor` is absent on the last page. */
export const pageOf = <T extends z.ZodMiniType>(item: T) => z.object({ items: z.array(item), cursor: z.optional(z.string()) })
export type Page<T> = { items: T[]; cursor?: string }
