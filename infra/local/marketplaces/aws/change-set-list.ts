import * as z from 'zod'
import { changeSetSummary } from './change-set.ts'
import { allChangeSets } from './change-sets.ts'
import type { Operation } from './endpoint.ts'
import { byKey, pageOf } from './paging.ts'
import { invalidRequest, read } from './request.ts'

const FILTERS = {
  ChangeSetName: (row, values) => values.includes(row.ChangeSetName),
  Status: (row, values) => values.includes(row.Status),
  EntityId: (row, values) => row.EntityIdList.some((id) => values.includes(id)),
  BeforeStartTime: (row, [value = '']) => row.StartTime < value,
  AfterStartTime: (row, [value = '']) => row.StartTime > value,
  BeforeEndTime: (row, [value = '']) => row.EndTime !== undefined && row.EndTime < value,
  AfterEndTime: (row, [value = '']) => row.EndTime !== undefined && row.EndTime > value,
} satisfies Record<string, (row: ReturnType<typeof changeSetSummary>, values: string[]) => boolean>

const ListRequest = z.object({
  Catalog: z.literal('AWSMarketplace'),
  FilterList: z
    .array(
      z.object({
        Name: z.literal(Object.keys(FILTERS) as (keyof typeof FILTERS)[]),
        ValueList: z.array(z.string()).min(1).max(10),
      }),
    )
    .max(8)
    .default([]),
  Sort: z
    .object({
      SortBy: z.enum(['StartTime', 'EndTime']).default('StartTime'),
      SortOrder: z.enum(['ASCENDING', 'DESCENDING']).default('DESCENDING'),
    })
    .default({ SortBy: 'StartTime', SortOrder: 'DESCENDING' }),
  MaxResults: z.int().min(1).max(20).default(20),
  NextToken: z.string().optional(),
})

/** ListChangeSets: the open ones and those that ended in the last 90 days. */
export const listChangeSets: Operation = async (world, input) => {
  const { FilterList, Sort, MaxResults, NextToken } = read(ListRequest, input)
  const now = world.now().toISOString()
  const rows = (await allChangeSets(world))
    .map((each) => changeSetSummary(each, now))
    .filter((row) => FilterList.every(({ Name, ValueList }) => FILTERS[Name](row, ValueList)))
    .toSorted(byKey((row) => row[Sort.SortBy], Sort.SortOrder === 'DESCENDING'))
  const page = pageOf(rows, MaxResults, NextToken)
  if (!page) throw invalidRequest('NextToken is none of ours: start from the first page')
  return { ChangeSetSummaryList: page.items, NextToken: page.next }
}
