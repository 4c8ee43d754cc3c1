import type { Contract } from '../core/contract.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import { MilestoneReport, NewPartner, Partner } from './partner.ts'

export const contract = {
  createPartner: {
    method: 'POST',
    path: '/partners',
    scope: 'partners.write',
    status: 201,
    summary: 'Register a partner',
    body: NewPartner,
    result: Partner,
  },
  getPartner: {
    method: 'GET',
    path: '/partners/{partnerId}',
    scope: 'partners.read',
    status: 200,
    summary: 'Read one partner',
    result: Partner,
  },
  listPartners: {
    method: 'GET',
    path: '/partners',
    scope: 'partners.read',
    status: 200,
    summary: 'List partners',
    query: PageQuery,
    result: pageOf(Partner),
  },
  reachMilestone: {
    method: 'POST',
    path: '/partners/{partnerId}/milestones',
    scope: 'partners.write',
    status: 200,
    summary: 'Report that a partner reached a milestone',
    body: MilestoneReport,
    result: Partner,
  },
} as const satisfies Contract
