import type { Answer } from '../stand-in.ts'
import { type Api, type Call, newGuid } from './api.ts'
import { API_VERSION, bad } from './fulfilment-call.ts'
import { cancel, update } from './fulfilment-change.ts'
import { answerOperation, operation, operations } from './fulfilment-operations.ts'
import { activate, listAvailablePlans, resolve, subscription, subscriptions } from './fulfilment-read.ts'
import { admitTo } from './login.ts'
import { catchUp } from './operation.ts'

const admitted = admitTo('fulfilment')
const admit = async (call: Call) => {
  const refused = await admitted(call)
  if (refused || call.query.get('api-version') === API_VERSION) return refused
  return bad(`The query needs api-version=${API_VERSION}.`)
}

const traced =
  (run: (call: Call) => Promise<Answer>) =>
  async (call: Call): Promise<Answer> => {
    const answer = await run(call)
    if (answer === 'reset') return answer
    const ids = ['x-ms-requestid', 'x-ms-correlationid'].map((name) => [name, call.headers[name] ?? newGuid(call.world)])
    return { ...answer, headers: { ...answer.headers, ...Object.fromEntries(ids) } }
  }

const ONE = '/saas/subscriptions/{id}'
const OPERATION = `${ONE}/operations/{operationId}`
const route = (method: string, path: string, name: string, run: (call: Call) => Promise<Answer>) => ({
  method,
  path,
  fault: `azure.fulfilment.${name}`,
  run: traced(run),
})

/** SaaS fulfilment, version 2. */
export const fulfilment: Api = {
  prefix: '/azure/marketplace/api',
  admit,
  catchUp,
  operations: [
    route('POST', '/saas/subscriptions/resolve', 'resolve', resolve),
    route('POST', `${ONE}/activate`, 'activate', activate),
    route('GET', '/saas/subscriptions', 'subscriptions', subscriptions),
    route('GET', ONE, 'subscription', subscription),
    route('GET', `${ONE}/listAvailablePlans`, 'plans', listAvailablePlans),
    route('PATCH', ONE, 'update', update),
    route('DELETE', ONE, 'cancel', cancel),
    route('GET', `${ONE}/operations`, 'operations', operations),
    route('GET', OPERATION, 'operation', operation),
    route('PATCH', OPERATION, 'answer', answerOperation),
  ],
}
