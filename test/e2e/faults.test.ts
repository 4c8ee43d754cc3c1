import { beforeAll, describe, expect, it } from 'vitest'
import type { Fault } from '../../infra/local/marketplaces/faults.ts'
import type { Step } from '../../infra/local/story/stage.ts'
import { play, type Result } from '../support/journey.ts'

const fault = (target: string, kind: Fault['kind'], more: Partial<Fault> = {}): Partial<Fault> => ({ target, kind, ...more })

/** More than the SDK's own retries take away. */
const OFTEN = { times: 4 }

/** What goes wrong before which step: late, doubled, lost and reordered messages, refusals, locks, lost answers. */
const TROUBLE: Record<Step, Partial<Fault>[]> = {
  'submit ptn-northwind': [
    fault('aws.catalog.StartChangeSet', 'lock', OFTEN),
    fault('aws.catalog.StartChangeSet', 'error', { ...OFTEN, status: 500 }),
    fault('aws.catalog.StartChangeSet', 'reset', OFTEN),
    fault('aws.events', 'drop', { times: 2 }),
  ],
  'accept aws': [
    fault('aws.events', 'duplicate'),
    fault('aws.agreement.DescribeAgreement', 'error', { ...OFTEN, status: 503 }),
    fault('aws.agreement.GetAgreementTerms', 'throttle', OFTEN),
    fault('aws.agreement.SearchAgreements', 'error', { ...OFTEN, status: 500 }),
  ],
  'submit ptn-fabrikam': [
    fault('azure.ingestion.configure', 'error', { status: 503 }),
    fault('azure.ingestion.configure', 'reset'),
    fault('azure.ingestion.status', 'error', { times: 2, status: 500 }),
    fault('azure.login.token', 'error', { status: 500 }),
  ],
  'accept azure': [
    fault('azure.ingestion.get', 'throttle', { times: 2 }),
    fault('azure.fulfilment.plans', 'error', { status: 500, times: 1 }),
  ],
  'submit ptn-litware': [fault('aws.catalog.ApplyChangeSet', 'error'), fault('aws.events', 'delay', { seconds: 3600, times: 2 })],
  refund: [
    fault('aws.events', 'reorder'),
    fault('aws.agreement.ListBillingAdjustmentRequests', 'error', { ...OFTEN, status: 500 }),
  ],
  renew: [
    fault('aws.events', 'drop', { times: 2 }),
    fault('azure.webhook', 'duplicate'),
    fault('azure.fulfilment.operation', 'error', { times: 2, status: 500 }),
  ],
}

describe('the journeys from a request to finance', () => {
  let calm: Result
  beforeAll(async () => {
    calm = await play()
  }, 120_000)

  it('ends with both contracts sold, billed, paid and renewed, and one offer withdrawn', () => {
    expect(calm.offers).toEqual([
      'Alpine Bank 500 seats: accepted, first paid 2025-12-28',
      'Bluebird Retail insights: accepted, first paid 2025-12-28',
      'Cedar Health pilot: withdrawn, first paid undefined',
    ])
    expect(calm.metrics).toMatchObject({ definitions: 1, currency: 'USD', months: { from: '2025-09' } })
  })

  it('comes to the same metrics, books and export when marketplaces lock, fail, lose answers and mix up their messages', async () => {
    const troubled = await play({ before: (twin, step) => twin.twin('faults', { faults: TROUBLE[step] }) })
    expect(troubled).toEqual(calm)
  }, 120_000)
})
