import type { Contract } from '../core/contract.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import { Classification, HoldReason, MilestoneReport, NewPartner, Partner } from './partner.ts'

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
  classifyPartner: {
    method: 'POST',
    path: '/partners/{partnerId}/classify',
    scope: 'partners.write',
    status: 200,
    summary: 'Give a partner another tier or region, or none',
    body: Classification,
    result: Partner,
  },
  holdPartner: {
    method: 'POST',
    path: '/partners/{partnerId}/hold',
    scope: 'partners.write',
    status: 200,
    summary: 'Put a partner on a compliance hold: nobody can approve its offers until it is lifted',
    body: HoldReason,
    result: Partner,
  },
  liftHold: {
    method: 'POST',
    path: '/partners/{partnerId}/lift-hold',
    scope: 'partners.write',
    status: 200,
    summary: 'Lift the compliance hold of a partner; for the role platform only',
    body: HoldReason,
    result: Partner,
  },
} as const satisfies Contract
