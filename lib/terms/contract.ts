import type { Contract } from '../core/contract.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import * as z from '../core/schema.ts'
import { Evidence, TermsAcceptance, TermsCheck } from './terms.ts'

export const contract = {
  checkTerms: {
    method: 'POST',
    path: '/terms/checks',
    scope: 'terms.write',
    status: 201,
    summary: "Read whether a buyer's Azure subscription has accepted the terms of a plan, and keep it as evidence",
    body: TermsCheck,
    result: Evidence,
  },
  acceptTerms: {
    method: 'POST',
    path: '/terms/acceptances',
    scope: 'terms.write',
    status: 201,
    summary: "Accept the terms of a plan in a buyer's Azure subscription, and keep it as evidence",
    body: TermsAcceptance,
    result: Evidence,
  },
  listEvidence: {
    method: 'GET',
    path: '/terms/evidence',
    scope: 'terms.read',
    status: 200,
    summary: 'List the evidence of an Azure subscription, newest first',
    query: z.extend(PageQuery, { subscriptionId: TermsCheck.shape.subscriptionId }),
    result: pageOf(Evidence),
  },
} as const satisfies Contract
