import * as z from 'zod'

/** Query parameters of every list. `cursor` is opaque: take it from the page before. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(2000).optional(),
})
export type PageQuery = z.infer<typeof PageQuery>

/** A page of a list; `cursor` is absent on the last page. */
export const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), cursor: z.string().optional() })
export type Page<T> = { items: T[]; cursor?: string }
