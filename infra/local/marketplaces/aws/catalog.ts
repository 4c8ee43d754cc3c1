import type { StandIn, World } from '../stand-in.ts'
import { listChangeSets } from './change-set-list.ts'
import { cancelChangeSet, describeChangeSet, settleChangeSets, startChangeSet } from './change-sets.ts'
import { type ApiError, type Endpoint, openEndpoint } from './endpoint.ts'
import { describeEntity, listEntities } from './entities.ts'
import { invalidRequest } from './request.ts'

const STATUS: Record<string, number> = {
  AccessDeniedException: 403,
  InternalServiceException: 500,
  ResourceInUseException: 423,
  ResourceNotFoundException: 404,
  ResourceNotSupportedException: 415,
  ServiceQuotaExceededException: 402,
  ThrottlingException: 429,
  ValidationException: 422,
}

const ROUTES: Record<string, string> = {
  'POST /StartChangeSet': 'StartChangeSet',
  'GET /DescribeChangeSet': 'DescribeChangeSet',
  'PATCH /CancelChangeSet': 'CancelChangeSet',
  'POST /ListChangeSets': 'ListChangeSets',
  'GET /DescribeEntity': 'DescribeEntity',
  'POST /ListEntities': 'ListEntities',
}

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    throw invalidRequest('the body is no JSON', [{ Reason: 'CannotParse', Message: 'must be JSON' }])
  }
}

const failed = ({ name, message, more }: ApiError, status = STATUS[name] ?? 500) => ({
  status,
  headers: { 'x-amzn-errortype': name },
  body: { Message: message, ...more },
})

const CATALOG: Endpoint = {
  target: 'aws.catalog',
  rates: {
    StartChangeSet: 5,
    DescribeChangeSet: 10,
    CancelChangeSet: 5,
    ListChangeSets: 5,
    DescribeEntity: 20,
    ListEntities: 10,
  },
  operations: {
    StartChangeSet: startChangeSet,
    DescribeChangeSet: describeChangeSet,
    CancelChangeSet: cancelChangeSet,
    ListChangeSets: listChangeSets,
    DescribeEntity: describeEntity,
    ListEntities: listEntities,
  },
  nameOf: ({ method, path }) => ROUTES[`${method} ${path}`],
  inputOf: ({ method, query, body }) => (method === 'POST' ? parsed(body) : Object.fromEntries(query)),
  faults: { error: 'InternalServiceException', lock: 'ResourceInUseException' },
  done: (body) => ({ status: 200, body }),
  failed,
  settle: settleChangeSets,
}

/** Stands in for the Marketplace Catalog API: offers are made and changed by change sets that take three minutes. */
export const openCatalog = (world: World): StandIn => openEndpoint(world, CATALOG)
