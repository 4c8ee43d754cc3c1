import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DomainEvent } from '../../../events/index.ts'
import { Account, type Attachment, attach, isAttached, joiningRole, open } from '../../../lib/accounts/account.ts'
import type { Context } from '../../../lib/core/context.ts'

const context: Context = { now: '2026-11-02T09:00:00.000Z', newId: (prefix) => `${prefix}_1` }
const said = (partnerId: string, role: Attachment['role'], from: string, action: Attachment['action'] = 'attach') => ({
  partnerId,
  role,
  from,
  action,
})

describe('an account', () => {
  it('opens with an event that names no customer', () => {
    const { account, events } = open({ name: 'Alpine Bank', buyerIds: [{ marketplace: 'aws', id: '310000000009' }] }, context)
    expect(Account.parse(account)).toMatchObject({ id: 'acc_1', version: 0, buyerIds: [{ id: '310000000009' }] })
    expect(events).toMatchObject([{ type: 'account.opened.v1', subject: 'acc_1', data: { accountId: 'acc_1' } }])
    expect(JSON.stringify(events)).not.toMatch(/alpine|3100/i)
  })
})

describe('an attachment', () => {
  it('said twice is the same event', () => {
    const later = { ...context, now: '2026-11-03T09:00:00.000Z', newId: () => 'other' }
    const attachment = said('ptn-1', 'sourced', '2026-10-01')
    expect(attach('acc-1', attachment, later).id).toBe(attach('acc-1', attachment, context).id)
  })

  it.each(['attach', 'detach'] as const)('to %s is a valid event of its day', (action) => {
    const event = attach('acc-1', said('ptn-1', 'sourced', '2026-10-01', action), context)
    expect(event).toMatchObject({ type: `account.${action}ed.v1`, time: '2026-10-01T00:00:00Z', data: { from: '2026-10-01' } })
    expect(DomainEvent.parse(event)).toEqual(event)
  })

  const story = [
    said('ptn-1', 'sourced', '2026-03-01'),
    said('ptn-1', 'sourced', '2026-06-01', 'detach'),
    said('ptn-1', 'sourced', '2026-09-01'),
  ]
  it.each([
    ['2026-02-28', false],
    ['2026-03-01', true],
    ['2026-05-31', true],
    ['2026-06-01', false],
    ['2026-08-31', false],
    ['2026-09-01', true],
  ])('is in force on %s: %s', (day, isInForce) => {
    expect(isAttached(story, 'ptn-1', 'sourced', day)).toBe(isInForce)
    expect(isAttached(story, 'ptn-1', 'influenced', day)).toBe(false)
    expect(isAttached(story, 'ptn-2', 'sourced', day)).toBe(false)
  })

  it('is the same in whatever order it was said', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(story, { minLength: 3 }),
        fc.constantFrom('2026-04-01', '2026-07-01', '2026-10-01'),
        (any, day) => {
          expect(isAttached(any, 'ptn-1', 'sourced', day)).toBe(isAttached(story, 'ptn-1', 'sourced', day))
        },
      ),
    )
  })
})

describe('a partner that sells', () => {
  const other = (role: Attachment['role'], from: string, action?: 'detach') => said('ptn-2', role, from, action)

  it.each<[string, Attachment['role'] | undefined, Attachment[]]>([
    ['where there is nobody', 'sourced', []],
    ['where another sources', 'influenced', [other('sourced', '2026-01-01')]],
    ['where another only influences', 'sourced', [other('influenced', '2026-01-01')]],
    ['where another sources later', 'sourced', [other('sourced', '2026-12-01')]],
    ['where another sources no more', 'sourced', [other('sourced', '2026-01-01'), other('sourced', '2026-05-01', 'detach')]],
    ['where it sources itself', undefined, [said('ptn-1', 'sourced', '2026-01-01')]],
    ['where it influences', undefined, [said('ptn-1', 'influenced', '2026-01-01')]],
    ['where it only manages', 'sourced', [said('ptn-1', 'managed', '2026-01-01')]],
  ])('%s joins as %s', (_, role, attachments) => {
    expect(joiningRole(attachments, 'ptn-1', '2026-10-01')).toBe(role)
  })
})
