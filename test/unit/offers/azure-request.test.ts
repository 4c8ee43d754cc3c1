import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { problemsOf } from '../../../lib/offers/azure/rules.ts'
import { type AzureOffer, OfferRequest } from '../../../lib/offers/offer.ts'
import {
  azureOffer,
  csp,
  flexible,
  metered,
  originator,
  percentage,
  perUser,
  reservation,
  sellingPartner,
  services,
} from './azure-offer.ts'

const OURS = ['id', 'version', 'status', 'requestedBy', 'requestedAs', 'requestedAt', 'problems']
const requestOf = (offer: AzureOffer): Record<string, unknown> =>
  Object.fromEntries(Object.entries(offer).filter(([name]) => !OURS.includes(name)))

const complaints = (changes: object) => {
  const { error } = OfferRequest.safeParse({ ...requestOf(azureOffer()), ...changes })
  return error?.issues.map(({ path }) => path.join('.'))
}

describe('a request for an offer on Azure', () => {
  it('is good as the README shows it', () => {
    const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')
    const [, shown = ''] = /```json\n(\{\s*"marketplace": "azure"[^`]*)```/.exec(readme) ?? []
    const request = OfferRequest.parse(JSON.parse(shown))
    const offer = { ...azureOffer(), ...request } as AzureOffer
    expect(problemsOf(offer, { today: '2026-11-22', flexibleBilling: false })).toEqual([])
    const [, items = ''] = /```json\n("price"[^`]*)```/.exec(readme) ?? []
    const { basePlanId, planName, planDescription, pricing, payments, ...common } = JSON.parse(shown)
    const several = { ...azureOffer(), ...OfferRequest.parse({ ...common, ...JSON.parse(`{${items}}`) }) } as AzureOffer
    expect(several.items).toHaveLength(2)
    expect(problemsOf(several, { today: '2026-11-22', flexibleBilling: false })).toEqual([])
  })

  it.each([
    ['percentage', percentage()],
    ['flat-rate', azureOffer()],
    ['per-user', perUser()],
    ['meters', metered()],
    ['professional-services', services()],
    ['vm-reservation', reservation()],
    ['flexible-schedule', flexible()],
    ['csp', csp()],
    ['multiparty-originator', originator()],
    ['multiparty-selling-partner', sellingPartner()],
  ])('is taken as it is: %s', (_, offer) => {
    expect(OfferRequest.parse(requestOf(offer))).toEqual(requestOf(offer))
  })

  it('that names neither kind nor pricing is for a customer, at a flat rate for SaaS', () => {
    const { kind: _, pricing: __, ...short } = requestOf(azureOffer())
    expect(OfferRequest.parse(short)).toEqual(requestOf(azureOffer()))
  })

  it.each<[object, string[]]>([
    [{ kind: 'reseller' }, ['kind']],
    [{ pricing: { model: 'gift' } }, ['pricing.model']],
    [{ pricing: { model: 'percentage', discountPercent: 12.5 } }, ['pricing.discountPercent']],
    [{ pricing: { model: 'percentage', discountPercent: '12.505' } }, ['pricing.discountPercent']],
    [{ pricing: { model: 'per-user', users: 0, minUsers: 1, maxUsers: 2 } }, ['pricing.users']],
    [
      { pricing: { model: 'flat-rate', meters: [{ meterId: 'a', pricePerUnit: '-1', included: 0 }] } },
      ['pricing.meters.0.pricePerUnit'],
    ],
    [{ cspTenants: [{ tenantId: 'a', customerTenantIds: Array(26).fill('c') }] }, ['cspTenants.0.customerTenantIds']],
    [{ cspTenants: Array(151).fill({ tenantId: 'a' }) }, ['cspTenants']],
    [{ termsDocuments: Array(6).fill({ url: 'https://a.example/a.pdf', fileName: 'a', title: 'a' }) }, ['termsDocuments']],
    [{ notes: 'x'.repeat(61) }, ['notes']],
    [{ startsOn: '2027-02-30' }, ['startsOn']],
    [{ predecessor: { externalId: 'a', name: 'b', endsOn: '2027-12-31' } }, ['']],
  ])('is refused at the field that is wrong: %j', (changes, fields) => {
    expect(complaints(changes)).toEqual(fields)
  })
})
