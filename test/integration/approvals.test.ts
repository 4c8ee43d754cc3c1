import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { policyInput, ruleOf, stepOf } from '../support/policy.ts'
import { type Answered, type Ask, expectProblem, requestsTo } from '../support/requests.ts'
import { startTwin, type TestTwin } from '../support/twin.ts'

// Two managers, finance and the legal counsel over the API of a running twin; the clock brings the escalation.

const POLICY = policyInput(
  [
    stepOf('desk', { approvers: [{ role: 'manager' }, { role: 'finance' }], dueHours: 8 }),
    stepOf('legal', { approvers: [{ person: 'lena' }], dueHours: 2, escalateTo: { person: 'pia' } }),
  ],
  [ruleOf('discount', { discountAbovePermille: 150 }, 'desk'), ruleOf('terms', { customTerms: true }, 'desk', 'legal')],
)
const OFFER = {
  marketplace: 'aws',
  partnerId: 'ptn-1',
  accountId: 'acc-1',
  name: 'Twelve months',
  productId: 'prod-saascontract1',
  listPrice: { amount: 1_200_000, currency: 'USD' },
  price: { amount: 900_000, currency: 'USD' },
  termMonths: 12,
  expiresOn: '2026-12-31',
  buyerAccountIds: ['310000000009'],
  grants: [{ dimension: 'users', quantity: 1 }],
  eula: { type: 'custom', url: 'https://cosell-agreements.s3.eu-central-1.amazonaws.com/eula.pdf' },
}

let twin: TestTwin
let partner: Ask
let mara: Ask
let max: Ask
let fay: Ask
let lena: Ask
let pia: Ask
let dan: Ask

beforeAll(async () => {
  twin = await startTwin({ startAt: '2026-11-02T09:00:00Z', env: { APPROVAL_POLICY: JSON.stringify(POLICY) } })
  const user = requestsTo(twin)
  partner = await user({ role: 'partner', partnerId: 'ptn-1' })
  mara = await user({ role: 'manager', subject: 'mara' })
  max = await user({ role: 'manager', subject: 'max' })
  fay = await user({ role: 'finance', subject: 'fay' })
  dan = await user({ role: 'finance', subject: 'dan' })
  lena = await user({ role: 'platform', subject: 'lena' })
  pia = await user({ role: 'platform', subject: 'pia' })
  await mara('POST', '/v1/partners', { body: { id: 'ptn-1', name: 'Northwind', type: 'reseller' } })
  await mara('POST', '/v1/accounts', { body: { id: 'acc-1', name: 'Alpine' } })
  await mara('POST', '/v1/accounts/acc-1/attachments', { body: { partnerId: 'ptn-1', role: 'managed', from: '2026-01-01' } })
})
afterAll(() => twin.stop())

const submit = async (asker = partner): Promise<string> => {
  const { body } = await asker('POST', '/v1/offers', { body: OFFER })
  const submitted = await asker('POST', `/v1/offers/${body['id']}/submit`)
  expect(submitted.body).toMatchObject({ status: 'pending-approval' })
  return String(body['id'])
}
const decide = (ask: Ask, id: string, verb: 'approve' | 'reject' = 'approve', reason = 'good business') =>
  ask('POST', `/v1/offers/${id}/${verb}`, { body: { reason } })
const itemsOf = ({ body }: Answered) => body['items'] as Record<string, unknown>[]
const tasksOf = async (ask: Ask) => itemsOf(await ask('GET', '/v1/approvals?state=open'))
const statesOf = ({ body }: Answered) =>
  (body['approval'] as { steps: { name: string; state: string }[] }).steps.map(({ name, state }) => `${name} ${state}`)

