import { describe, expect, it } from 'vitest'
import { DomainEvent } from '../../../events/index.ts'
import type { Context } from '../../../lib/core/context.ts'
import {
  Classification,
  classify,
  hold,
  liftHold,
  NewPartner,
  Partner,
  reachMilestone,
  register,
  withoutHold,
} from '../../../lib/partners/partner.ts'

const context: Context = { now: '2026-11-02T09:00:00.000Z', newId: (prefix) => `${prefix}_1` }
const NORTHWIND: NewPartner = { name: 'Northwind', type: 'reseller' }

describe('registering a partner', () => {
  it('tells that it is known and that it joined today', () => {
    const { partner, events } = register(NORTHWIND, context)
    expect(partner).toMatchObject({ id: 'ptn_1', version: 0, createdAt: context.now, milestones: { joined: '2026-11-02' } })
    expect(Partner.safeParse(partner).success).toBe(true)
    expect(events.map(({ type }) => type)).toEqual(['partner.registered.v1', 'partner.milestone-reached.v1'])
    for (const event of events) expect(DomainEvent.safeParse(event).success).toBe(true)
  })

  it('takes the id and the day that are given', () => {
    const { partner, events } = register({ ...NORTHWIND, id: 'mine', joinedOn: '2026-01-05' }, context)
    expect(partner).toMatchObject({ id: 'mine', milestones: { joined: '2026-01-05' } })
    expect(partner).not.toHaveProperty('joinedOn')
    expect(events[1]).toMatchObject({ time: '2026-01-05T00:00:00Z', recordedat: context.now, data: { on: '2026-01-05' } })
  })

  it('tells no name and no address in its events', () => {
    const { events } = register({ ...NORTHWIND, contactEmail: 'sales@northwind.example' }, context)
    expect(JSON.stringify(events)).not.toMatch(/northwind/i)
  })

  it.each([
    ['of no name', { ...NORTHWIND, name: ' ' }],
    ['of an unknown type', { ...NORTHWIND, type: 'friend' }],
    ['of a long country', { ...NORTHWIND, country: 'DEU' }],
    ['of an unknown time zone', { ...NORTHWIND, timeZone: 'Berlin' }],
    ['with an id of spaces', { ...NORTHWIND, id: 'a b' }],
    ['with a field too many', { ...NORTHWIND, version: 3 }],
  ])('%s is refused', (_, body) => {
    expect(NewPartner.safeParse(body).success).toBe(false)
  })
})

it('a partner may be registered with the time zone of its mails', () => {
  const { partner } = register(NewPartner.parse({ ...NORTHWIND, timeZone: 'Europe/Berlin' }), context)
  expect(Partner.parse(partner)).toMatchObject({ timeZone: 'Europe/Berlin' })
})

describe('a milestone', () => {
  const { partner } = register({ ...NORTHWIND, joinedOn: '2026-01-05' }, context)
  const signed = (on: string) => ({ milestone: 'agreement-signed' as const, on })
  const reached = reachMilestone(partner, signed('2026-02-10'), context)

  it('is kept beside the others and told', () => {
    expect(reached.partner.milestones).toEqual({ joined: '2026-01-05', 'agreement-signed': '2026-02-10' })
    expect(reached.events).toMatchObject([
      { type: 'partner.milestone-reached.v1', data: { partnerId: 'ptn_1', ...signed('2026-02-10') } },
    ])
  })

  it('told again changes nothing', () => {
    expect(reachMilestone(reached.partner, signed('2026-02-10'), context)).toEqual({ partner: reached.partner, events: [] })
  })

  it('is corrected by an earlier day only', () => {
    const earlier = reachMilestone(reached.partner, signed('2026-02-09'), context)
    expect(earlier.partner.milestones['agreement-signed']).toBe('2026-02-09')
    expect(() => reachMilestone(reached.partner, signed('2026-02-11'), context)).toThrow(
      expect.objectContaining({ code: 'conflict', target: 'on' }),
    )
  })
})

describe('a classification', () => {
  const { partner, events } = register({ ...NORTHWIND, tier: 'gold' }, context)
  const mia = { subject: 'mia', role: 'manager' as const, scopes: [] }

  it('may come with the registration, and is told with it', () => {
    expect(partner.tier).toBe('gold')
    expect(events[0]?.data).toEqual({ partnerId: 'ptn_1', partnerType: 'reseller', tier: 'gold' })
  })
  it('changes what is named, takes away what is null, and tells what holds', () => {
    const changed = classify(partner, { region: 'emea' }, mia, context)
    expect(changed.partner).toEqual({ ...partner, region: 'emea' })
    expect(changed.events).toMatchObject([{ data: { partnerId: 'ptn_1', tier: 'gold', region: 'emea', by: 'mia' } }])
    const taken = classify(changed.partner, { tier: null }, mia, context)
    expect(taken.partner).not.toHaveProperty('tier')
    expect(taken.events.map((event) => DomainEvent.parse(event).data)).toEqual([
      { partnerId: 'ptn_1', region: 'emea', by: 'mia' },
    ])
  })
  it('told again changes nothing', () => {
    expect(classify(partner, { tier: 'gold', region: null }, mia, context)).toEqual({ partner, events: [] })
  })
  it.each([[{}], [{ tier: 'very good' }], [{ tier: '' }], [{ type: 'isv' }]])('of %j is refused', (body) => {
    expect(Classification.safeParse(body).success).toBe(false)
  })
})

describe('a compliance hold', () => {
  const { partner } = register(NORTHWIND, context)
  const pia = { subject: 'pia', role: 'platform' as const, scopes: [] }
  const held = hold(partner, 'screening', pia, context)

  it('is kept with who, when and why, and told', () => {
    expect(held.partner.complianceHold).toEqual({ reason: 'screening', by: 'pia', at: context.now })
    expect(Partner.parse(held.partner)).toEqual(held.partner)
    expect(held.events).toMatchObject([{ type: 'partner.held.v1', data: { partnerId: 'ptn_1', by: 'pia', reason: 'screening' } }])
    for (const event of held.events) expect(DomainEvent.parse(event)).toEqual(event)
  })
  it('is placed once; another reason does not replace it', () => {
    expect(hold(held.partner, 'screening', pia, context)).toEqual({ partner: held.partner, events: [] })
    expect(() => hold(held.partner, 'a court order', pia, context)).toThrow('is on hold already: screening')
  })
  it('is lifted once, with a reason', () => {
    const lifted = liftHold(held.partner, 'clear', pia, context)
    expect(lifted.partner).toEqual(partner)
    expect(lifted.events).toMatchObject([{ type: 'partner.hold-lifted.v1', data: { reason: 'clear' } }])
    expect(liftHold(lifted.partner, 'clear', pia, context).events).toEqual([])
  })
  it('is not shown to the partner itself', () => {
    expect(withoutHold(held.partner)).toEqual(partner)
  })
})
