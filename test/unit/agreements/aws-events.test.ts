import { describe, expect, it } from 'vitest'
import { parseAwsEvent } from '../../../lib/agreements/aws-events.ts'
import { isCode } from '../../../lib/core/errors.ts'

const event = (source: string, type: string, detail: unknown, resources: unknown = []) => ({
  version: '0',
  id: 'e1',
  source,
  'detail-type': type,
  account: '111122223333',
  time: '2026-11-10T12:54:52Z',
  region: 'us-east-1',
  resources,
  detail,
})
const catalog = (type: string, detail: unknown, resources?: unknown) => event('aws.marketplacecatalog', type, detail, resources)
const agreement = (type: string, detail: unknown, resources?: unknown) =>
  event('aws.agreement-marketplace', type, detail, resources)

const lookAt = { kind: 'agreement', agreementId: 'agmt-1' }
const detail = { requestId: 'r1', agreement: { id: 'agmt-1', status: 'ACTIVE' }, somethingNew: { deep: true } }

describe('an event of the catalog', () => {
  it.each(['Succeeded', 'Failed', 'Cancelled'])('says which change set to look at when it has %s', (end) => {
    const ended = {
      Catalog: 'AWSMarketplace',
      ChangeSetId: 'cs1',
      ChangeSetName: 'cosell:off_1:create:1',
      FailureCode: 'CLIENT_ERROR',
    }
    expect(parseAwsEvent(catalog(`Change Set ${end}`, ended))).toEqual({
      kind: 'change-set',
      changeSetName: 'cosell:off_1:create:1',
      changeSetId: 'cs1',
    })
  })

  it('finds the id of a change set in its ARN', () => {
    const arn = 'arn:aws:aws-marketplace:us-east-1:111122223333:AWSMarketplace/ChangeSet/cs1'
    expect(parseAwsEvent(catalog('Change Set Failed', {}, [arn]))).toEqual({
      kind: 'change-set',
      changeSetName: '',
      changeSetId: 'cs1',
    })
  })

  it('says which offer was released', () => {
    const released = { offer: { id: 'offer-a', name: 'Ledger' }, manufacturer: { accountId: '1' } }
    expect(parseAwsEvent(catalog('Offer Released', released))).toEqual({ kind: 'offer-released', externalId: 'offer-a' })
  })

  it.each(['OfferSet Released', 'Products Security Report Created'])('is ignored when it is %s', (type) => {
    expect(parseAwsEvent(catalog(type, { requestId: 'r1' }))).toMatchObject({
      kind: 'ignored',
    })
  })
})

describe('an event of an agreement', () => {
  it.each([
    'Purchase Agreement Created - Proposer',
    'Purchase Agreement Created - Manufacturer',
    'Purchase Agreement Amended - Proposer',
    'Purchase Agreement Ended - Proposer',
    'Purchase Agreement Ending - Proposer',
    'Purchase Agreement Renewal Terms Finalized - Proposer',
    'Purchase Agreement Renewal Upcoming - Proposer',
    'Purchase Agreement Ended Proposer',
    'Purchase  Agreement Ended -Proposer',
    'Agreement Cancellation Request Approved - Proposer',
    'Purchase Agreement Billing Adjustment Completed - Proposer',
    'License Updated - Manufacturer',
  ])('only says where to look: %s', (type) => {
    expect(parseAwsEvent(agreement(type, detail))).toEqual(lookAt)
  })

  it.each([
    [
      'a renewal that is switched off',
      {
        agreement: { id: 'agmt-1', autoRenewalEnabled: false },
        renewalSummary: { lockoutStartTime: null, disabledBy: 'ACCEPTOR' },
      },
      [],
    ],
    ['no other block', { agreement: { id: 'agmt-1' } }, []],
    ['blocks that are null', { agreement: { id: 'agmt-1' }, offer: null, resaleAuthorization: { id: null } }, null],
    ['the id in its ARN only', {}, ['arn:aws:aws-marketplace::aws:agreement:agmt-1']],
  ])('is read with %s', (_, given, resources) => {
    expect(parseAwsEvent(agreement('Purchase Agreement Ended - Proposer', given, resources))).toEqual(lookAt)
  })

  it.each(['Purchase Agreement Created - Acceptor', 'Purchase Agreement Amended Acceptor'])(
    'is ignored as a purchase of our own: %s',
    (type) => {
      expect(parseAwsEvent(agreement(type, detail))).toMatchObject({ kind: 'ignored' })
    },
  )
})

