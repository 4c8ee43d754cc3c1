import * as z from 'zod'
import type { World } from '../stand-in.ts'
import { apiError, type Operation } from './endpoint.ts'
import { arn, seconds } from './events.ts'
import { OFFERS, type Offer, offerDocument, offerSummary } from './offer.ts'
import { byKey, pageOf } from './paging.ts'
import { invalidRequest, read } from './request.ts'

const ValueList = z.array(z.string().min(1)).min(1).max(10)
const Values = z.strictObject({ ValueList })
const WildCard = z.strictObject({ WildCardValue: z.string().min(1) })
const Range = z.strictObject({
  DateRange: z.strictObject({ AfterValue: z.string().optional(), BeforeValue: z.string().optional() }),
})

const OfferFilters = z.strictObject({
  EntityId: Values.optional(),
  Name: z.union([Values, WildCard]).optional(),
  ProductId: Values.optional(),
  ReleaseDate: Range.optional(),
  AvailabilityEndDate: Range.optional(),
  LastModifiedDate: Range.optional(),
  BuyerAccounts: WildCard.optional(),
  State: z
    .strictObject({
      ValueList: z
        .array(z.enum(['Draft', 'Released']))
        .min(1)
        .max(10),
    })
    .optional(),
  Targeting: Values.optional(),
})
type OfferFilters = z.infer<typeof OfferFilters>

const ORDER = { SortBy: 'LastModifiedDate', SortOrder: 'DESCENDING' } as const
const OfferSort = z.strictObject({
  SortBy: z
    .enum([
      'EntityId',
      'Name',
      'ProductId',
      'ReleaseDate',
      'AvailabilityEndDate',
      'BuyerAccounts',
      'State',
      'Targeting',
      'LastModifiedDate',
    ])
    .default(ORDER.SortBy),
  SortOrder: z.enum(['ASCENDING', 'DESCENDING']).default(ORDER.SortOrder),
})

const Request = z.object({
  Catalog: z.literal('AWSMarketplace'),
  EntityType: z.string().min(1),
  EntityTypeFilters: z.strictObject({ OfferFilters: OfferFilters.optional() }).optional(),
  EntityTypeSort: z.strictObject({ OfferSort: OfferSort.optional() }).optional(),
  MaxResults: z.int().min(1).max(50).default(20),
  NextToken: z.string().optional(),
})

const rowOf = (offer: Offer) => ({
  Name: offer.name,
  EntityType: 'Offer',
  EntityId: offer.id,
  EntityArn: arn('Offer', offer.id),
  LastModifiedDate: seconds(offer.lastModifiedDate),
  OfferSummary: offerSummary(offer),
})
type Row = ReturnType<typeof rowOf>

type Filter = { ValueList: string[] } | { WildCardValue: string } | z.infer<typeof Range>

const fits = (filter: Filter, value: string | string[] | undefined): boolean => {
  const values = [value ?? []].flat()
  if ('ValueList' in filter) return values.some((each) => filter.ValueList.includes(each))
  if ('WildCardValue' in filter) return values.some((each) => each.toLowerCase().includes(filter.WildCardValue.toLowerCase()))
  const { AfterValue = '', BeforeValue = '\uffff' } = filter.DateRange
  return values.some((each) => each >= AfterValue && each <= BeforeValue)
}

const fieldOf = (row: Row, name: keyof OfferFilters) =>
  name === 'EntityId' || name === 'LastModifiedDate' ? row[name] : row.OfferSummary[name]

const matches = (row: Row, filters: OfferFilters) => {
  const names = Object.keys(filters) as (keyof OfferFilters)[]
  return names.every((name) => {
    const filter = filters[name]
    return !filter || fits(filter, fieldOf(row, name))
  })
}

const checkCount = (filters: OfferFilters) => {
  const all = Object.values(filters)
  if (all.length > 8) throw invalidRequest('give up to 8 filters')
  if (all.filter((filter) => filter && 'WildCardValue' in filter).length > 1) throw invalidRequest('give up to one wildcard')
}

/** ListEntities for offers; the stand-in lists nothing else. */
export const listEntities = async (world: World, input: unknown) => {
  const request = read(Request, input)
  if (request.EntityType !== 'Offer')
    throw apiError('ResourceNotSupportedException', `entities of type ${request.EntityType} are not listed`)
  const filters = request.EntityTypeFilters?.OfferFilters ?? {}
  checkCount(filters)
  const { SortBy, SortOrder } = request.EntityTypeSort?.OfferSort ?? ORDER
  const rows = (await world.shelf.list<Offer>(OFFERS))
    .map(rowOf)
    .filter((row) => matches(row, filters))
    .toSorted(byKey((row) => [fieldOf(row, SortBy)].flat().join(), SortOrder === 'DESCENDING'))
  const page = pageOf(rows, request.MaxResults, request.NextToken)
  if (!page) throw invalidRequest('NextToken is none of ours: start from the first page')
  return { EntitySummaryList: page.items, NextToken: page.next }
}

/** DescribeEntity for an offer, with or without a revision in its id. */
export const describeEntity: Operation = async (world, input) => {
  const { entityId } = read(z.object({ catalog: z.literal('AWSMarketplace'), entityId: z.string().min(1) }), input)
  const offer = await world.shelf.get<Offer>(OFFERS, entityId.replace(/@\d+$/, ''))
  if (!offer) throw apiError('ResourceNotFoundException', `${entityId} does not exist`)
  const document = offerDocument(offer)
  return {
    EntityType: 'Offer@1.0',
    EntityIdentifier: `${offer.id}@${offer.revision}`,
    EntityArn: arn('Offer', offer.id),
    LastModifiedDate: seconds(offer.lastModifiedDate),
    Details: JSON.stringify(document),
    DetailsDocument: document,
  }
}
