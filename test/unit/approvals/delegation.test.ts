import { describe, expect, it } from 'vitest'
import { DomainEvent } from '../../../events/index.ts'
import { type Delegation, grant, mandatesOn, NewDelegation, revoke } from '../../../lib/approvals/delegation.ts'
import { contextAt, mia, NOW } from '../../support/offers.ts'

const ASKED = { to: 'fay', from: '2026-11-02', until: '2026-11-06', reason: 'on leave' }
const granted = (more: Partial<NewDelegation> = {}) => grant({ ...ASKED, ...more }, mia, contextAt())
const given = (more: Partial<Delegation> = {}): Delegation => ({ ...granted().delegation, ...more })

describe('a delegation', () => {
  it('is of the one who grants it, with the role of the moment, and told', () => {
    const { delegation, events } = granted()
    expect(delegation).toMatchObject({ ...ASKED, by: 'mia', role: 'manager', createdAt: NOW, version: 0 })
    expect(events).toMatchObject([{ type: 'delegation.granted.v1', subject: delegation.id, data: { by: 'mia', ...ASKED } }])
    for (const event of events) expect(DomainEvent.parse(event)).toEqual(event)
  })

  it.each([
    ['to oneself', { to: 'mia' }, 'to'],
    ['that is over', { from: '2026-10-01', until: '2026-11-01' }, 'until'],
  ])('%s is refused', (_, more, target) => {
    expect(() => granted(more)).toThrow(
      expect.objectContaining({ code: 'invalid_request', details: [expect.objectContaining({ target })] }),
    )
  })

  it('of today only is taken', () => {
    expect(granted({ from: '2026-11-02', until: '2026-11-02' }).events).toHaveLength(1)
  })

  it.each([
    ['an end before its beginning', { until: '2026-11-01' }],
    ['no reason', { reason: ' ' }],
    ['a field too many', { role: 'manager' }],
  ])('with %s is refused', (_, more) => {
    expect(NewDelegation.safeParse({ ...ASKED, ...more }).success).toBe(false)
  })

  it('is revoked once', () => {
    const once = revoke(given(), contextAt('2026-11-03T09:00:00.000Z'))
    expect(once.delegation.revokedAt).toBe('2026-11-03T09:00:00.000Z')
    expect(once.events.map(({ type }) => type)).toEqual(['delegation.revoked.v1'])
    expect(revoke(once.delegation, contextAt())).toEqual({ delegation: once.delegation, events: [] })
  })
})

describe('mandates', () => {
  it.each([
    ['2026-11-01', []],
    ['2026-11-02', ['mia']],
    ['2026-11-06', ['mia']],
    ['2026-11-07', []],
  ])('hold from the first to the last day: %s', (day, by) => {
    expect(mandatesOn([given()], day).map((each) => each.by)).toEqual(by)
  })
  it('end when they are revoked', () => {
    expect(mandatesOn([given({ revokedAt: NOW })], '2026-11-03')).toEqual([])
  })
  it('come in the order in which they were granted', () => {
    const both = [given({ id: 'dlg_9', by: 'max' }), given({ id: 'dlg_1' })]
    expect(mandatesOn(both, '2026-11-03')).toEqual([
      { by: 'mia', role: 'manager' },
      { by: 'max', role: 'manager' },
    ])
  })
})
