import type { Contract } from '../core/contract.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import { NewRepair, NewVerification, Verification } from './verification.ts'

export const contract = {
  requestVerification: {
    method: 'POST',
    path: '/verifications',
    scope: 'verifications.write',
    status: 202,
    summary: 'Ask whether the metrics that are served are what the events come to',
    body: NewVerification,
    result: Verification,
  },
  getVerification: {
    method: 'GET',
    path: '/verifications/{verificationId}',
    scope: 'verifications.read',
    status: 200,
    summary: 'Get a verification with the first cells and facts that differ',
    result: Verification,
  },
  listVerifications: {
    method: 'GET',
    path: '/verifications',
    scope: 'verifications.read',
    status: 200,
    summary: 'List verifications, the latest first',
    query: PageQuery,
    result: pageOf(Verification),
  },
  repairVerification: {
    method: 'POST',
    path: '/verifications/{verificationId}/repair',
    scope: 'verifications.write',
    status: 202,
    summary: 'Bring sums and rows that differ to what the events come to, for a reason that is kept (platform)',
    body: NewRepair,
    result: Verification,
  },
} as const satisfies Contract
