import { addDays } from '../../../lib/core/period.ts'
import type { Api, Client } from '../client.ts'
import { AZURE } from '../marketplaces/azure/tenant.ts'

// A year of three partners, played through the public API as they and the vendor would; at the marketplaces the twin stands in for people.

export type Stage = {
  client: Client
  say: (line: string) => void
  /** Called before each step of an offer's way, so that a test can make trouble there. */
  before?: (step: Step) => Promise<void>
  /** The months to stop at, by their number; default: all. */
  months?: readonly number[]
}
export type Step =
  | 'submit ptn-northwind'
  | 'accept aws'
  | 'submit ptn-fabrikam'
  | 'accept azure'
  | 'submit ptn-litware'
  | 'refund'
  | 'renew'

export type Cast = { manager: Api; approver: Api; finance: Api; partner: (partnerId: string) => Api }

export const usd = (dollars: number) => ({ amount: Math.round(dollars * 100), currency: 'USD' })

const contact = (company: string, timeZone: string) => ({ contactEmail: `deals@${company}.example`, timeZone })

const PARTNERS = [
  {
    id: 'ptn-northwind',
    name: 'Northwind Resale',
    type: 'reseller',
    country: 'US',
    ...contact('northwind', 'America/New_York'),
    onboardedAfter: 24,
  },
  {
    id: 'ptn-fabrikam',
    name: 'Fabrikam Consulting',
    type: 'si',
    country: 'DE',
    ...contact('fabrikam', 'Europe/Berlin'),
    onboardedAfter: 41,
  },
  {
    id: 'ptn-litware',
    name: 'Litware Referrals',
    type: 'referral',
    country: 'GB',
    ...contact('litware', 'Europe/London'),
    onboardedAfter: 12,
  },
]
const ACCOUNTS = [
  { id: 'acc-alpine', name: 'Alpine Bank', looksAfter: 'ptn-northwind', buyerIds: [{ marketplace: 'aws', id: '310000000009' }] },
  {
    id: 'acc-bluebird',
    name: 'Bluebird Retail',
    looksAfter: 'ptn-fabrikam',
    buyerIds: [{ marketplace: 'azure', id: AZURE.customerTenantId }],
  },
  { id: 'acc-cedar', name: 'Cedar Health', looksAfter: 'ptn-litware', buyerIds: [{ marketplace: 'aws', id: '310000000017' }] },
  { id: 'acc-dune', name: 'Dune Logistics', buyerIds: [] },
  { id: 'acc-ember', name: 'Ember Energy', buyerIds: [] },
]

export const castOf = ({ client }: Stage): Cast => ({
  manager: client.as({ role: 'manager', subject: 'mara@example.test' }),
  approver: client.as({ role: 'manager', subject: 'amir@example.test' }),
  finance: client.as({ role: 'finance', subject: 'fiona@example.test' }),
  partner: (partnerId) => client.as({ role: 'partner', partnerId, subject: `sales@${partnerId}.example.test` }),
})

export const goTo = ({ client }: Stage, date: string, time = '09:00:00') => client.twin('clock', { to: `${date}T${time}Z` })
const minutes = ({ client }: Stage, count: number) => client.twin('clock', { minutes: count })

/** Waits by the twin's clock until an offer has a status; the reconcilers run each minute. */
export const until = async (stage: Stage, reader: Api, offerId: string, status: string) => {
  for (let tries = 0; tries < 60; tries++) {
    const offer = await reader.get(`/offers/${offerId}`)
    if (offer['status'] === status) return offer
    await minutes(stage, tries < 10 ? 2 : 30)
  }
  throw new Error(`offer ${offerId} did not become ${status}`)
}

export const recruit = async ({ say }: Stage, { manager, finance }: Cast, start: string) => {
  say('three partners join, five accounts open')
  for (const { onboardedAfter, ...partner } of PARTNERS) {
    await manager.post('/partners', { ...partner, joinedOn: start })
    await manager.post(`/partners/${partner.id}/milestones`, { milestone: 'agreement-signed', on: addDays(start, 5) })
    await manager.post(`/partners/${partner.id}/milestones`, {
      milestone: 'onboarding-complete',
      on: addDays(start, onboardedAfter),
    })
  }
  for (const { looksAfter, ...account } of ACCOUNTS) {
    await manager.post('/accounts', account)
    if (looksAfter)
      await manager.post(`/accounts/${account.id}/attachments`, { partnerId: looksAfter, role: 'managed', from: start })
  }
  await finance.post('/rates', { base: 'EUR', quote: 'USD', on: start, rate: '1.0850' })
}
