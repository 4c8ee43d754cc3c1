import type { Contract } from '../core/contract.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import { Export, FileLink, NewExport } from './export.ts'

export const contract = {
  requestExport: {
    method: 'POST',
    path: '/exports',
    scope: 'exports.write',
    status: 202,
    summary:
      'Ask for the files of a month: metrics, transactions, partners and the dictionary of their columns, as CSV, Parquet or both, with a manifest',
    body: NewExport,
    result: Export,
  },
  getExport: {
    method: 'GET',
    path: '/exports/{exportId}',
    scope: 'exports.read',
    status: 200,
    summary: 'Read one export: whether it is done, and where its files are',
    result: Export,
  },
  getFile: {
    method: 'GET',
    path: '/exports/{exportId}/files/{fileName}',
    scope: 'exports.read',
    status: 200,
    summary: 'Get an address, good for a quarter of an hour, from which a file of an export can be downloaded',
    result: FileLink,
  },
  listExports: {
    method: 'GET',
    path: '/exports',
    scope: 'exports.read',
    status: 200,
    summary: 'List exports, the newest first',
    query: PageQuery,
    result: pageOf(Export),
  },
} as const satisfies Contract
