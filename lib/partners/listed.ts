import type { Page, PageQuery } from '../core/page.ts'
import type { Partner } from './partner.ts'

/** What metrics group partners by. */
export type Listed = Pick<Partner, 'id' | 'type' | 'tier' | 'region'>

export type Partners = { list: (query: PageQuery) => Promise<Page<Listed>> }

/** All partners by id, as they are today. */
export const listedPartners = async (partners: Partners): Promise<Map<string, Listed>> => {
  const found = new Map<string, Listed>()
  let cursor: string | undefined
  do {
    const page = await partners.list({ limit: 100, cursor })
    for (const partner of page.items) found.set(partner.id, partner)
    cursor = page.cursor
  } while (cursor)
  return found
}
