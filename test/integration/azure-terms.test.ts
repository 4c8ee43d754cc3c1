import { describe, expect, it } from 'vitest'
import { PUT_DENIES_ACCEPTANCE } from '../../infra/local/marketplaces/azure/ordering.ts'
import { azureAdapter, VM_PLAN as PLAN } from '../support/azure-adapter.ts'

const { azure, fault, ordering, setFront } = azureAdapter()

describe('the terms of a plan', () => {
  it('are read with their links and the hash of their signature', async () => {
    expect(await ordering().read(PLAN)).toEqual({
      accepted: false,
      licenseTextLink: expect.stringMatching(/^https:/),
      privacyPolicyLink: expect.stringMatching(/^https:/),
      marketplaceTermsLink: expect.stringMatching(/^https:/),
      signatureHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      retrievedAt: '2026-11-02T09:00:00.000Z',
    })
  })

  it('are accepted even if the answer denies it, because they are read again', async () => {
    await azure().world.shelf.put('azure.switches', PUT_DENIES_ACCEPTANCE, {})
    const { signatureHash } = await ordering().read(PLAN)
    expect(await ordering().accept(PLAN)).toMatchObject({ accepted: true, signatureHash })
    expect(await ordering().read(PLAN)).toMatchObject({ accepted: true })
  })

  it.each([
    ['the portal is needed', 400, 'You must accept it through the Azure portal.', { code: 'unprocessable', target: 'planId' }],
    ['our app has no role there', 403, 'AuthorizationFailed', { code: 'unprocessable', target: 'subscriptionId' }],
  ])('are not accepted when %s, and the remedy is told', async (_, status, message, { code, target }) => {
    setFront(async ({ method }) => (method === 'PUT' ? { status, body: { error: { code: 'x', message } } } : undefined))
    await expect(ordering().accept(PLAN)).rejects.toMatchObject({
      code,
      details: [{ target, message: expect.stringMatching(/Azure portal|a role/) }],
    })
  })

  it('of an unknown plan are not found', async () => {
    await expect(ordering().read({ ...PLAN, planId: 'gold' })).rejects.toMatchObject({ code: 'not_found' })
  })

  it('cannot be read while Azure is down', async () => {
    fault('azure.ordering.get', 'error', { status: 503, times: 5 })
    await expect(ordering().read(PLAN)).rejects.toMatchObject({ code: 'unavailable' })
  })
})
