import * as z from 'zod'
import { epoch } from './accepted-terms.ts'
import type { Agreement } from './agreements.ts'
import { endTimeBehavior } from './end-time.ts'
import { type ApiError, apiError } from './endpoint.ts'
import { byKey, pageOf } from './paging.ts'
import { SELLER } from './products.ts'

/** A ValidationException of the Agreement API, with one of its reasons. */
export const invalid = (reason: string, field: string, message: string): ApiError =>
  apiError('ValidationException', `${field}: ${message}`, { reason, fields: [{ name: field, message }] })

type Filter = (agreement: Agreement, value: string) => boolean
const before = (time: string | undefined, value: string) => time !== undefined && Date.parse(time) < Date.parse(value)
const after = (time: string | undefined, value: string) => time !== undefined && Date.parse(time) > Date.parse(value)

const reasonOf = (agreement: Agreement) => {
  const behavior = endTimeBehavior(agreement)
  return behavior && 'reasonCode' in behavior ? behavior.reasonCode : undefined
}

const FILTERS: Record<string, Filter> = {
  PartyType: () => true,
  AgreementType: () => true,
  ResourceIdentifier: ({ productId }, value) => productId === value,
  ResourceType: (_, value) => value === 'SaaSProduct',
  AcceptorAccountId: ({ buyerAccountId }, value) => buyerAccountId === value,
  OfferId: ({ offerId }, value) => offerId === value,
  OfferSetId: () => false,
  Status: ({ status }, value) => status === value,
  InitialAgreementId: ({ initialAgreementId }, value) => initialAgreementId === value,
  LicenseArn: ({ licenseArn }, value) => licenseArn === value,
  EndTimeBehaviorType: (agreement, value) => endTimeBehavior(agreement)?.type === value,
  EndTimeBehaviorReasonCode: (agreement, value) => reasonOf(agreement) === value,
  BeforeEndTime: ({ endTime }, value) => before(endTime, value),
  AfterEndTime: ({ endTime }, value) => after(endTime, value),
  BeforeStartTime: ({ startTime }, value) => before(startTime, value),
  AfterStartTime: ({ startTime }, value) => after(startTime, value),
  BeforeLastUpdateTime: ({ lastUpdateTime }, value) => before(lastUpdateTime, value),
  AfterLastUpdateTime: ({ lastUpdateTime }, value) => after(lastUpdateTime, value),
}

const VALUE = /^[A-Za-z0-9+:_-]+$/
const SORT = { EndTime: 'endTime', StartTime: 'startTime', LastUpdateTime: 'lastUpdateTime' } as const
const isSortKey = (text: string): text is keyof typeof SORT => Object.hasOwn(SORT, text)

const Request = z.object({
  catalog: z.string().optional(),
  filters: z.array(z.object({ name: z.string().default(''), values: z.array(z.string()).default([]) })).default([]),
  sort: z.object({ sortBy: z.string().default('EndTime'), sortOrder: z.string().default('DESCENDING') }).optional(),
  maxResults: z.number().default(50),
  nextToken: z.string().nullish(),
})
type Request = z.infer<typeof Request>

const checkFilter = ({ name, values }: Request['filters'][number]) => {
  if (!Object.hasOwn(FILTERS, name)) throw invalid('INVALID_FILTER_NAME', 'filters', `there is no filter ${name}`)
  const [value = ''] = values
  if (values.length !== 1) throw invalid('INVALID_FILTER_VALUES', 'filters', `${name} takes exactly one value`)
  if (!VALUE.test(value)) throw invalid('INVALID_FILTER_VALUES', 'filters', `the value of ${name} must match ${VALUE.source}`)
  if (/^(Before|After)/.test(name) && Number.isNaN(Date.parse(value)))
    throw invalid('INVALID_FILTER_VALUES', 'filters', `the value of ${name} must be an instant`)
}