describe('an offer that two steps must approve', () => {
  it('is approved by both sides at once, by a delegate, and after an escalation; its timeline tells all of it', async () => {
    const id = await submit()
    expect(await tasksOf(mara)).toMatchObject([
      {
        offerId: id,
        step: 'desk',
        dueAt: expect.stringMatching(/^2026-11-02T17:0/),
        reason: expect.stringMatching(/the vendor has none for this product; the terms are not the standard ones/),
        facts: { customTerms: true, total: OFFER.price },
      },
    ])
    expect(await tasksOf(fay)).toHaveLength(1)
    expect(await tasksOf(lena)).toEqual([])

    const lent = { to: 'dan', from: '2026-11-02', until: '2026-11-03', reason: 'at a fair' }
    expect((await mara('POST', '/v1/approvals/delegations', { body: lent })).status).toBe(201)
    expect(itemsOf(await dan('GET', '/v1/approvals/delegations?side=received'))).toMatchObject([{ by: 'mara', role: 'manager' }])

    expect(statesOf(await decide(fay, id))).toEqual(['desk open', 'legal waiting'])
    expect(await tasksOf(dan)).toMatchObject([{ offerId: id, onBehalfOf: 'mara' }])
    expect(statesOf(await decide(dan, id, 'approve', 'mara agrees'))).toEqual(['desk approved', 'legal open'])
    expectProblem(await decide(max, id), 403, 'forbidden')
    expect(await tasksOf(mara)).toEqual([])

    await twin.twin('clock', { minutes: 100 })
    expect(await tasksOf(pia)).toEqual([])
    await twin.twin('clock', { minutes: 40 })
    expect(await tasksOf(pia)).toMatchObject([
      { offerId: id, step: 'legal', escalatedAt: expect.stringMatching(/^2026-11-02T11:/) },
    ])
    const approved = await decide(pia, id, 'approve', 'lena is ill')
    expect(approved.body).toMatchObject({ status: 'approved', approval: { outcome: 'approved' } })

    const { events } = (await partner('GET', `/v1/offers/${id}/timeline`)).body as { events: { type: string; data: object }[] }
    const told = events.map(({ type, data }) => ({ type: type.replace(/^offer\.|\.v1$/g, ''), ...data }))
    const policy = { id: 'deal-desk', version: 3 }
    expect(told.slice(0, 8)).toMatchObject([
      { type: 'requested' },
      { type: 'submitted', approvalNeeded: true, rules: ['discount', 'terms'], policy },
      { type: 'approval-requested', step: 'desk', need: 2, policy },
      { type: 'approval-given', step: 'desk', by: 'fay', reason: 'good business', policy, facts: { customTerms: true } },
      { type: 'approval-given', step: 'desk', by: 'dan', onBehalfOf: 'mara', reason: 'mara agrees' },
      { type: 'approval-requested', step: 'legal', approvers: [{ person: 'lena' }] },
      { type: 'approval-escalated', step: 'legal', escalatedTo: { person: 'pia' } },
      { type: 'approved', step: 'legal', by: 'pia', reason: 'lena is ill', policy },
    ])
  })

  it('is rejected by one, and then approved by nobody', async () => {
    const id = await submit()
    expect((await decide(mara, id)).body).toMatchObject({ status: 'pending-approval' })
    const rejected = await decide(fay, id, 'reject', 'the margin is gone')
    expect(rejected.body).toMatchObject({ status: 'rejected' })
    expect((await decide(fay, id, 'reject', 'again')).body).toEqual(rejected.body)
    for (const ask of [dan, lena, pia]) expectProblem(await decide(ask, id), 409, 'conflict')
    expect((await mara('GET', `/v1/offers/${id}`)).body).toEqual({ ...(rejected.body as object), drawsDown: false })
  })

  it('is not decided by who requested it, by who decided already, or by a partner', async () => {
    const id = await submit(mara)
    expectProblem(await decide(mara, id), 403, 'forbidden')
    expect((await decide(mara, id)).body['detail']).toContain('ask another approver')
    expectProblem(await decide(partner, id), 403, 'forbidden')
    expect((await decide(max, id)).status).toBe(200)
    expectProblem(await decide(max, id, 'reject'), 403, 'forbidden')
    expect((await tasksOf(mara)).map(({ offerId }) => offerId)).not.toContain(id)
  })

  it('of a partner on a compliance hold waits until the hold is lifted', async () => {
    const id = await submit()
    const change = (ask: Ask, path: string) => ask('POST', `/v1/partners/ptn-1/${path}`, { body: { reason: 'screening' } })
    expect((await change(mara, 'hold')).body).toMatchObject({ complianceHold: { reason: 'screening', by: 'mara' } })
    expect((await partner('GET', '/v1/partners/ptn-1')).body).not.toHaveProperty('complianceHold')
    expect(itemsOf(await partner('GET', '/v1/partners'))[0]).not.toHaveProperty('complianceHold')

    expectProblem(await decide(mara, id), 409, 'conflict')
    const draft = (await partner('POST', '/v1/offers', { body: OFFER })).body
    const refused = await partner('POST', `/v1/offers/${draft['id']}/submit`)
    expectProblem(refused, 409, 'conflict')
    expect(refused.body['detail']).not.toContain('screening')

    expectProblem(await change(mara, 'lift-hold'), 403, 'forbidden')
    expect((await change(pia, 'lift-hold')).body).not.toHaveProperty('complianceHold')
    expect((await decide(mara, id)).status).toBe(200)
  })
})

describe('a delegation', () => {
  it('is of no use once it is revoked, and only its giver revokes it', async () => {
    const id = await submit()
    await decide(fay, id)
    const lent = { to: 'lena', from: '2026-11-02', until: '2026-11-03', reason: 'at a fair' }
    const { body } = await max('POST', '/v1/approvals/delegations', { body: lent })
    const waitingFor = async () => (await tasksOf(lena)).filter(({ offerId }) => offerId === id)
    expect(await waitingFor()).toMatchObject([{ onBehalfOf: 'max' }])
    const revoke = (ask: Ask) => ask('POST', `/v1/approvals/delegations/${body['id']}/revoke`)
    expectProblem(await revoke(mara), 404, 'not_found')
    expect((await revoke(max)).body).toHaveProperty('revokedAt')
    expect(await waitingFor()).toEqual([])
    expectProblem(await decide(lena, id), 403, 'forbidden')
  })

  it.each([
    ['to oneself', { to: 'mara' }, 400],
    ['that ends before it begins', { until: '2026-11-01' }, 400],
  ])('%s is refused', async (_, more, status) => {
    const body = { to: 'dan', from: '2026-11-02', until: '2026-11-03', reason: 'x', ...more }
    expectProblem(await mara('POST', '/v1/approvals/delegations', { body }), status, 'invalid_request')
  })
})
