import { describe, expect, it } from 'vitest'
import type { Actor, Context, Role } from '../../../lib/core/context.ts'
import { acceptTerms, checkTerms, type Dependencies, listEvidence } from '../../../lib/terms/commands.ts'
import { evidenceOf, type Terms, TermsAcceptance, TermsCheck, type TermsEvent } from '../../../lib/terms/terms.ts'

const PLAN = {
  subscriptionId: 'e0000000-0000-4000-8000-000000000001',
  publisherId: 'contoso',
  productId: 'contoso-appliance',
  planId: 'pro',
}
const TERMS: Terms = { accepted: true, licenseTextLink: 'https://x.example/terms', signatureHash: 'ab' }
const context: Context = { now: '2026-11-02T09:00:00.000Z', newId: (prefix) => `${prefix}_1` }
const actor = (role: Role): Actor => ({ subject: 'mia', role, scopes: [] })

const setting = (terms = TERMS) => {
  const events: TermsEvent[] = []
  const called: string[] = []
  const told = (name: string) => async () => {
    called.push(name)
    return terms
  }
  const store: Dependencies['store'] = {
    save: async (event) => {
      events.push(event)
      return evidenceOf(event)
    },
    list: async () => ({ items: events.map(evidenceOf) }),
  }
  return { store, ordering: { read: told('read'), accept: told('accept') }, events, called }
}

describe('checking the terms of a plan', () => {
  it('keeps what was found, when and for whom', async () => {
    const { events, called, ...dependencies } = setting({ ...TERMS, accepted: false })
    const evidence = await checkTerms(dependencies)(actor('platform'), PLAN, context)
    expect(evidence).toEqual({ id: 'evt_1', kind: 'check', at: context.now, by: 'mia', ...PLAN, ...TERMS, accepted: false })
    expect(events).toMatchObject([{ type: 'terms.checked.v1', subject: PLAN.subscriptionId, time: context.now }])
    expect(called).toEqual(['read'])
  })
})

describe('accepting the terms of a plan', () => {
  it('keeps the reason beside what was accepted', async () => {
    const { events, ...dependencies } = setting()
    const evidence = await acceptTerms(dependencies)(actor('manager'), { ...PLAN, reason: 'asked by Fabrikam' }, context)
    expect(evidence).toMatchObject({ kind: 'acceptance', accepted: true, by: 'mia', reason: 'asked by Fabrikam' })
    expect(events).toMatchObject([{ type: 'terms.accepted.v1' }])
  })

  it.each<Role>(['partner', 'finance', 'platform'])('is refused to the role %s before anything is asked', async (role) => {
    const { called, events, ...dependencies } = setting()
    const accepting = acceptTerms(dependencies)(actor(role), { ...PLAN, reason: 'x' }, context)
    await expect(accepting).rejects.toMatchObject({ code: 'forbidden' })
    expect([called, events]).toEqual([[], []])
  })

  it('is not claimed while Azure does not show it', async () => {
    const { events, ...dependencies } = setting({ ...TERMS, accepted: false })
    const accepting = acceptTerms(dependencies)(actor('manager'), { ...PLAN, reason: 'x' }, context)
    await expect(accepting).rejects.toMatchObject({ code: 'unavailable' })
    expect(events).toEqual([])
  })
})

describe('the evidence', () => {
  it('is not shown to partners', async () => {
    const listing = listEvidence(setting())(actor('partner'), { subscriptionId: PLAN.subscriptionId, limit: 50 })
    await expect(listing).rejects.toMatchObject({ code: 'forbidden' })
  })
})

describe('a request about terms', () => {
  it('means the same subscription in any casing', () => {
    expect(TermsCheck.parse({ ...PLAN, subscriptionId: PLAN.subscriptionId.toUpperCase() })).toEqual(PLAN)
  })

  it.each([
    ['no guid', { ...PLAN, subscriptionId: 'prod' }],
    ['an empty plan', { ...PLAN, planId: '' }],
    ['a field too many', { ...PLAN, accept: true }],
  ])('with %s is refused', (_, body) => {
    expect(TermsCheck.safeParse(body).success).toBe(false)
  })

  it('needs a reason to accept', () => {
    expect(TermsAcceptance.safeParse(PLAN).success).toBe(false)
  })
})
