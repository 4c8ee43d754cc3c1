import type {
  APIGatewayProxyEventV2WithJWTAuthorizer as ApiEvent,
  APIGatewayProxyStructuredResultV2 as ApiResult,
  Context as LambdaContext,
} from 'aws-lambda'
import { service } from '../../infra/service.ts'
import { accountStore } from '../../lib/accounts/store.ts'
import { policyIn } from '../../lib/approvals/policy.ts'
import type { Actor } from '../../lib/core/context.ts'
import { awsPlanner } from '../../lib/offers/aws/planner.ts'
import { azurePlanner } from '../../lib/offers/azure/planner.ts'
import { requestOffer } from '../../lib/offers/commands.ts'
import { contract } from '../../lib/offers/contract.ts'
import { getOffer } from '../../lib/offers/read.ts'
import { offerStore } from '../../lib/offers/store.ts'
import { partnerStore } from '../../lib/partners/store.ts'
import { api, type Handlers } from '../../lib/runtime/http.ts'
import type { Table } from '../../lib/runtime/table.ts'
import { honoApi } from './hono-api.ts'
import { memoryTable } from './memory-table.ts'

const createdAt = '2026-11-01T08:00:00.000Z'
const partner = { id: 'par_1', name: 'Northwind', type: 'reseller', version: 1, createdAt, milestones: {} }
const account = { id: 'acc_1', name: 'Fabrikam', buyerIds: [], version: 1, createdAt }

const unmeasured = async (): Promise<never> => {
  throw new Error('this route is bound, as it is in the cloud, but not measured')
}

const handlersOn = (table: Table): Handlers<typeof contract> => {
  const accounts = accountStore(table)
  const desk = {
    store: offerStore(table),
    partners: partnerStore(table),
    account: (_: Actor, id: string) => accounts.get(id),
    marketplaces: { aws: awsPlanner, azure: azurePlanner({ flexibleBilling: false }) },
    policy: policyIn(service.policies.APPROVAL_POLICY),
    mandates: unmeasured,
    drawsDown: async () => false,
  }
  return {
    requestOffer: ({ actor, body, context }) => requestOffer(desk)(actor, body, context),
    getOffer: ({ actor, path, context }) => getOffer(desk)(actor, path.offerId, context),
    listOffers: unmeasured,
    planOffer: unmeasured,
    planRequest: unmeasured,
    submitOffer: unmeasured,
    approveOffer: unmeasured,
    rejectOffer: unmeasured,
    amendOffer: unmeasured,
    renewOffer: unmeasured,
    extendOffer: unmeasured,
    withdrawOffer: unmeasured,
    deleteOffer: unmeasured,
    observeOffer: unmeasured,
    getTimeline: unmeasured,
    getAgreements: unmeasured,
  }
}

const until = Date.now() + 600_000
const lambda: LambdaContext = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'offers',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:offers',
  memoryLimitInMB: '512',
  awsRequestId: '8f3c1f0e-6c7b-4a53-9d55-0c6a6b1f4e21',
  logGroupName: 'offers',
  logStreamName: 'offers',
  getRemainingTimeInMillis: () => until - Date.now(),
  done: () => {},
  fail: () => {},
  succeed: () => {},
}

export type SideName = 'cosell' | 'hono'

/** The offers API over a table in memory, behind one of the two HTTP layers. */
export const openSide = (name: SideName) => {
  const { table, reset } = memoryTable(
    { pk: 'PARTNER#par_1', sk: 'PARTNER', ...partner },
    { pk: 'ACCOUNT#acc_1', sk: 'ACCOUNT', ...account },
  )
  const handle = (name === 'cosell' ? api : honoApi)(contract, handlersOn(table), table)
  return { send: (event: ApiEvent): Promise<ApiResult> => handle(event, lambda), reset }
}
export type Side = ReturnType<typeof openSide>
