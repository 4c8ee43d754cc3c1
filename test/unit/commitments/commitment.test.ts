import { describe, expect, it } from 'vitest'
import { DomainEvent } from '../../../events/index.ts'
import {
  type Commitment,
  change,
  end,
  endOf,
  isInForce,
  type NewCommitment,
  record,
  NewCommitment as Schema,
} from '../../../lib/commitments/commitment.ts'
import { contextAt, mia } from '../../support/offers.ts'
import { usd } from '../../support/usd.ts'
import { commitmentOf, newCommitment } from './given.ts'

const recorded = (changes: Partial<NewCommitment> = {}, others: Commitment[] = []) =>
  record(newCommitment(changes), others, mia, contextAt())
const { id: _, accountId: __, marketplace: ___, ...terms } = newCommitment()

describe('a commitment', () => {
  it('counts purchases whole, unless it says otherwise', () => {
    expect(recorded().commitment).toMatchObject({ version: 0, drawdownPercent: 100, maxSharePercent: 25 })
  })

  it.each<[string, object, string]>([
    ['a programme of the other cloud', { programme: 'macc' }, 'programme'],
    ['a programme of AWS on Azure', { marketplace: 'azure', programme: 'ppa' }, 'programme'],
    ['an empty term', { to: '2026-01-01' }, 'to'],
    ['an end before its begin', { to: '2025-01-01' }, 'to'],
  ])('with %s is refused', (_, changes, target) => {
    const details = [expect.objectContaining({ target })]
    expect(() => recorded(changes)).toThrow(expect.objectContaining({ code: 'invalid_request', details }))
  })

  it.each<[string, object]>([
    ['nothing', { amount: usd(0) }],
    ['a share of more than all', { maxSharePercent: 101 }],
    ['no share', { drawdownPercent: 0 }],
    ['no source', { source: ' ' }],
    ['a third cloud', { marketplace: 'gcp' }],
    ['a field too many', { spent: 7 }],
  ])('of %s is not even read', (_, changes) => {
    expect(Schema.safeParse({ ...newCommitment(), ...changes }).success).toBe(false)
  })

  it.each<[string, Partial<Commitment>, boolean]>([
    ['in the middle of another', {}, true],
    ['on the last day of another', { from: '2025-06-01', to: '2026-01-02' }, true],
    ['after another', { from: '2025-01-01', to: '2026-01-01' }, false],
    ['before another', { from: '2027-01-01', to: '2028-01-01' }, false],
    ['beside one on the other marketplace', { marketplace: 'azure' }, false],
    ['after one that was ended', { from: '2025-06-01', to: '2028-01-01', endedOn: '2026-01-01' }, false],
    ['beside one that was ended on its first day', { endedOn: '2026-01-01' }, false],
  ])('%s: refused is %s', (_, other, refused) => {
    const others = [commitmentOf({ id: 'cmt_0', ...other })]
    if (!refused) expect(recorded({}, others).events).toHaveLength(1)
    else expect(() => recorded({}, others)).toThrow(expect.objectContaining({ code: 'conflict', target: 'from' }))
  })

  it('can be changed as a whole: what is not said again is gone', () => {
    const { maxSharePercent: _, ...more } = { ...terms, amount: usd(2), note: 'raised' }
    const { commitment, events } = change(commitmentOf(), more, [commitmentOf()], mia, contextAt())
    expect(commitment).toEqual({ ...commitmentOf(), ...more, maxSharePercent: undefined })
    expect(events).toMatchObject([{ type: 'commitment.changed.v1', data: { amount: usd(2), by: 'mia' } }])
  })

  it('ends once, and the same end again changes nothing', () => {
    const ending = { on: '2026-07-01', reason: 'another contract' }
    const { commitment, events } = end(commitmentOf(), ending, mia, contextAt())
    expect([endOf(commitment), events.length]).toEqual(['2026-07-01', 1])
    expect(end(commitment, ending, mia, contextAt()).events).toEqual([])
    const again = () => end(commitment, { ...ending, on: '2026-08-01' }, mia, contextAt())
    expect(again).toThrow(expect.objectContaining({ code: 'conflict', target: 'endedOn' }))
    expect(() => change(commitment, terms, [], mia, contextAt())).toThrow(expect.objectContaining({ code: 'conflict' }))
  })

  it.each(['2025-12-31', '2027-01-01'])('cannot end on %s, outside of its term', (on) => {
    expect(() => end(commitmentOf(), { on, reason: 'x' }, mia, contextAt())).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    )
  })

  it.each([
    ['2025-12-31', false],
    ['2026-01-01', true],
    ['2026-06-30', true],
    ['2026-07-01', false],
  ])('is in force on %s: %s', (day, inForce) => {
    expect(isInForce(commitmentOf({ endedOn: '2026-07-01' }), day)).toBe(inForce)
  })

  it('tells events that the catalogue knows, without the words of people', () => {
    const { events } = recorded({ note: 'says Jane Doe' })
    expect(events.map((event) => DomainEvent.parse(event))).toEqual(events)
    expect(JSON.stringify(events)).not.toMatch(/Jane|letter/)
  })
})
