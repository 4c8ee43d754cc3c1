import type { Contract } from '../core/contract.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import { Instant } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { NewSettlement, Settlement } from './settlement.ts'

const Upload = z.object({ ...Settlement.shape, upload: z.object({ url: z.url(), expiresAt: Instant }) })
const Address = z.object({ name: z.string(), url: z.url(), expiresAt: Instant })

export const contract = {
  requestSettlement: {
    method: 'POST',
    path: '/settlements',
    scope: 'settlements.write',
    status: 201,
    summary: "Import a marketplace's file about money: PUT it to the address in the answer, and it is read",
    body: NewSettlement,
    result: Upload,
  },
  getSettlement: {
    method: 'GET',
    path: '/settlements/{settlementId}',
    scope: 'settlements.read',
    status: 200,
    summary: 'Read one import: how far it is, and what became of the rows',
    result: Settlement,
  },
  repeatSettlement: {
    method: 'POST',
    path: '/settlements/{settlementId}/repeat',
    scope: 'settlements.write',
    status: 202,
    summary: 'Read the file again: what was unmatched is recorded if its agreement is known by now, the rest stays as it is',
    result: Settlement,
  },
  getSettlementFile: {
    method: 'GET',
    path: '/settlements/{settlementId}/files/{fileName}',
    scope: 'settlements.read',
    status: 200,
    summary: 'Get an address, good for a quarter of an hour, of a file of rejected rows',
    result: Address,
  },
  listSettlements: {
    method: 'GET',
    path: '/settlements',
    scope: 'settlements.read',
    status: 200,
    summary: 'List imports, the newest first',
    query: PageQuery,
    result: pageOf(Settlement),
  },
} as const satisfies Contract
