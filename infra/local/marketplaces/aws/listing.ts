import * as z from 'zod'
import { byKey, pageOf } from './paging.ts'
import { invalidRequest, read } from './request.ts'

const list = <V extends z.ZodType>(value: V) => z.strictObject({ ValueList: z.array(value).min(1).max(10) })
export const Values = list(z.string().min(1))
export const oneOf = (...values: string[]) => list(z.enum(values))
export const WildCard = z.strictObject({ WildCardValue: z.string().min(1) })
export const Text = z.union([Values, WildCard])
export const Range = z.strictObject({
  DateRange: z.strictObject({ AfterValue: z.string().optional(), BeforeValue: z.string().optional() }),
})

type Filter = { ValueList: string[] } | { WildCardValue: string } | z.infer<typeof Range>
type Row = { EntityId: string; LastModifiedDate: string } & Record<string, unknown>

/** What can be listed of a type of entity: `filters` by the name of their field, and where the fields of a row are. */
export type Listing = { filters: Record<string, z.ZodType>; sorts: string[]; summary: string }

const fits = (filter: Filter, value: string | string[] | undefined): boolean => {
  const values = [value ?? []].flat()
  if ('ValueList' in filter) return values.some((each) => filter.ValueList.includes(each))
  if ('WildCardValue' in filter) return values.some((each) => each.toLowerCase().includes(filter.WildCardValue.toLowerCase()))
  const { AfterValue = '', BeforeValue = '\uffff' } = filter.DateRange
  return values.some((each) => each >= AfterValue && each <= BeforeValue)
}

const checkCount = (filters: Filter[]) => {
  if (filters.length > 8) throw invalidRequest('give up to 8 filters')
  if (filters.filter((filter) => 'WildCardValue' in filter).length > 1) throw invalidRequest('give up to one wildcard')
}

const ORDER = { SortBy: 'LastModifiedDate', SortOrder: 'DESCENDING' } as const

const requestFor = (type: string, { filters, sorts }: Listing) => {
  const optional = Object.fromEntries(Object.entries(filters).map(([name, filter]) => [name, filter.optional()]))
  const sort = z.strictObject({
    SortBy: z.enum(sorts).default(ORDER.SortBy),
    SortOrder: z.enum(['ASCENDING', 'DESCENDING']).default(ORDER.SortOrder),
  })
  return z.object({
    Catalog: z.literal('AWSMarketplace'),
    EntityTypeFilters: z.strictObject({ [`${type}Filters`]: z.strictObject(optional).optional() }).optional(),
    EntityTypeSort: z.strictObject({ [`${type}Sort`]: sort.optional() }).optional(),
    MaxResults: z.int().min(1).max(50).default(20),
    NextToken: z.string().optional(),
  })
}

/** A page of the rows that a ListEntities request asks for. */
export const listed = (type: string, listing: Listing, rows: Row[], input: unknown) => {
  const request = read(requestFor(type, listing), input)
  const filters = Object.entries((request.EntityTypeFilters?.[`${type}Filters`] ?? {}) as Record<string, Filter>)
  checkCount(filters.map(([, filter]) => filter))
  const fieldOf = (row: Row, name: string) =>
    ({ ...(row[listing.summary] as object), EntityId: row.EntityId, LastModifiedDate: row.LastModifiedDate })[name] as
      | string
      | string[]
      | undefined
  const { SortBy, SortOrder } = request.EntityTypeSort?.[`${type}Sort`] ?? ORDER
  const found = rows
    .filter((row) => filters.every(([name, filter]) => fits(filter, fieldOf(row, name))))
    .toSorted(byKey((row) => [fieldOf(row, SortBy)].flat().join(), SortOrder === 'DESCENDING'))
  const page = pageOf(found, request.MaxResults, request.NextToken)
  if (!page) throw invalidRequest('NextToken is none of ours: start from the first page')
  return { EntitySummaryList: page.items, NextToken: page.next }
}
