import { describe, expect, it } from 'vitest'
import {
  accept,
  assign,
  type Decided,
  type Exception,
  find,
  foundIn,
  resolve,
  viewOf,
} from '../../../lib/reconciliation/exception.ts'
import type { Finding } from '../../../lib/reconciliation/finding.ts'
import { contextAt } from '../../support/offers.ts'
import { usd } from '../../support/usd.ts'
import { hash, matterOf } from './setting.ts'

const FINDING: Finding = {
  kind: 'payout-missing',
  key: 'invoice',
  amount: usd(100),
  since: '2026-12-20',
  rows: ['invoice'],
  message: 'it is missing',
}
const context = contextAt('2026-12-24T00:20:00.000Z')
const foundOf = (changes: Partial<Finding> = {}) => foundIn(matterOf([]), { ...FINDING, ...changes }, hash)
/** As the store keeps it. */
const kept = ({ exception }: Decided): Exception => ({ ...exception, version: exception.version + 1 })
const must = (decided: Decided | undefined): Decided => decided ?? expect.fail('nothing was decided')
const opened = () => kept(must(find(foundOf(), undefined, context)))
const assigned = () => kept(assign(opened(), { owner: 'receivables', note: 'asked AWS' }, 'fay', context))
const accepted = () => kept(accept(assigned(), { note: 'written off' }, 'fay', context))
const typesOf = (decided: Decided | undefined) => decided?.events.map(({ type }) => type)

describe('an exception', () => {
  it('has an id of what it is about, whatever its amount, day and words are', () => {
    const { id } = foundOf()
    expect(id).toMatch(/^exc_[0-9a-f]{24}$/)
    expect(foundOf({ amount: usd(7), since: '2027-01-01', message: 'else', rows: [] }).id).toBe(id)
    const others = [
      foundOf({ kind: 'payout-differs' }),
      foundOf({ key: 'other' }),
      foundIn(matterOf([], { agreementId: 'agmt-2' }), FINDING, hash),
      foundIn(matterOf([], { accountId: 'acc-2' }), FINDING, hash),
      foundIn(matterOf([], { marketplace: 'azure' }), FINDING, hash),
    ]
    expect(new Set([id, ...others.map((each) => each.id)]).size).toBe(6)
  })

  it('is opened when it is found, says whose it is, and has an age', () => {
    const decided = must(find(foundOf(), undefined, context))
    expect(decided.exception).toMatchObject({
      state: 'open',
      times: 1,
      agreementId: 'agmt-1',
      offerId: 'off_1',
      partnerId: 'ptn-1',
    })
    expect(decided.events).toMatchObject([
      { type: 'exception.opened.v1', id: `evt_${decided.exception.id}_0_opened`, data: { reason: 'it is missing', times: 1 } },
    ])
    expect(viewOf(decided.exception, '2026-12-24').ageDays).toBe(4)
    expect(viewOf(decided.exception, '2026-12-01').ageDays).toBe(0)
  })

  it.each([
    ['open', opened],
    ['assigned', assigned],
    ['accepted', accepted],
  ])('that is %s stays as it is when it is found again', (_, make) => {
    expect(find(foundOf(), make(), context)).toBeUndefined()
  })

  it.each([
    ['open', opened],
    ['assigned', assigned],
  ])('that is %s keeps its state when its amount changes', (state, make) => {
    const decided = must(find(foundOf({ amount: usd(60) }), make(), context))
    expect(decided.exception).toMatchObject({ state, amount: usd(60) })
    expect(typesOf(decided)).toEqual(['exception.changed.v1'])
  })

  it('that was accepted is opened again by another amount, and only by that', () => {
    expect(find(foundOf({ message: 'in other words' }), accepted(), context)).toBeUndefined()
    const decided = must(find(foundOf({ amount: usd(101) }), accepted(), context))
    expect(decided.exception).toMatchObject({ state: 'assigned', owner: 'receivables', times: 2 })
    expect(typesOf(decided)).toEqual(['exception.opened.v1'])
  })

  it.each([
    ['open', opened],
    ['assigned', assigned],
    ['accepted', accepted],
  ])('that is %s is resolved by the facts, and opened again by them', (_, make) => {
    const resolved = resolve(make(), context)
    expect(resolved.exception).toMatchObject({ state: 'resolved', resolvedAt: context.now })
    expect(typesOf(resolved)).toEqual(['exception.resolved.v1'])
    const again = must(find(foundOf(), kept(resolved), contextAt('2027-01-01T00:00:00.000Z')))
    expect(again.exception).toMatchObject({ times: 2, openedAt: '2027-01-01T00:00:00.000Z' })
    expect(again.exception.resolvedAt).toBeUndefined()
    expect(typesOf(again)).toEqual(['exception.opened.v1'])
  })

  it('is given to an owner with a note, and from one to the next', () => {
    expect(assigned()).toMatchObject({ state: 'assigned', owner: 'receivables', note: 'asked AWS', decidedBy: 'fay' })
    const next = assign(assigned(), { owner: 'legal', note: 'they refuse' }, 'max', context)
    expect(next.exception).toMatchObject({ owner: 'legal', decidedBy: 'max' })
    expect(next.events).toMatchObject([{ data: { owner: 'legal', by: 'max', reason: 'they refuse' } }])
  })

  it('that is resolved can be neither assigned nor accepted, an accepted one not accepted twice', () => {
    const resolved = kept(resolve(opened(), context))
    expect(() => assign(resolved, { owner: 'x', note: 'y' }, 'fay', context)).toThrow('is resolved')
    expect(() => accept(resolved, { note: 'y' }, 'fay', context)).toThrow('is resolved')
    expect(() => accept(accepted(), { note: 'y' }, 'fay', context)).toThrow('is accepted')
  })
})
