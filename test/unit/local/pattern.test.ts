import { describe, expect, it } from 'vitest'
import { matches } from '../../../infra/local/pattern.ts'

describe('matches', () => {
  const event = { source: 'cosell', detail: { data: { ledger: 'cash', offerId: 'off_1' } }, keys: { sk: { S: 'EVENT#1' } } }

  it.each([
    ['one of the values', { source: ['aws', 'cosell'] }, true],
    ['none of the values', { source: ['aws'] }, false],
    ['a nested value', { detail: { data: { ledger: ['cash'] } } }, true],
    ['a prefix', { keys: { sk: { S: [{ prefix: 'EVENT#' }] } } }, true],
    ['another prefix', { keys: { sk: { S: [{ prefix: 'ROW#' }] } } }, false],
    ['a field that exists', { detail: { data: { offerId: [{ exists: true }] } } }, true],
    ['a field that does not exist', { detail: { data: { partnerId: [{ exists: true }] } } }, false],
    ['a field that must not exist', { detail: { data: { partnerId: [{ exists: false }] } } }, true],
    ['a block that is missing', { detail: { other: { a: ['b'] } } }, false],
    ['all of several fields', { source: ['cosell'], detail: { data: { ledger: ['billed'] } } }, false],
    ['no condition', {}, true],
  ])('decides on %s', (_, pattern, expected) => {
    expect(matches(pattern, event)).toBe(expected)
  })

  it('refuses a kind of pattern that it does not know, rather than delivering too much', () => {
    expect(() => matches({ source: [{ 'anything-but': 'aws' }] }, event)).toThrow('anything-but')
  })
})