const checkFilters = (filters: Request['filters']) => {
  if (filters.length > 10) throw invalid('INVALID_FILTERS', 'filters', 'give up to 10 filters')
  for (const filter of filters) checkFilter(filter)
  const theValue = (name: string) => filters.find((filter) => filter.name === name)?.values[0]
  if (!theValue('PartyType')) throw invalid('MISSING_PARTY_TYPE', 'filters', 'add PartyType')
  if (theValue('PartyType') !== 'Proposer') throw invalid('INVALID_PARTY_TYPE', 'filters', 'PartyType must be Proposer')
  if (!theValue('AgreementType')) throw invalid('UNSUPPORTED_FILTERS', 'filters', 'add AgreementType')
  if (theValue('AgreementType') !== 'PurchaseAgreement')
    throw invalid('INVALID_AGREEMENT_TYPE', 'filters', 'AgreementType must be PurchaseAgreement')
}

const orderOf = ({ sort }: Request) => {
  const { sortBy, sortOrder } = sort ?? { sortBy: 'EndTime', sortOrder: 'DESCENDING' }
  if (!isSortKey(sortBy)) throw invalid('INVALID_SORT_BY', 'sort', `sortBy must be one of ${Object.keys(SORT).join(', ')}`)
  if (!['ASCENDING', 'DESCENDING'].includes(sortOrder))
    throw invalid('INVALID_SORT_ORDER', 'sort', 'must be ASCENDING or DESCENDING')
  return byKey((agreement: Agreement) => agreement[SORT[sortBy]], sortOrder === 'DESCENDING')
}

/** A page of at most 50; wrong sizes and tokens are refused by their reasons. */
export const pageFor = <T>(all: T[], size: number, token: string | null | undefined) => {
  if (!Number.isInteger(size) || size < 1 || size > 50) throw invalid('INVALID_MAX_RESULTS', 'maxResults', 'must be from 1 to 50')
  const page = pageOf(all, size, token ?? undefined)
  if (!page) throw invalid('INVALID_NEXT_TOKEN', 'nextToken', 'is none of ours: start from the first page')
  return page
}

/** The members that SearchAgreements and DescribeAgreement share. */
export const agreementView = (agreement: Agreement) => ({
  agreementId: agreement.id,
  acceptanceTime: epoch(agreement.acceptanceTime),
  startTime: epoch(agreement.startTime),
  endTime: agreement.endTime ? epoch(agreement.endTime) : null,
  agreementType: 'PurchaseAgreement',
  acceptor: { accountId: agreement.buyerAccountId },
  proposer: { accountId: SELLER.accountId },
  proposalSummary: { offerId: agreement.offerId, resources: [{ id: agreement.productId, type: 'SaaSProduct' }] },
  status: agreement.status,
  initialAgreementId: agreement.initialAgreementId,
})

const summary = (agreement: Agreement) => ({
  ...agreementView(agreement),
  lastUpdateTime: epoch(agreement.lastUpdateTime),
  entitlements: [{ licenseArn: agreement.licenseArn }],
  endTimeBehaviorType: endTimeBehavior(agreement)?.type,
  endTimeBehaviorReasonCode: reasonOf(agreement),
})

/** SearchAgreements as the proposer may call it. */
export const searchAgreements = (agreements: Agreement[], input: unknown) => {
  const parsed = Request.safeParse(input)
  if (!parsed.success) throw invalid('OTHER', String(parsed.error.issues[0]?.path[0] ?? 'input'), 'has the wrong type')
  const { catalog, filters, maxResults, nextToken } = parsed.data
  if (catalog !== 'AWSMarketplace') throw invalid('INVALID_CATALOG', 'catalog', 'must be AWSMarketplace')
  checkFilters(filters)
  const found = agreements.filter((each) => filters.every(({ name, values: [value = ''] }) => FILTERS[name]?.(each, value)))
  const page = pageFor(found.toSorted(orderOf(parsed.data)), maxResults, nextToken)
  return { agreementViewSummaries: page.items.map(summary), nextToken: page.next ?? null }
}
