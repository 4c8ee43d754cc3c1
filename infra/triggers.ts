import type { Contract } from '../lib/core/contract.ts'
import type { Access, Pattern, QueueName, ServiceFunction, TableName, Trigger } from './service-types.ts'

// What starts a function, in the words of service-types.ts.

export const api = (contract: Contract, access: Access, timeoutSeconds = 10): ServiceFunction => ({
  triggers: [{ kind: 'api', contract }],
  access,
  timeoutSeconds,
})

export const NEW_EVENT: Pattern = { eventName: ['INSERT'], dynamodb: { Keys: { sk: { S: [{ prefix: 'EVENT#' }] } } } }
/** The types of the events that metrics are made of. */
const FACTS = [
  'partner.milestone-reached.v1',
  'account.attached.v1',
  'account.detached.v1',
  'transaction.recorded.v1',
  'cost.recorded.v1',
  'rate.published.v1',
]
export const NEW_FACT: Pattern = {
  ...NEW_EVENT,
  dynamodb: {
    Keys: { sk: { S: [{ prefix: 'EVENT#' }] } },
    NewImage: {
      type: {
        S: FACTS,
      },
    },
  },
}
export const FACT_ON_BUS: Pattern = { source: ['cosell'], 'detail-type': FACTS }
export const CHANGED_ROW: Pattern = { dynamodb: { Keys: { pk: { S: [{ prefix: 'ROW#' }] } } } }
/** New exchange rates, and corrections of transactions that may lie in other rows. */
export const TO_SWEEP: Pattern = { dynamodb: { Keys: { pk: { S: ['ROW#RATES', { prefix: 'LINKS#' }] } } } }

export const fromStream = (table: TableName, filter: Pattern): Extract<Trigger, { kind: 'stream' }> => ({
  kind: 'stream',
  table,
  filter,
  batchSize: 500,
  retries: 10,
})

export const fromQueue = (queue: QueueName, access: Access, timeoutSeconds: number, batchSize = 1): ServiceFunction => ({
  triggers: [{ kind: 'queue', queue, batchSize }],
  access,
  timeoutSeconds,
})

export const everyMinutes = (minutes: number, access: Access, timeoutSeconds: number): ServiceFunction => ({
  triggers: [{ kind: 'schedule', every: { minutes } }],
  access,
  timeoutSeconds,
})

export const toSubmit = (marketplace: 'aws' | 'azure'): Pattern => ({
  source: ['cosell'],
  'detail-type': ['approved', 'retried', 'extension-requested', 'withdrawal-requested', 'deletion-requested'].map(
    (what) => `offer.${what}.v1`,
  ),
  detail: { data: { marketplace: [marketplace] } },
})