describe('an event of what another seller resells', () => {
  const resold = {
    agreement: { id: 'agmt-1', status: 'ACTIVE', acceptanceTime: '2026-11-12T08:00:01Z' },
    resaleAuthorization: { id: 'resaleauthz-1' },
    proposer: { accountId: '210000000002' },
  }
  const read = (type: string, changes: object = {}) => parseAwsEvent(agreement(type, { ...resold, ...changes }))

  it.each(['Created', 'Amended'])('tells which authorisation was accepted and when: %s', (what) => {
    expect(read(`Purchase Agreement ${what} - Manufacturer`)).toEqual({
      kind: 'resold',
      authorizationId: 'resaleauthz-1',
      agreementId: 'agmt-1',
      at: '2026-11-12T08:00:01Z',
    })
  })

  it.each<[string, string, object]>([
    ['an end', 'Purchase Agreement Ended - Manufacturer', { agreement: { id: 'agmt-1', status: 'EXPIRED' } }],
    ['a licence', 'License Updated - Manufacturer', { resaleAuthorization: undefined }],
  ])('is ignored where it tells %s: the agreement cannot be read', (_, type, changes) => {
    expect(read(type, changes)).toMatchObject({ kind: 'ignored' })
  })

  it.each<[string, string, object]>([
    ['the proposer of a resale', 'Purchase Agreement Created - Proposer', {}],
    [
      'the manufacturer of its own sale',
      'Purchase Agreement Created - Manufacturer',
      { proposer: { accountId: '111122223333' } },
    ],
  ])('says where to look for %s', (_, type, changes) => {
    expect(read(type, changes)).toEqual(lookAt)
  })
})

describe('any other event', () => {
  it.each([
    event('aws.partnercentral-selling', 'Opportunity Updated', { opportunity: { identifier: 'O1' } }),
    event('aws.marketplace', 'Disbursement Paused', {}),
    event('aws.s3', 'Object Created', undefined),
    agreement('Something Of Next Year', {}),
  ])('is refused with its type, so that it becomes a dead letter', (message) => {
    expect(() => parseAwsEvent(message)).toThrow(message['detail-type'])
  })

  it.each([
    ['no event', 'hello', 'event'],
    ['no source', { 'detail-type': 'Change Set Failed', detail: {} }, 'source'],
    ['no detail type', { source: 'aws.marketplacecatalog', detail: {} }, 'detail-type'],
    ['no id of the agreement', agreement('Purchase Agreement Ended - Proposer', { agreement: {} }), 'detail.agreement.id'],
    ['an id that is no text', agreement('Purchase Agreement Ended - Proposer', { agreement: { id: 7 } }), 'detail.agreement.id'],
    ['no id of the change set', catalog('Change Set Failed', { ChangeSetName: 'x' }), 'detail.ChangeSetId'],
    ['no id of the offer', catalog('Offer Released', {}), 'detail.offer.id'],
    ['no detail', catalog('Offer Released', undefined), 'detail.offer.id'],
  ])('is unprocessable with %s, and names what is malformed', (_, message, target) => {
    const refused = (() => {
      try {
        return parseAwsEvent(message)
      } catch (error) {
        return error
      }
    })()
    expect(isCode(refused, 'unprocessable') && refused.details.map((each) => each.target)).toEqual([target])
  })
})
