import type { StandIn, World } from '../stand-in.ts'
import { acceptedTerms } from './accepted-terms.ts'
import { createAdjustments, listAdjustments } from './adjustments.ts'
import { agreementView, invalid, searchAgreements } from './agreement-search.ts'
import { AGREEMENTS, type Agreement, asTold, findAgreement } from './agreements.ts'
import { completeAdjustments } from './billing.ts'
import { endTimeBehavior } from './end-time.ts'
import { type ApiError, type Endpoint, type Operation, openEndpoint } from './endpoint.ts'
import { hex } from './events.ts'
import { listInvoiceLineItems } from './invoice-items.ts'
import { named } from './named-agreement.ts'
import { concludeTerm } from './renewal.ts'
import { amountText, chargesOf } from './terms.ts'

const all = async (world: World) => (await world.shelf.list<Agreement>(AGREEMENTS)).map((each) => asTold(each, world.now()))

const describeAgreement: Operation = async (world, input) => {
  const { agreement } = await named(world, input)
  const charges = chargesOf(agreement.terms, agreement.selection, agreement.startTime)
  return {
    ...agreementView(agreement),
    estimatedCharges: {
      currencyCode: agreement.currencyCode,
      agreementValue: amountText(charges.reduce((sum, { amount }) => sum + amount, 0)),
    },
    endTimeBehavior: endTimeBehavior(agreement),
  }
}

const getAgreementTerms: Operation = async (world, input) => {
  const { agreement, page } = await named(world, input)
  const { items, next = null } = page(acceptedTerms(agreement))
  return { acceptedTerms: items, nextToken: next }
}

const entitlementOf = (agreement: Agreement, now: string) => {
  const isLater = agreement.startTime > now
  const active = isLater
    ? { status: 'SCHEDULED', statusReasonCode: 'FUTURE_START_DATE' }
    : { status: 'PROVISIONED', statusReasonCode: 'AGREEMENT_ACTIVE' }
  return {
    resource: { id: agreement.productId, type: 'SaaSProduct' },
    type: 'License',
    licenseArn: agreement.licenseArn,
    ...(agreement.status === 'ACTIVE' ? active : { status: 'DEPROVISIONED', statusReasonCode: 'AGREEMENT_INACTIVE' }),
  }
}

const getAgreementEntitlements: Operation = async (world, input) => {
  const { agreement, page } = await named(world, input)
  const { items, next = null } = page([entitlementOf(agreement, world.now().toISOString())])
  return { agreementEntitlements: items, nextToken: next }
}

const settle = async (world: World) => {
  for (const { id, status, adjustments } of await all(world)) {
    if (status !== 'ACTIVE' && adjustments.every((each) => each.status !== 'PENDING')) continue
    await completeAdjustments(world, await findAgreement(world, id))
    await concludeTerm(world, await findAgreement(world, id))
  }
}

const STATUS: Record<string, number> = {
  AccessDeniedException: 403,
  ConflictException: 409,
  InternalServerException: 500,
  ResourceNotFoundException: 404,
  ServiceQuotaExceededException: 402,
  ThrottlingException: 429,
  ValidationException: 400,
}

const PROTOCOL = { 'content-type': 'application/x-amz-json-1.0' }
const PREFIX = 'AWSMPCommerceService_v20200301.'

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    throw invalid('OTHER', 'body', 'must be JSON')
  }
}

const failed = ({ name, message, more }: ApiError, status = STATUS[name] ?? 500) => ({
  status,
  headers: PROTOCOL,
  body: { __type: `com.amazonaws.marketplaceagreement#${name}`, message, ...more, requestId: hex(message) },
})

const AGREEMENT: Endpoint = {
  target: 'aws.agreement',
  rates: {
    SearchAgreements: 5,
    DescribeAgreement: 5,
    GetAgreementTerms: 10,
    GetAgreementEntitlements: 10,
    ListAgreementInvoiceLineItems: 10,
    ListBillingAdjustmentRequests: 2,
    BatchCreateBillingAdjustmentRequest: 2,
  },
  operations: {
    SearchAgreements: async (world, input) => searchAgreements(await all(world), input),
    DescribeAgreement: describeAgreement,
    GetAgreementTerms: getAgreementTerms,
    GetAgreementEntitlements: getAgreementEntitlements,
    ListAgreementInvoiceLineItems: listInvoiceLineItems,
    ListBillingAdjustmentRequests: async (world, input) => listAdjustments(await all(world), input),
    BatchCreateBillingAdjustmentRequest: createAdjustments,
  },
  nameOf: ({ method, path, headers }) => {
    const target = headers['x-amz-target'] ?? ''
    return method === 'POST' && path === '/' && target.startsWith(PREFIX) ? target.slice(PREFIX.length) : undefined
  },
  inputOf: ({ body }) => parsed(body),
  faults: { error: 'InternalServerException', lock: 'ConflictException' },
  done: (body) => ({ status: 200, headers: PROTOCOL, body }),
  failed,
  settle,
}

/** Stands in for the Agreement API as the proposer sees it. */
export const openAgreement = (world: World): StandIn => openEndpoint(world, AGREEMENT)
